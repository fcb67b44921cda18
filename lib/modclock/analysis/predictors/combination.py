"""All entrants that train no network, combined: what codes and labels tell as they are.

Source: Geurts, Ernst and Wehenkel, "Extremely randomized trees", 2006.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.ensemble import ExtraTreesRegressor

from modclock.analysis.predictors.registry import PREDICTORS

FloatArray = NDArray[np.float64]

TRAIN_NETWORKS = (
    "tiny_network",
    "narrow_network",
    "narrow_fit",
    "narrow_slow",
    "narrow_or_kernel",
    "held_out",
)
"""The entrants that train a network."""

UNTRAINED = tuple(name for name in PREDICTORS if name not in TRAIN_NETWORKS)
"""The others, which are combined."""


def combine_untrained(
    outputs: Mapping[str, ArrayLike], accuracies: ArrayLike, new_outputs: Mapping[str, ArrayLike]
) -> FloatArray:
    """Learn from some pipelines how what entrants say becomes an accuracy; say it of others.

    None of the entrants was chosen: all of `UNTRAINED` are columns of a forest of random trees.

    Parameters
    ----------
    outputs : for each name of `UNTRAINED`, shape (n_pipelines,): what it says of the pipelines to
        learn from. In a contest these are the choosing half.
    accuracies : shape (n_pipelines,), what networks reached on them.
    new_outputs : the same for others, shape (n_new,).

    Returns
    -------
    float64 array, shape (n_new,), in the range of the accuracies.

    Raises
    ------
    KeyError : if an entrant of `UNTRAINED` is missing.

    Examples
    --------
    >>> known = np.linspace(0, 1, 50)
    >>> outputs = {name: known for name in UNTRAINED}
    >>> found = combine_untrained(outputs, known**2, {name: [0.1, 0.9] for name in UNTRAINED})
    >>> bool(found[0] < 0.1), bool(found[1] > 0.7)
    (True, True)
    """
    forest = ExtraTreesRegressor(300, min_samples_leaf=3, random_state=0)
    forest.fit(_columns(outputs), np.asarray(accuracies, dtype=np.float64))
    return np.asarray(forest.predict(_columns(new_outputs)), dtype=np.float64)


def _columns(outputs: Mapping[str, ArrayLike]) -> FloatArray:
    return np.column_stack([np.asarray(outputs[name], dtype=np.float64) for name in UNTRAINED])

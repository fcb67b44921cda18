"""How scores become accuracies, and how predictions are held against what networks do."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata, spearmanr
from sklearn.isotonic import IsotonicRegression

FloatArray = NDArray[np.float64]
MIDDLE = (0.05, 0.95)
"""Accuracies between which it takes more than telling nothing from everything."""
_TIE = 1e-6  # what is left of the order of scores where the fit is level


def as_accuracy(scores: ArrayLike, accuracies: ArrayLike, new_scores: ArrayLike) -> FloatArray:
    """Accuracies for scores that have no unit, by the best monotone fit to known ones.

    Whether more is better or worse is told by the known ones. The order of new scores is kept where
    the fit is level, as far as it makes no difference of a millionth.

    Parameters
    ----------
    scores, accuracies : of known pipelines, shape (n_known,) each.
    new_scores : shape (n_new,).

    Returns
    -------
    float64 array in [0, 1], shape (n_new,).

    Examples
    --------
    >>> as_accuracy([1, 2, 3], [0.9, 0.5, 0.1], [3, 2.5, 0]).round(3)
    array([0.1, 0.3, 0.9])
    """
    known, new = np.asarray(scores, dtype=np.float64), np.asarray(new_scores, dtype=np.float64)
    rising = agreement(known, accuracies) >= 0
    fit = IsotonicRegression(increasing=rising, out_of_bounds="clip").fit(known, accuracies)
    order = rankdata(new if rising else -new) / len(new)
    return np.asarray((1 - _TIE) * fit.predict(new) + _TIE * order, dtype=np.float64)


def looked_up(
    known: Sequence[tuple[Hashable, ...]],
    accuracies: ArrayLike,
    new: Sequence[tuple[Hashable, ...]],
) -> FloatArray:
    """Mean accuracy of the known pipelines that are like a new one in name.

    Parameters
    ----------
    known : names of each known pipeline, such as its encoder and its composition.
    accuracies : shape (n_known,).
    new : names of each new pipeline, as many. If none of the known has all its names, those with
        its last ones count; if none has, all of them do.

    Returns
    -------
    float64 array, shape (n_new,).

    Examples
    --------
    >>> known = [("clocks", "or"), ("clocks", "sum"), ("bits", "or")]
    >>> looked_up(known, [0.2, 0.9, 0.4], [("bits", "or"), ("cells", "or"), ("cells", "xor")])
    array([0.4, 0.3, 0.5])
    """
    values = np.asarray(accuracies, dtype=np.float64)

    def of_one(names: tuple[Hashable, ...]) -> float:
        for start in range(len(names)):
            alike = [other[start:] == names[start:] for other in known]
            if any(alike):
                return float(values[alike].mean())
        return float(values.mean())

    return np.array([of_one(names) for names in new])


def in_the_middle(accuracies: ArrayLike) -> NDArray[np.bool_]:
    """Which accuracies lie in `MIDDLE`.

    >>> in_the_middle([0.0, 0.5, 1.0])
    array([False,  True, False])
    """
    values = np.asarray(accuracies)
    return np.asarray((values > MIDDLE[0]) & (values < MIDDLE[1]))


def agreement(predicted: ArrayLike, accuracies: ArrayLike) -> float:
    """Spearman's rank correlation; 0 where the predictions are all the same, which tell nothing.

    >>> agreement([0.1, 0.4, 0.3], [0.0, 0.9, 0.5])
    1.0
    """
    if np.ptp(predicted) == 0 or np.ptp(accuracies) == 0:
        return 0.0
    return float(spearmanr(predicted, accuracies).statistic)

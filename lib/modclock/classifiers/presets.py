"""The thread's learners with its settings, on scikit-learn."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from numbers import Real
from typing import Any

from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier

MLP_WIDTHS = (800, 400, 400, 400, 400)


def mlp_classifier(
    *, width_factor: float = 1.0, max_iter: int = 25, random_state: Any = None
) -> MLPClassifier:
    """The thread's MLPClassifier: five hidden layers, 25 iterations (claims C01, C09).

    All that the thread does not state is scikit-learn's default: ReLU, Adam with
    learning rate 1e-3, batches of 200, L2 penalty 1e-4.

    Parameters
    ----------
    width_factor : every hidden width is multiplied by it; 2 is the thread's network
        for concatenated encodings (C09).
    max_iter : epochs.
    random_state : int, RandomState or None.

    Returns
    -------
    An unfitted MLPClassifier.

    Raises
    ------
    ValueError : unless `width_factor` is a positive number that leaves every layer a unit.

    Examples
    --------
    >>> mlp_classifier(width_factor=2).hidden_layer_sizes
    (1600, 800, 800, 800, 800)
    """
    if not isinstance(width_factor, Real) or not 1 / min(MLP_WIDTHS) <= width_factor < inf:
        raise ValueError(
            f"width_factor is a positive number that leaves every hidden layer at least one "
            f"unit, got {width_factor!r}"
        )
    widths = tuple(round(width_factor * width) for width in MLP_WIDTHS)
    return MLPClassifier(widths, max_iter=max_iter, random_state=random_state)


def nearest_neighbor() -> KNeighborsClassifier:
    """A probe that only memorises: the answer of the nearest training input.

    It computes nothing, so whatever it gets right on test pairs was in the training half
    already (claim C27) or is in the encoding itself.

    Returns
    -------
    An unfitted KNeighborsClassifier with one neighbour, Euclidean distance, brute force.

    Examples
    --------
    >>> nearest_neighbor().n_neighbors
    1
    """
    return KNeighborsClassifier(n_neighbors=1, algorithm="brute")


PRESETS: dict[str, Callable[..., Any]] = {
    "mlp_classifier": mlp_classifier,
    "nearest_neighbor": nearest_neighbor,
}

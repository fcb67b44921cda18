"""The thread's learners with its settings, on scikit-learn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier

MLP_WIDTHS = (800, 400, 400, 400, 400)


def mlp_classifier(
    *, width_factor: float = 1, max_iter: int = 25, random_state: Any = None
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
    ValueError : if `width_factor` makes a layer narrower than one unit.

    Examples
    --------
    >>> mlp_classifier(width_factor=2).hidden_layer_sizes
    (1600, 800, 800, 800, 800)
    """
    widths = tuple(round(width_factor * width) for width in MLP_WIDTHS)
    if min(widths) < 1:
        raise ValueError(f"width_factor {width_factor} leaves a hidden layer without units")
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

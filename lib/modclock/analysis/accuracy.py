"""Accuracy over all pairs, and apart for pairs with i == j."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modclock.datasets import IntArray


def accuracy_by_diagonal(
    predicted: ArrayLike, answers: ArrayLike, pairs: IntArray
) -> dict[str, float | None]:
    """Share of right answers: over all pairs, over i == j, over i != j.

    Parameters
    ----------
    predicted, answers : int array-likes, shape (n_pairs,), the predicted and the right classes.
    pairs : int array, shape (n_pairs, 2).

    Returns
    -------
    dict with "accuracy", "diagonal_accuracy" and "off_diagonal_accuracy", fractions in
    [0, 1]; None where there is no such pair.

    Examples
    --------
    >>> accuracy_by_diagonal([2, 0], [2, 3], np.array([[1, 1], [2, 1]]))
    {'accuracy': 0.5, 'diagonal_accuracy': 1.0, 'off_diagonal_accuracy': 0.0}
    """
    right = np.asarray(predicted) == np.asarray(answers)
    diagonal = pairs[:, 0] == pairs[:, 1]

    def share(mask: NDArray[np.bool_]) -> float | None:
        return float(right[mask].mean()) if mask.any() else None

    return {
        "accuracy": share(np.ones_like(diagonal)),
        "diagonal_accuracy": share(diagonal),
        "off_diagonal_accuracy": share(~diagonal),
    }

"""Accuracy over all pairs, and apart for pairs with i == j."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modclock.datasets import IntArray, modular_sum


def accuracy_by_diagonal(predicted: ArrayLike, pairs: IntArray, p: int) -> dict[str, float | None]:
    """Share of right answers: over all pairs, over i == j, over i != j.

    Parameters
    ----------
    predicted : int array-like, shape (n_pairs,), the predicted classes.
    pairs : int array, shape (n_pairs, 2).
    p : modulus.

    Returns
    -------
    dict with "accuracy", "diagonal_accuracy" and "off_diagonal_accuracy", fractions in
    [0, 1]; None where there is no such pair.

    Examples
    --------
    >>> accuracy_by_diagonal([2, 0], np.array([[1, 1], [2, 1]]), 5)
    {'accuracy': 0.5, 'diagonal_accuracy': 1.0, 'off_diagonal_accuracy': 0.0}
    """
    right = np.asarray(predicted) == modular_sum(pairs, p)
    diagonal = pairs[:, 0] == pairs[:, 1]

    def share(mask: NDArray[np.bool_]) -> float | None:
        return float(right[mask].mean()) if mask.any() else None

    return {
        "accuracy": share(np.ones_like(diagonal)),
        "diagonal_accuracy": share(diagonal),
        "off_diagonal_accuracy": share(~diagonal),
    }

"""What a predictor is given: codes of all pairs, answers of the training pairs, and a budget."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modclock.validation import COUNT, POSITIVE, check_parameter

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Budget:
    """What the network will be given, of which the accuracy is foretold.

    Parameters
    ----------
    epochs : passes over the training pairs.
    batch_size : pairs in a step of the optimiser.
    learning_rate : of Adam.
    width_factor : widths of the layers over those of the thread's network, which has hidden
        layers of 800, 400, 400, 400 and 400 units.

    Raises
    ------
    ValueError : for what is no positive number, or no whole one for the first two.

    Examples
    --------
    >>> Budget(epochs=10).n_steps(n_train=450)
    30
    """

    epochs: int = 25
    batch_size: int = 200
    learning_rate: float = 1e-3
    width_factor: float = 1.0

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size"):
            check_parameter(f"Budget: {name}", getattr(self, name), COUNT)
        for name in ("learning_rate", "width_factor"):
            check_parameter(f"Budget: {name}", getattr(self, name), POSITIVE)

    def n_steps(self, n_train: int) -> int:
        """Steps of the optimiser that the epochs make with so many training pairs."""
        return self.epochs * ceil(n_train / self.batch_size)


@dataclass(frozen=True, eq=False)
class Problem:
    """A checked task: all codes, and what is known of it. Two of them are never equal.

    Attributes
    ----------
    codes : float64 array, shape (n_pairs, width), of all pairs.
    train : int64 array, shape (n_train,), indices of the training pairs.
    labels : int64 array, shape (n_train,), their answers, numbered from 0 in rising order.
    budget : what the network will be given.
    """

    codes: FloatArray
    train: IntArray
    labels: IntArray
    budget: Budget

    @property
    def known(self) -> FloatArray:
        """Codes of the training pairs, shape (n_train, width)."""
        return self.codes[self.train]

    @property
    def targets(self) -> FloatArray:
        """One column a class, 1 for the right one, shape (n_train, n_classes)."""
        return np.eye(self.labels.max() + 1)[self.labels]


def check_problem(
    codes: ArrayLike, answers: ArrayLike, train: ArrayLike, budget: Budget
) -> Problem:
    """The problem that is handed to a predictor, or one line about what is wrong with it.

    Parameters
    ----------
    codes : float array-like, shape (n_pairs, width), codes of all pairs.
    answers : array-like, shape (n_train,), answers of the training pairs alone, one class each.
    train : int array-like, shape (n_train,), indices of the training pairs, in the same order.
    budget : what the network will be given.

    Raises
    ------
    ValueError : for answers of other pairs than the training pairs, fewer than two training
        pairs or two classes, no test pairs, codes that are not finite or all equal, and indices
        that are no such.

    Examples
    --------
    >>> check_problem([[0], [1], [2]], ["b", "a"], [2, 0], Budget()).labels
    array([1, 0])
    >>> check_problem([[0], [1], [2]], ["a", "b", "a"], [0, 1], Budget())
    Traceback (most recent call last):
    ...
    ValueError: answers: those of the 2 training pairs alone are taken, got one for all 3 pairs
    """
    values = np.asarray(codes, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] == 0:
        raise ValueError(f"codes have shape (n_pairs, width), got {values.shape}")
    indices, found = _check_indices(train, len(values)), np.asarray(answers)
    if found.ndim == 1 and len(found) == len(values) > len(indices):
        raise ValueError(
            f"answers: those of the {len(indices)} training pairs alone are taken, got one for "
            f"all {len(values)} pairs"
        )
    if found.shape != indices.shape:
        raise ValueError(f"answers have shape {indices.shape} as train has, got {found.shape}")
    if found.dtype.kind == "f" and not np.isfinite(found).all():
        raise ValueError("answers: one of them is NaN or infinite")
    classes, labels = np.unique(found, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(f"answers: all training pairs have the same one, {classes[0]!s}")
    if not np.isfinite(values).all():
        raise ValueError("codes: one of their values is NaN or infinite")
    if not np.ptp(values[indices], axis=0).any():
        raise ValueError("codes: all training pairs have the same code")
    return Problem(values, indices, labels.astype(np.int64), budget)


def _check_indices(train: ArrayLike, n_pairs: int) -> IntArray:
    indices = np.asarray(train)
    if indices.ndim != 1 or indices.dtype.kind not in "iu":
        raise ValueError(
            "train: the indices of the training pairs, integers of shape (n_train,), got shape "
            f"{indices.shape} and type {indices.dtype}"
        )
    if len(indices) < 2:
        raise ValueError(f"train: at least two training pairs are needed, got {len(indices)}")
    if indices.min() < 0 or indices.max() >= n_pairs:
        raise ValueError(f"train: indices lie in 0..{n_pairs - 1}")
    if len(np.unique(indices)) < len(indices):
        raise ValueError("train: a pair is there twice")
    if len(indices) == n_pairs:
        raise ValueError("train: all pairs are training pairs, so no accuracy is to be foretold")
    return indices.astype(np.int64)

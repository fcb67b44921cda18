"""Pairs as two one-hot numbers side by side, times the root of a matrix, and what is learned so."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from modclock.analysis.leakage import mirror_in_train
from modclock.datasets import IntArray, modular_sum

FloatArray = NDArray[np.float64]


class SideBySide(NamedTuple):
    """Inputs and answers of training pairs and, below them, of test pairs.

    Attributes
    ----------
    codes : float64 array (n_pairs, 2 p).
    answers : int64 array (n_pairs,), the sums modulo p.
    n_train : how many of them are training pairs.
    new : for each test pair, whether its mirror image is no training pair.

    Examples
    --------
    >>> task = SideBySide.of(np.array([[0, 1], [1, 1]]), np.array([[1, 0], [2, 0]]), 3)
    >>> task.codes[0].tolist(), task.answers.tolist(), task.new.tolist()
    ([1.0, 0.0, 0.0, 0.0, 1.0, 0.0], [1, 2, 1, 2], [False, True])
    """

    codes: FloatArray
    answers: IntArray
    n_train: int
    new: NDArray[np.bool_]

    @classmethod
    def of(cls, train: IntArray, test: IntArray, p: int) -> Self:
        """The sums of two numbers modulo p."""
        pairs = np.vstack([train, test])
        codes = np.hstack(list(np.eye(p)[pairs.T]))
        return cls(codes, modular_sum(pairs, p), len(train), ~mirror_in_train(train, test, p))

    def known(self, codes: FloatArray) -> tuple[FloatArray, IntArray]:
        """What is learned from: codes and answers of the training pairs."""
        return codes[: self.n_train], self.answers[: self.n_train]

    def times_root(self, matrix: FloatArray) -> FloatArray:
        """The inputs times the root of a symmetric matrix; what is negative in it is left out."""
        values, vectors = np.linalg.eigh(matrix)
        return np.asarray(self.codes @ ((vectors * np.sqrt(values.clip(0))) @ vectors.T))

    def measured(self, learner: Any, codes: FloatArray) -> dict[str, Any]:
        """train_accuracy, test_accuracy and new_accuracy, None where no pair is new."""
        right = learner.predict(codes) == self.answers
        tested = right[self.n_train :]
        return {
            "train_accuracy": float(right[: self.n_train].mean()),
            "test_accuracy": float(tested.mean()),
            "new_accuracy": float(tested[self.new].mean()) if self.new.any() else None,
        }

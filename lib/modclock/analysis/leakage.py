"""What a test part has in common with its training part."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modclock.datasets import IntArray, modular_sum


def leakage(train: IntArray, test: IntArray, p: int) -> dict[str, float]:
    """Shares of the test pairs by what training has shown of them (claim C27).

    Parameters
    ----------
    train, test : int arrays, shapes (n_train, 2) and (n_test, 2).
    p : modulus.

    Returns
    -------
    dict of fractions of the test pairs: "mirror_in_train", for (i, j) with (j, i) among
    the training pairs; "unseen_first" and "unseen_second", whose i (j) occurs at that
    place in no training pair; "unseen_answer", whose answer occurs in no training pair.

    Examples
    --------
    >>> leakage(np.array([[1, 2], [0, 0]]), np.array([[2, 1], [1, 1]]), p=5)
    {'mirror_in_train': 0.5, 'unseen_first': 0.5, 'unseen_second': 1.0, 'unseen_answer': 0.5}
    """
    shown = {
        "unseen_first": (test[:, 0], train[:, 0]),
        "unseen_second": (test[:, 1], train[:, 1]),
        "unseen_answer": (modular_sum(test, p), modular_sum(train, p)),
    }
    shares = {"mirror_in_train": mirror_in_train(train, test, p).mean()}
    shares |= {name: np.isin(*both, invert=True).mean() for name, both in shown.items()}
    return {name: float(share) for name, share in shares.items()}


def mirror_in_train(train: IntArray, test: IntArray, p: int) -> NDArray[np.bool_]:
    """For each test pair (i, j), whether (j, i) is a training pair.

    Parameters
    ----------
    train, test, p : see `leakage`.

    Returns
    -------
    bool array, shape (n_test,).

    Examples
    --------
    >>> mirror_in_train(np.array([[1, 2], [0, 0]]), np.array([[2, 1], [1, 1]]), p=5).tolist()
    [True, False]
    """
    weights = np.array([p, 1])  # a number for each pair
    return np.isin(test[:, ::-1] @ weights, train @ weights)


def ruled_out_answers(train: IntArray, test: IntArray, p: int) -> NDArray[np.bool_]:
    """Answers of the training pairs that share a number with a test pair, at its place.

    Given i, every j has an answer of its own, so none of these is the test pair's. A learner
    that goes by what inputs have in common picks just these, and falls below chance.

    Parameters
    ----------
    train, test, p : see `leakage`.

    Returns
    -------
    bool array, shape (n_test, p).

    Examples
    --------
    >>> ruled_out_answers(np.array([[1, 2], [0, 0]]), np.array([[1, 3], [0, 2]]), p=5).astype(int)
    array([[0, 0, 0, 1, 0],
           [1, 0, 0, 1, 0]])
    """
    seen = np.zeros((2, p, p), dtype=bool)
    answers = modular_sum(train, p)
    for place in (0, 1):
        seen[place, train[:, place], answers] = True
    return seen[0, test[:, 0]] | seen[1, test[:, 1]]

"""The most that codes allow, whatever is learned from them (claim C05)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from sklearn.metrics.cluster import contingency_matrix
from sklearn.utils import check_consistent_length


class Ceiling(NamedTuple):
    """What codes allow.

    Attributes
    ----------
    n_codes : number of different codes.
    accuracy : share of the pairs that the best function of the code gets right, in [0, 1].
    """

    n_codes: int
    accuracy: float


def ceiling_of_codes(codes: ArrayLike, answers: ArrayLike) -> Ceiling:
    """The most that anything can get right that sees the codes alone.

    Pairs with equal codes get the same answer; the best is the one that most of them have.

    Parameters
    ----------
    codes : array-like, shape (n_pairs, width), numbers.
    answers : int array-like, shape (n_pairs,), at least one.

    Returns
    -------
    Ceiling.

    Raises
    ------
    ValueError : if there are not as many answers as codes.

    Examples
    --------
    >>> ceiling_of_codes([[0], [0], [0], [1]], [2, 2, 1, 0])
    Ceiling(n_codes=2, accuracy=0.75)
    """
    check_consistent_length(codes, answers)
    _, which = np.unique(np.asarray(codes), axis=0, return_inverse=True)
    counts = contingency_matrix(which.ravel(), answers)
    return Ceiling(len(counts), float(counts.max(axis=1).sum() / counts.sum()))

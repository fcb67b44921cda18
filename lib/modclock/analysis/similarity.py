"""How much encodings have in common: along the number line, and within an answer."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics.pairwise import cosine_similarity


def similarity_by_distance(codes: ArrayLike, max_distance: int) -> NDArray[np.float64]:
    """Mean cosine similarity of the codes of x and x + d.

    Parameters
    ----------
    codes : float array-like, shape (n_numbers, width); row x is the code of x.
    max_distance : largest d, below n_numbers.

    Returns
    -------
    float64 array, shape (max_distance + 1,); entry d is the mean over all x for which both
    rows exist. Entry 0 is 1.

    Examples
    --------
    >>> similarity_by_distance([[1, 0], [0, 1], [1, 0]], 2).tolist()
    [1.0, 0.0, 1.0]
    """
    gram = cosine_similarity(codes)
    return np.array([gram.diagonal(d).mean() for d in range(max_distance + 1)], dtype=np.float64)


def overlap_with_classes(sdr: NDArray[np.floating], classes: ArrayLike) -> NDArray[np.float64]:
    """Mean share of on-bits that every row has in common with the rows of every class.

    A row is not compared with itself. Rows that share most with their own class are easy
    to place; the thread's failures on i == j (claim C08) show as rows that do not.

    Parameters
    ----------
    sdr : zeros and ones, shape (n_samples, n_bits), the same number on in every row.
    classes : int array-like, shape (n_samples,), values 0 to n_classes - 1, all present.

    Returns
    -------
    float64 array, shape (n_samples, n_classes), fractions in [0, 1]; NaN where a row is the
    only member of its class.

    Examples
    --------
    >>> sdr = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 1, 1]], dtype=float)
    >>> overlap_with_classes(sdr, [0, 0, 1]).tolist()
    [[0.5, 0.0], [0.5, 0.5], [0.25, nan]]
    """
    labels = np.asarray(classes)
    members = np.eye(labels.max() + 1)[labels]
    n_on = sdr[0].sum()
    shared = sdr @ (sdr.T @ members) / n_on - members
    with np.errstate(invalid="ignore"):
        return np.asarray(shared / (members.sum(axis=0) - members), dtype=np.float64)

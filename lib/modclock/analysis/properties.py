"""What the thread guesses makes an encoding useful, as numbers (claims C14 to C17)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.preprocessing import normalize

FloatArray = NDArray[np.float64]


def measure_properties(codes: ArrayLike, answers: ArrayLike) -> dict[str, float]:
    """All properties of the codes of pairs, by the names that the study's tables use.

    Parameters
    ----------
    codes : float array-like, shape (n_samples, width).
    answers : int array-like, shape (n_samples,), values 0 to n_classes - 1, all present.

    Returns
    -------
    dict with width (property 1, values), directions (property 1, `effective_dimension`),
    constancy (property 2, `constancy_within_answers`), neighbours (property 3,
    `neighbour_similarity`) and similarity (`mean_similarity`).

    Examples
    --------
    >>> measure_properties([[0, 1], [0, 1], [1, 0], [1, 0]], [0, 0, 1, 1])["constancy"]
    1.0
    """
    return {
        "width": np.shape(codes)[1],
        "directions": effective_dimension(codes),
        "constancy": constancy_within_answers(codes, answers),
        "neighbours": neighbour_similarity(codes, answers),
        "similarity": mean_similarity(codes),
    }


def mean_similarity(codes: ArrayLike) -> float:
    """Mean cosine similarity of each code to all others, averaged over codes (claim C17).

    The thread describes two nested loops over the codes. The sum of all similarities is
    the squared length of the sum of the unit vectors, so one pass over the codes does.

    Parameters
    ----------
    codes : float array-like, shape (n_samples, width), at least two rows.

    Returns
    -------
    float in [-1, 1]; a code of zeros has similarity 0 to all others.

    Raises
    ------
    ValueError : for fewer than two codes.

    Examples
    --------
    >>> mean_similarity([[1, 0], [0, 1], [0, 2]]) == 1 / 3
    True
    """
    units = normalize(np.asarray(codes, dtype=np.float64))
    count = len(units)
    if count < 2:
        raise ValueError("the mean similarity to all others takes at least two codes")
    own = (units**2).sum()
    return float(((units.sum(axis=0) ** 2).sum() - own) / (count * (count - 1)))


def effective_dimension(codes: ArrayLike) -> float:
    """Participation ratio of the covariance: how many directions the codes use (C14).

    With the eigenvalues l of the covariance matrix it is (sum l)^2 / sum l^2: 1 if all codes
    lie on a line, the width if they spread alike in all directions.

    Parameters
    ----------
    codes : float array-like, shape (n_samples, width).

    Returns
    -------
    float from 1 to the width; 0 if all codes are equal.

    Examples
    --------
    >>> effective_dimension([[1, 0], [-1, 0], [0, 1], [0, -1]])
    2.0
    """
    covariance = np.cov(np.asarray(codes, dtype=np.float64), rowvar=False, ddof=0)
    covariance = np.atleast_2d(covariance)
    squares = (covariance**2).sum()
    return float(np.trace(covariance) ** 2 / squares) if squares > 0 else 0.0


def constancy_within_answers(codes: ArrayLike, answers: ArrayLike) -> float:
    """Property 2: how constant the code is over all pairs with the same answer (C15).

    The share of the variance of the codes that lies between answers: 1 minus the mean
    squared distance to the mean code of the answer, over that to the mean of all.

    Parameters
    ----------
    codes : float array-like, shape (n_samples, width).
    answers : int array-like, shape (n_samples,), values 0 to n_classes - 1.

    Returns
    -------
    float in [0, 1]; 1 if pairs with the same answer have the same code, 0 if the mean code
    of every answer is the same. 0 if all codes are equal.

    Examples
    --------
    >>> constancy_within_answers([[0, 1], [0, 1], [1, 0], [1, 0]], [0, 0, 1, 1])
    1.0
    >>> constancy_within_answers([[0, 1], [1, 0], [0, 1], [1, 0]], [0, 0, 1, 1])
    0.0
    """
    values = np.asarray(codes, dtype=np.float64)
    labels = np.asarray(answers)
    means = _class_means(values, labels)
    total = ((values - values.mean(axis=0)) ** 2).sum()
    within = ((values - means[labels]) ** 2).sum()
    return float(1 - within / total) if total > 0 else 0.0


def neighbour_similarity(codes: ArrayLike, answers: ArrayLike) -> float:
    """Property 3: how similar the codes of neighbouring answers are (claim C16).

    The mean cosine similarity of the mean codes of the answers c and c + 1, 0 and the last
    being neighbours, after the mean of all mean codes is taken off.

    Parameters
    ----------
    codes : float array-like, shape (n_samples, width).
    answers : int array-like, shape (n_samples,), values 0 to n_classes - 1, all present.

    Returns
    -------
    float in [-1, 1].

    Examples
    --------
    >>> circle = 2 * np.pi * np.arange(6) / 6
    >>> codes = np.column_stack([np.cos(circle), np.sin(circle)])
    >>> round(neighbour_similarity(codes, np.arange(6)), 6)
    0.5
    """
    means = _class_means(np.asarray(codes, dtype=np.float64), np.asarray(answers))
    units = normalize(means - means.mean(axis=0))
    return float((units * np.roll(units, -1, axis=0)).sum(axis=1).mean())


def _class_means(values: FloatArray, labels: NDArray[np.integer]) -> FloatArray:
    members = np.eye(labels.max() + 1)[labels]
    return (members.T @ values) / members.sum(axis=0)[:, np.newaxis]

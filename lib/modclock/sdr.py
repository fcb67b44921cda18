"""Sparse distributed representations by k-winners-take-all, and levels between the bits.

An SDR is a float32 array of zeros and ones, so that counting shared bits is a matrix
product and learners use it as it is.
"""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from modclock.validation import COUNT, CheckedParameters, Rule


def real_values(values: ArrayLike, what: str) -> NDArray[np.floating]:
    """Numbers of any real type as floats: integers wrap around, and truth values add up to True.

    Parameters
    ----------
    values : array-like of floats, integers or truth values.
    what : what they are, for errors.

    Returns
    -------
    float32 and float64 as they are, anything else as float64.

    Raises
    ------
    ValueError : for what is no array of real numbers, and for values under a mask.

    Examples
    --------
    >>> real_values(np.array([True, False]), "bits")
    array([1., 0.])
    >>> real_values(["1"], "codes")
    Traceback (most recent call last):
    ...
    ValueError: codes are <U1, not real numbers
    """
    if np.ma.is_masked(values):
        raise ValueError(f"{what} have values under a mask, which are missing")
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{what} are {array.dtype}, not real numbers")
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)


def k_winners_take_all(dense: ArrayLike, k: int) -> NDArray[np.float32]:
    """Turn the k largest values of every row on and all others off.

    Ties at the threshold go to the lowest index, so equal input gives equal output on
    every machine.

    Parameters
    ----------
    dense : float array-like, shape (n_samples, n_bits).
    k : number of bits that are on in every row, 1 to n_bits.

    Returns
    -------
    float32 array of zeros and ones, shape (n_samples, n_bits); every row sums to k.

    Raises
    ------
    ValueError : if k lies outside 1..n_bits, or `dense` holds NaN or anything but real numbers.

    Examples
    --------
    >>> k_winners_take_all([[0.1, 0.9, 0.5], [0.5, 0.5, 0.5]], 2)
    array([[0., 1., 1.],
           [1., 1., 0.]], dtype=float32)
    """
    values = _in_order(dense, "k-winners-take-all")
    n_bits = values.shape[1]
    if not 1 <= k <= n_bits:
        raise ValueError(f"k lies in 1..{n_bits} for {n_bits} bits, got {k}")
    threshold = np.partition(values, n_bits - k, axis=1)[:, [n_bits - k]]
    winners = values >= threshold
    crowded = np.flatnonzero(np.count_nonzero(winners, axis=1) > k)  # the few rows with ties
    above = values[crowded] > threshold[crowded]
    tied = winners[crowded] & ~above
    places_left = k - above.sum(axis=1, keepdims=True)
    winners[crowded] = above | (tied & (np.cumsum(tied, axis=1) <= places_left))
    return winners.astype(np.float32)


def levels_by_rank(dense: ArrayLike, n_levels: int) -> NDArray[np.float32]:
    """Replace values by levels from 0 to 1, equally many of each in every row (claim C18).

    Parameters
    ----------
    dense : float array-like, shape (n_samples, n_values).
    n_levels : number of levels, at least 2; 3 gives 0, 0.5 and 1.

    Returns
    -------
    float32 array of the same shape. Groups differ by at most one in size; ties go to the
    lowest index, as in `k_winners_take_all`.

    Raises
    ------
    ValueError : for fewer than two levels, NaN, or anything but real numbers.

    Examples
    --------
    >>> levels_by_rank([[0.9, 0.1, 0.2, 0.8, 0.3, 0.7]], 3)
    array([[1. , 0. , 0. , 1. , 0.5, 0.5]], dtype=float32)
    """
    _check_levels(n_levels)
    values = _in_order(dense, "levels")
    place = np.argsort(np.argsort(-values, axis=1, kind="stable"), axis=1)
    level = n_levels - 1 - place * n_levels // values.shape[1]
    return (level / (n_levels - 1)).astype(np.float32)


def levels_by_value(dense: ArrayLike, n_levels: int) -> NDArray[np.float32]:
    """Replace values by levels from 0 to 1, cutting the range of every row evenly (C18).

    Parameters
    ----------
    dense : float array-like, shape (n_samples, n_values).
    n_levels : number of levels, at least 2.

    Returns
    -------
    float32 array of the same shape; a row whose values are all equal becomes 0.

    Raises
    ------
    ValueError : for fewer than two levels, NaN, or anything but real numbers.

    Examples
    --------
    >>> levels_by_value([[0.0, 0.1, 0.5, 1.0]], 3)
    array([[0. , 0. , 0.5, 1. ]], dtype=float32)
    """
    _check_levels(n_levels)
    values = _in_order(dense, "levels")
    low = values.min(axis=1, keepdims=True)
    extent = np.ptp(values, axis=1, keepdims=True)
    share = np.divide(values - low, extent, out=np.zeros(values.shape), where=extent > 0)
    level = np.minimum(np.floor(share * n_levels), n_levels - 1)
    return (level / (n_levels - 1)).astype(np.float32)


def _in_order(dense: ArrayLike, what: str) -> NDArray[np.floating]:
    values = real_values(dense, f"values for {what}")
    if np.isnan(values).any():
        raise ValueError(f"{what} can't rank NaN")
    return values


def _check_levels(n_levels: int) -> None:
    if n_levels < 2:
        raise ValueError(f"n_levels is at least 2, got {n_levels}")


class KWinnersTakeAll(OneToOneFeatureMixin, TransformerMixin, CheckedParameters, BaseEstimator):
    """`k_winners_take_all` as a scikit-learn transformer.

    Parameters
    ----------
    k : number of bits that are on in every row.

    Examples
    --------
    >>> KWinnersTakeAll(k=1).fit_transform([[0.2, 0.7], [0.6, 0.1]])
    array([[0., 1.],
           [1., 0.]], dtype=float32)
    """

    n_features_in_: int
    rules: ClassVar[dict[str, Rule]] = {"k": COUNT}

    def __init__(self, k: int = 1) -> None:
        self.k = k

    def fit(self, X: ArrayLike, y: None = None) -> Self:
        """Check that k fits the width of X, shape (n_samples, n_bits)."""
        self.check_parameters()
        validate_data(self, X)
        if self.k > self.n_features_in_:
            raise ValueError(f"k={self.k} is more than the {self.n_features_in_} bits of X")
        return self

    def transform(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the SDRs of X, shape (n_samples, n_bits)."""
        check_is_fitted(self, "n_features_in_")
        return k_winners_take_all(validate_data(self, X, reset=False), self.k)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags

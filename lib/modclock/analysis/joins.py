"""How a feature matrix joins two numbers: for each frequency a strength and a phase.

The inputs are two numbers modulo p side by side in one-hot code, and the blocks of the matrix are
circulants, or taken for the nearest ones. At frequency k a block of numbers with themselves has a
power, and the block between them a complex number. Divided by the root of the two powers, that is
the join: 0 where the numbers have nothing to do with each other, of size 1 where they are one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modclock.analysis.circulants import block_spectra, from_spectra

FloatArray = NDArray[np.float64]


def joins(matrix: ArrayLike) -> NDArray[np.complex128]:
    """The join at each frequency from 1 to (p - 1) / 2.

    Parameters
    ----------
    matrix : float array-like, shape (2 p, 2 p), symmetric, p odd.

    Returns
    -------
    complex128 array, shape ((p - 1) / 2,). Its size is the strength, its angle the phase. It is 0
    where a power is not above 0.

    Examples
    --------
    >>> joins(np.kron([[1, 0.8], [0.8, 1]], np.eye(5))).round(3).tolist()
    [(0.8+0j), (0.8+0j)]
    """
    first, second, between = block_spectra(matrix)
    power = np.sqrt((first.real * second.real).clip(0))
    return np.divide(between, power, out=np.zeros_like(between), where=power > 0)[1:]


def rejoined(matrix: ArrayLike, new_joins: ArrayLike) -> FloatArray:
    """The circulant matrix with the powers of a given one, and other joins.

    Parameters
    ----------
    matrix : float array-like, shape (2 p, 2 p), symmetric, p odd.
    new_joins : complex array-like, shape ((p - 1) / 2,), of size at most 1.

    Returns
    -------
    float64 array, shape (2 p, 2 p), symmetric.

    Examples
    --------
    >>> apart = rejoined(np.kron([[1, 0.8], [0.8, 1]], np.eye(5)), [0, 0])
    >>> joins(apart).round(3).tolist()
    [0j, 0j]
    """
    first, second, between = block_spectra(matrix)
    power = np.sqrt((first.real * second.real).clip(0))
    between[1:] = np.asarray(new_joins) * power[1:]
    return from_spectra(first, second, between)

"""Thermometer code: as many bits on as the number says."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modclock.encoders.base import RangeBitEncoder
from modclock.validation import Rule, whole


class ThermometerEncoder(RangeBitEncoder):
    """The first x of p - 1 bits are on: OR of two codes is that of the larger number, AND that
    of the smaller.

    Parameters
    ----------
    p : the encoder takes the numbers 0 to p - 1; at least 2 of them.
    dtype, sparse_output : type of the codes' values, and whether the codes are a SciPy CSR array.

    Raises
    ------
    ValueError : in `fit`, for p = 1; in `transform`, for numbers outside 0..p-1.

    Examples
    --------
    >>> ThermometerEncoder(p=4).fit_transform([[0], [2], [3]]).astype(int)
    array([[0, 0, 0],
           [1, 1, 0],
           [1, 1, 1]])
    """

    rules: ClassVar[dict[str, Rule]] = RangeBitEncoder.rules | {"p": whole(2)}

    def _bits(self, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        return numbers[:, np.newaxis] > np.arange(self.p - 1)

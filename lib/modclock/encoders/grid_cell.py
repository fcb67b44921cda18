"""Grid-cell code: one block of bits for each modulus (claim C20)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from math import lcm
from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from modclock.encoders.base import BitEncoder
from modclock.validation import Rule, several_whole

FloatArray = NDArray[np.float64]


class GridCellEncoder(BitEncoder):
    """One block of m bits for each modulus m, with bit x mod m on.

    Parameters
    ----------
    moduli : whole numbers of at least 2. The code repeats after their least common multiple,
        which is their product only if they are coprime.
    dtype, sparse_output : type of the codes' values, and whether the codes are a SciPy CSR array.

    Attributes
    ----------
    repeat_length_ : least common multiple of the moduli, the number of distinct codes.
    n_features_in_ : number of columns seen in `fit`.

    Raises
    ------
    ValueError : in `fit`, for no moduli or one that is not a whole number of at least 2.

    Warns
    -----
    UserWarning : in `fit`, if the moduli are not coprime; names the repeat length.

    Examples
    --------
    The first two rows of the thread's table:

    >>> encoder = GridCellEncoder([2, 3, 5]).fit([[0]])
    >>> encoder.transform([[0], [1]]).astype(int)
    array([[1, 0, 1, 0, 0, 1, 0, 0, 0, 0],
           [0, 1, 0, 1, 0, 0, 1, 0, 0, 0]])
    >>> encoder.repeat_length_
    30
    """

    rules: ClassVar[dict[str, Rule]] = BitEncoder.rules | {"moduli": several_whole(2)}

    def __init__(
        self,
        moduli: Sequence[int] = (2, 3, 5, 7, 11),
        *,
        dtype: DTypeLike = np.float64,
        sparse_output: bool = False,
    ) -> None:
        self.moduli = moduli
        self.dtype = dtype
        self.sparse_output = sparse_output

    def _draw(self, rng: np.random.RandomState) -> None:
        moduli = list(self.moduli)
        self.repeat_length_ = lcm(*moduli)
        if self.repeat_length_ < np.prod(moduli):
            warnings.warn(
                f"the moduli {moduli} are not coprime: the code repeats after "
                f"{self.repeat_length_} numbers",
                stacklevel=3,
            )

    def _bits(self, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        return np.hstack([np.eye(m, dtype=bool)[numbers % m] for m in self.moduli])

    def bind(self, first: FloatArray, second: FloatArray) -> FloatArray:
        """Circular convolution within each block: the code of the sum of both numbers.

        Parameters
        ----------
        first, second : codes, shape (n_samples, sum of the moduli).

        Returns
        -------
        float array of the same shape.

        Examples
        --------
        >>> encoder = GridCellEncoder([3, 5]).fit([[0]])
        >>> codes = encoder.transform([[4], [9], [13]])
        >>> bool((encoder.bind(codes[:1], codes[1:2]) == codes[2:]).all())
        True
        """
        ends = np.cumsum(list(self.moduli))[:-1]
        blocks = zip(np.split(first, ends, axis=1), np.split(second, ends, axis=1), strict=True)
        return np.hstack([_circular_convolution(a, b) for a, b in blocks])


def _circular_convolution(first: FloatArray, second: FloatArray) -> FloatArray:
    """Row by row; the codes are whole numbers, so rounding undoes the error of the FFT."""
    product = np.fft.rfft(first) * np.fft.rfft(second)
    return np.rint(np.fft.irfft(product, n=first.shape[1])) + 0.0

"""The scalar encoders of hierarchical temporal memory (HTM), which claim C05 calls failures.

Sources: Purdy, "Encoding Data for HTM Systems", arXiv 1602.05925; Numenta's NuPIC.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from modclock.encoders.base import BitEncoder
from modclock.validation import COUNT, FLAG, Rule


class _ActiveBitsEncoder(BitEncoder):
    """What the encoders here share: numbers 0 to p - 1, n_active of n_bits bits on."""

    has_range = True
    p: int
    n_bits: int
    n_active: int
    rules: ClassVar[dict[str, Rule]] = BitEncoder.rules | dict.fromkeys(
        ("p", "n_bits", "n_active"), COUNT
    )

    def _draw(self, rng: np.random.RandomState) -> None:
        if self.n_active > self.n_bits:
            raise ValueError(
                f"{type(self).__name__}: n_active={self.n_active} is more than n_bits={self.n_bits}"
            )

    def _places(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """The bits that are on, shape (n,) -> (n, n_active)."""
        raise NotImplementedError

    def _bits(self, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        bits = np.zeros((len(numbers), self.n_bits), dtype=bool)
        np.put_along_axis(bits, self._places(numbers), True, axis=1)
        return bits


class ScalarEncoder(_ActiveBitsEncoder):
    """Buckets: a run of neighbouring bits that moves along with the number.

    Parameters
    ----------
    p : the encoder takes the numbers 0 to p - 1.
    n_bits : width of the code.
    n_active : bits that are on.
    periodic : whether the run wraps around, so that p - 1 and 0 are neighbours.
    dtype, sparse_output : type of the codes' values, and whether the codes are a SciPy CSR array.

    Raises
    ------
    ValueError : in `fit`, if more bits would be on than there are; in `transform`, for
        numbers outside 0..p-1.

    Examples
    --------
    >>> ScalarEncoder(p=3, n_bits=5, n_active=3).fit_transform([[0], [1], [2]]).astype(int)
    array([[1, 1, 1, 0, 0],
           [0, 1, 1, 1, 0],
           [0, 0, 1, 1, 1]])
    >>> ScalarEncoder(p=4, n_bits=4, n_active=2, periodic=True).fit_transform([[3]]).astype(int)
    array([[1, 0, 0, 1]])
    """

    rules: ClassVar[dict[str, Rule]] = _ActiveBitsEncoder.rules | {"periodic": FLAG}

    def __init__(
        self,
        p: int = 97,
        *,
        n_bits: int = 400,
        n_active: int = 21,
        periodic: bool = False,
        dtype: DTypeLike = np.float64,
        sparse_output: bool = False,
    ) -> None:
        self.p = p
        self.n_bits = n_bits
        self.n_active = n_active
        self.periodic = periodic
        self.dtype = dtype
        self.sparse_output = sparse_output

    def _places(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        if self.periodic:
            first_bit = numbers * self.n_bits // self.p
        else:
            last = self.n_bits - self.n_active
            first_bit = np.rint(numbers * last / max(self.p - 1, 1)).astype(int)
        return (first_bit[:, np.newaxis] + np.arange(self.n_active)) % self.n_bits


class _RandomBitsEncoder(_ActiveBitsEncoder):
    """The parameters of the two random encoders."""

    def __init__(
        self,
        p: int = 97,
        *,
        n_bits: int = 400,
        n_active: int = 21,
        dtype: DTypeLike = np.float64,
        sparse_output: bool = False,
        random_state: Any = None,
    ) -> None:
        self.p = p
        self.n_bits = n_bits
        self.n_active = n_active
        self.dtype = dtype
        self.sparse_output = sparse_output
        self.random_state = random_state


class RandomDistributedScalarEncoder(_RandomBitsEncoder):
    """RDSE: random bits, of which neighbouring numbers share all but one.

    The number x turns on the bits h(x), h(x + 1), ..., h(x + n_active - 1) of one random
    sequence h in which no bit comes twice within n_active places. So the codes of x and
    x + d share n_active - d bits and those that coincide by chance.

    Parameters
    ----------
    p, n_bits, n_active, dtype, sparse_output : see `ScalarEncoder`.
    random_state : int, RandomState or None; draws the sequence.

    Attributes
    ----------
    sequence_ : int array (p + n_active - 1,), the bits h.

    Raises
    ------
    ValueError : as `ScalarEncoder` does.

    Examples
    --------
    >>> encoder = RandomDistributedScalarEncoder(p=10, n_bits=400, n_active=20, random_state=0)
    >>> near, next_one = encoder.fit_transform([[4], [5]])
    >>> int(near @ next_one)
    19
    """

    def _draw(self, rng: np.random.RandomState) -> None:
        super()._draw(rng)
        sequence = list(rng.permutation(self.n_bits)[: self.n_active])
        while len(sequence) < self.p + self.n_active - 1:
            recent = sequence[len(sequence) - self.n_active + 1 :]
            sequence.append(rng.choice(np.setdiff1d(np.arange(self.n_bits), recent)))
        self.sequence_ = np.array(sequence)

    def _places(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        return self.sequence_[numbers[:, np.newaxis] + np.arange(self.n_active)]


class RandomSDREncoder(_RandomBitsEncoder):
    """An arbitrary random SDR for every number; no two have anything to do with each other.

    Parameters
    ----------
    p, n_bits, n_active, dtype, sparse_output : see `ScalarEncoder`.
    random_state : int, RandomState or None; draws the bits.

    Attributes
    ----------
    on_bits_ : int array (p, n_active), the bits of every number.

    Raises
    ------
    ValueError : as `ScalarEncoder` does.

    Examples
    --------
    >>> RandomSDREncoder(p=5, n_bits=50, n_active=10, random_state=0).fit_transform(
    ...     [[0], [4]]).sum(axis=1)
    array([10., 10.])
    """

    def _draw(self, rng: np.random.RandomState) -> None:
        super()._draw(rng)
        order = rng.uniform(size=(self.p, self.n_bits)).argsort(axis=1)
        self.on_bits_ = order[:, : self.n_active]

    def _places(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        return self.on_bits_[numbers]

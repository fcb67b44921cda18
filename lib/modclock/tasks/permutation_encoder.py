"""Elements of a group as the permutations that they are."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from modclock.encoders.base import BitEncoder
from modclock.groups import GROUPS, group_elements
from modclock.validation import Rule, one_of, whole


class PermutationEncoder(BitEncoder):
    """The permutation matrix of an element, row by row; binding is the product of matrices.

    Parameters
    ----------
    group, degree : see `modclock.groups.group_elements`; the encoder takes the numbers of its
        elements.
    dtype, sparse_output : type of the codes' values, and whether the codes are a SciPy CSR array.

    Attributes
    ----------
    elements_ : int array (order, degree), the permutations.

    Raises
    ------
    ValueError : in `fit`, for an unknown group or a degree that is too small; in `transform`, for
        numbers that no element has.

    Examples
    --------
    >>> encoder = PermutationEncoder("symmetric", degree=2).fit([[0]])
    >>> encoder.transform([[0], [1]]).astype(int)
    array([[1, 0, 0, 1],
           [0, 1, 1, 0]])
    >>> swap = encoder.transform([[1]])
    >>> encoder.bind(swap, swap).astype(int)
    array([[1, 0, 0, 1]])
    """

    rules: ClassVar[dict[str, Rule]] = BitEncoder.rules | {
        "group": one_of(GROUPS),
        "degree": whole(2),
    }

    def __init__(
        self,
        group: str = "symmetric",
        *,
        degree: int = 5,
        dtype: DTypeLike = np.float64,
        sparse_output: bool = False,
    ) -> None:
        self.group = group
        self.degree = degree
        self.dtype = dtype
        self.sparse_output = sparse_output

    def _draw(self, rng: np.random.RandomState) -> None:
        self.elements_ = group_elements(self.group, self.degree)

    def _range(self) -> int:
        return len(self.elements_)

    def _bits(self, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        # Column x of the matrix has its one in row g(x).
        images = self.elements_[numbers][:, np.newaxis, :]
        bits = images == np.arange(self.degree)[:, np.newaxis]
        return bits.reshape(len(numbers), self.degree**2)

    def bind(self, first: ArrayLike, second: ArrayLike) -> NDArray[Any]:
        """Return the codes of the elements composed: first the second one, then the first."""
        shape = (-1, self.degree, self.degree)
        product = np.asarray(first).reshape(shape) @ np.asarray(second).reshape(shape)
        return product.reshape(len(product), -1)

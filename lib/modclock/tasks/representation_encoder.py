"""Elements of a group as the matrices that multiply as they compose."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import ortho_group

from modclock.encoders.base import NumberEncoder
from modclock.groups import GROUPS, cayley_table
from modclock.representations import representations
from modclock.validation import Rule, one_of, whole

MATRICES = ("representation", "transposed", "random")


class RepresentationEncoder(NumberEncoder):
    """The matrices of an element, row by row, side by side; binding multiplies them.

    The encoding that a group has by right, as clocks are that of sums: Chughtai et al.,
    arXiv 2302.03025, found networks that learn such a code by themselves.

    Parameters
    ----------
    group, degree : see `modclock.groups.group_elements`; the encoder takes the numbers of its
        elements.
    dimension : take the irreducible representations of this dimension alone; all when None.
    matrices : "representation"; or one of two controls, "transposed" matrices, which multiply in
        the wrong order, or "random" orthogonal ones of the same dimensions, which do not multiply
        as the elements compose.
    random_state : int, RandomState or None; draws the basis, and random matrices.

    Attributes
    ----------
    matrices_ : list of float64 arrays, shape (order, dimension, dimension).

    Raises
    ------
    ValueError : in `fit`, for an unknown group, a degree that is too small, or a dimension that no
        representation has; in `transform`, for numbers that no element has.

    Examples
    --------
    >>> encoder = RepresentationEncoder("dihedral", degree=3, dimension=2, random_state=0)
    >>> codes = encoder.fit_transform([[0], [1], [2], [3]])
    >>> bool(np.allclose(codes[0], [1, 0, 0, 1]))
    True
    >>> bool(np.allclose(encoder.bind(codes[1:2], codes[1:2]), codes[2:3]))
    True
    """

    rules: ClassVar[dict[str, Rule]] = {
        "group": one_of(GROUPS),
        "degree": whole(2),
        "matrices": one_of(MATRICES),
    }

    def __init__(
        self,
        group: str = "symmetric",
        *,
        degree: int = 5,
        dimension: int | None = None,
        matrices: str = "representation",
        random_state: Any = None,
    ) -> None:
        self.group = group
        self.degree = degree
        self.dimension = dimension
        self.matrices = matrices
        self.random_state = random_state

    def _draw(self, rng: np.random.RandomState) -> None:
        found = representations(cayley_table(self.group, self.degree), rng)
        dimensions = sorted({each.dimension for each in found})
        if self.dimension not in {None, *dimensions}:
            raise ValueError(
                f"dimension: the representations have {', '.join(map(str, dimensions))}, "
                f"got {self.dimension!r}"
            )
        chosen = [each.matrices for each in found if self.dimension in (None, each.dimension)]
        if self.matrices == "transposed":
            chosen = [each.transpose(0, 2, 1) for each in chosen]
        if self.matrices == "random":
            chosen = [_random_like(each, rng) for each in chosen]
        self.matrices_ = chosen

    def _range(self) -> int:
        return len(self.matrices_[0])

    def _encode(self, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.hstack([each[numbers].reshape(len(numbers), -1) for each in self.matrices_])

    def bind(self, first: ArrayLike, second: ArrayLike) -> NDArray[Any]:
        """Return the products of the matrices: the code of both elements composed."""
        ends = np.cumsum([each[0].size for each in self.matrices_])[:-1]
        products = []
        for a, b, each in zip(
            np.split(np.asarray(first), ends, axis=1),
            np.split(np.asarray(second), ends, axis=1),
            self.matrices_,
            strict=True,
        ):
            shape = (-1, *each.shape[1:])
            products.append((a.reshape(shape) @ b.reshape(shape)).reshape(len(a), -1))
        return np.hstack(products)


def _random_like(matrices: NDArray[np.float64], rng: np.random.RandomState) -> NDArray[np.float64]:
    n, dimension = matrices.shape[:2]
    if dimension == 1:
        return rng.choice([-1.0, 1.0], size=(n, 1, 1))
    return np.asarray(ortho_group.rvs(dimension, size=n, random_state=rng)).reshape(matrices.shape)

"""Clocks for permutations: each watches where one point goes."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modclock.encoders.base import NumberEncoder
from modclock.groups import GROUPS, group_elements
from modclock.validation import COUNT, Rule, one_of, whole


class GroupClockEncoder(NumberEncoder):
    """What the thread's clocks become for a group: each watches a point, and has a dial of its own.

    A clock's value is 0 to below 1: the place, in an order of its own, of the point to which an
    element takes the watched one. Points and orders are drawn at random, as the periods of the
    thread's clocks are.

    Parameters
    ----------
    group, degree : see `modclock.groups.group_elements`; the encoder takes the numbers of its
        elements.
    n_clocks : width of a code.
    random_state : int, RandomState or None; draws points and dials.

    Attributes
    ----------
    elements_ : int64 array (order, degree), the permutations.
    watched_ : int64 array (n_clocks,).
    dials_ : float64 array (n_clocks, degree), the values of the points.

    Raises
    ------
    ValueError : in `fit`, for an unknown group or a degree that is too small; in `transform`, for
        numbers that no element has.

    Examples
    --------
    >>> encoder = GroupClockEncoder("cyclic", degree=4, n_clocks=3, random_state=0)
    >>> encoder.fit_transform([[0], [1]]).shape
    (2, 3)
    """

    rules: ClassVar[dict[str, Rule]] = {
        "group": one_of(GROUPS),
        "degree": whole(2),
        "n_clocks": COUNT,
    }

    def __init__(
        self,
        group: str = "symmetric",
        *,
        degree: int = 5,
        n_clocks: int = 400,
        random_state: Any = None,
    ) -> None:
        self.group = group
        self.degree = degree
        self.n_clocks = n_clocks
        self.random_state = random_state

    def _draw(self, rng: np.random.RandomState) -> None:
        self.elements_ = group_elements(self.group, self.degree)
        self.watched_ = rng.randint(self.degree, size=self.n_clocks)
        self.dials_ = rng.rand(self.n_clocks, self.degree).argsort(axis=1) / self.degree

    def _range(self) -> int:
        return len(self.elements_)

    def _encode(self, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        images = self.elements_[numbers][:, self.watched_]
        return np.asarray(self.dials_[np.arange(self.n_clocks), images])

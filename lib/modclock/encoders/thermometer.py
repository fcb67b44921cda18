"""Thermometer code: as many bits on as the number says."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from modclock.encoders.base import COUNT, NumberEncoder


class ThermometerEncoder(NumberEncoder):
    """The first x of p - 1 bits are on: OR of two codes is that of the larger number, AND that
    of the smaller.

    Parameters
    ----------
    p : the encoder takes the numbers 0 to p - 1; at least 2 of them.

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

    emits_bits = True
    _parameter_constraints: dict[str, list[Any]] = {"p": [COUNT]}

    def __init__(self, p: int = 97) -> None:
        self.p = p

    def _range(self) -> int:
        return self.p

    def _draw(self, rng: np.random.RandomState) -> None:
        if self.p < 2:
            raise ValueError(f"a thermometer tells at least 2 numbers apart, got p = {self.p}")

    def _encode(self, numbers: NDArray[np.integer]) -> NDArray[np.float64]:
        return (numbers[:, np.newaxis] > np.arange(self.p - 1)).astype(np.float64)

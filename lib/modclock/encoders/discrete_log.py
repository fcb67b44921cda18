"""Clocks that turn by discrete logarithms: multiplication becomes addition of angles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modclock.encoders.fourier import PhasorEncoder
from modclock.validation import Rule, is_prime, modulus, several_whole

FloatArray = NDArray[np.float64]


class DiscreteLogEncoder(PhasorEncoder):
    """cos and sin of 2 pi f log(x) / (p - 1), the logarithm to a generator modulo a prime p.

    The powers of a generator g run through all of 1, ..., p - 1, so each of these is g^log(x)
    with a whole log(x) from 0 to p - 2. Logarithms of a product add up modulo p - 1: binding two
    codes gives the code of a * b, unbinding them that of a / b. Zero has no logarithm; its
    code is a vector of zeros, which binding keeps, as it should.

    Parameters
    ----------
    p : modulus, a prime; numbers that differ by p have the same code.
    frequencies : whole numbers of at least 1.

    Attributes
    ----------
    generator_ : the smallest generator modulo p.
    logarithms_ : int array (p,), logarithm of each number; that of 0 is 0 and means nothing.
    n_features_in_ : number of columns seen in `fit`.

    Raises
    ------
    ValueError : in `fit`, if p is not prime, for no frequencies or one that is not a whole number
        of at least 1.

    Examples
    --------
    >>> encoder = DiscreteLogEncoder(p=7, frequencies=[1]).fit([[0]])
    >>> encoder.generator_, encoder.logarithms_.tolist()
    (3, [0, 0, 2, 1, 4, 5, 3])
    >>> four, five, six = encoder.transform([[4], [5], [4 * 5 % 7]])
    >>> bool(np.allclose(encoder.bind(four[None], five[None]), six[None]))
    True
    """

    rules: ClassVar[dict[str, Rule]] = {"p": modulus(), "frequencies": several_whole(1)}

    def __init__(self, p: int = 97, *, frequencies: Sequence[int] = (1, 2, 3, 4, 5)) -> None:
        self.p = p
        self.frequencies = frequencies

    def _draw(self, rng: np.random.RandomState) -> None:
        if not is_prime(self.p):
            raise ValueError(f"discrete logarithms need a prime modulus, got p = {self.p}")
        runs = (_powers(number, self.p) for number in range(1, self.p))
        powers = next(run for run in runs if len(run) == self.p - 1)
        self.generator_ = powers[1 % len(powers)]
        self.logarithms_ = np.zeros(self.p, dtype=np.int64)
        self.logarithms_[powers] = np.arange(self.p - 1)

    def _turns(self, numbers: NDArray[np.integer]) -> FloatArray:
        logarithms = self.logarithms_[numbers % self.p]
        # Reduced before it is divided, so that equal logarithms give equal bytes.
        order = self.p - 1
        return logarithms[:, np.newaxis] * np.array(self.frequencies) % order / order

    def _encode(self, numbers: NDArray[np.integer]) -> FloatArray:
        return super()._encode(numbers) * (numbers % self.p != 0)[:, np.newaxis]


def _powers(number: int, p: int) -> list[int]:
    """1, the number, its square, ... modulo p, until they repeat."""
    found = [1]
    while (power := found[-1] * number % p) != 1:
        found.append(power)
    return found

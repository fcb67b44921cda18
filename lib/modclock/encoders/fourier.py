"""One-hot codes, and codes of cosines and sines: Fourier features and residue phasors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modclock.encoders.base import NumberEncoder, RangeBitEncoder
from modclock.validation import COUNT, Rule, modulus, several_whole

FloatArray = NDArray[np.float64]


class OneHotNumberEncoder(RangeBitEncoder):
    """One bit for each of p numbers.

    Parameters
    ----------
    p : the encoder takes the numbers 0 to p - 1.
    dtype, sparse_output : type of the codes' values, and whether the codes are a SciPy CSR array.

    Raises
    ------
    ValueError : in `transform`, for numbers outside 0..p-1.

    Examples
    --------
    >>> OneHotNumberEncoder(p=3).fit_transform([[2], [0]])
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """

    def _bits(self, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        return np.eye(self.p, dtype=bool)[numbers]


class PhasorEncoder(NumberEncoder):
    """Codes of unit phasors: the cosines of all angles, then their sines."""

    def _turns(self, numbers: NDArray[np.integer]) -> FloatArray:
        """Angles in turns, shape (n, n_phasors)."""
        raise NotImplementedError

    def _encode(self, numbers: NDArray[np.integer]) -> FloatArray:
        angle = 2 * np.pi * self._turns(numbers)
        return np.hstack([np.cos(angle), np.sin(angle)])

    def bind(self, first: FloatArray, second: FloatArray) -> FloatArray:
        """Product of the phasors: the code of the sum of both numbers.

        Parameters
        ----------
        first, second : codes, shape (n_samples, 2 * n_phasors).

        Returns
        -------
        float array of the same shape.
        """
        cos_a, sin_a = np.split(first, 2, axis=1)
        cos_b, sin_b = np.split(second, 2, axis=1)
        return np.hstack([cos_a * cos_b - sin_a * sin_b, sin_a * cos_b + cos_a * sin_b])

    def unbind(self, first: FloatArray, second: FloatArray) -> FloatArray:
        """Product with the conjugate phasors: the code of the difference of both numbers.

        Takes and returns arrays like those of `bind`.
        """
        cosine, sine = np.split(second, 2, axis=1)
        return self.bind(first, np.hstack([cosine, -sine]))


class FourierEncoder(PhasorEncoder):
    """cos and sin of 2 pi f x / p at chosen frequencies f (claim C25: key frequencies).

    Parameters
    ----------
    p : modulus; numbers that differ by p have the same code.
    frequencies : whole numbers of at least 1; all of 1..p//2 together make the codes of different
        numbers equally far apart.

    Raises
    ------
    ValueError : in `fit`, for no frequencies or one that is not a whole number of at least 1.

    Examples
    --------
    >>> encoder = FourierEncoder(p=12, frequencies=[1]).fit([[0]])
    >>> encoder.transform([[0], [3], [12]]).round(6) + 0.0
    array([[1., 0.],
           [0., 1.],
           [1., 0.]])
    """

    rules: ClassVar[dict[str, Rule]] = {"p": modulus(), "frequencies": several_whole(1)}

    def __init__(self, p: int = 97, *, frequencies: Sequence[int] = (1, 2, 3, 4, 5)) -> None:
        self.p = p
        self.frequencies = frequencies

    def _turns(self, numbers: NDArray[np.integer]) -> FloatArray:
        # Reduced before it is divided, so that equal residues give equal bytes; and before it is
        # multiplied, so that no product is too large for an integer.
        frequencies = np.array(self.frequencies) % self.p
        return (numbers[:, np.newaxis] % self.p * frequencies) % self.p / self.p


class ResiduePhasorEncoder(PhasorEncoder):
    """Products of random roots of unity, one for each of a set of moduli.

    Source: Kymn et al., "Computing with Residue Numbers in High-Dimensional Representation",
    arXiv 2311.04872.

    Parameters
    ----------
    moduli : whole numbers of at least 2; the code repeats after their least common multiple.
    n_phasors : number of phasors; the code is twice as wide.
    random_state : int, RandomState or None; draws the roots.

    Attributes
    ----------
    roots_ : int array (n_phasors, n_moduli); root r of modulus m turns by r / m a step.

    Raises
    ------
    ValueError : in `fit`, for no moduli or one that is not a whole number of at least 2.

    Examples
    --------
    >>> encoder = ResiduePhasorEncoder([3, 5], n_phasors=50, random_state=0).fit([[0]])
    >>> a, b, c = encoder.transform([[4], [8], [12 + 15]])
    >>> bool(np.allclose(encoder.bind(a[None], b[None]), c[None]))
    True
    """

    rules: ClassVar[dict[str, Rule]] = {
        "moduli": several_whole(2),
        "n_phasors": COUNT,
    }

    def __init__(
        self,
        moduli: Sequence[int] = (3, 5, 7),
        *,
        n_phasors: int = 200,
        random_state: Any = None,
    ) -> None:
        self.moduli = moduli
        self.n_phasors = n_phasors
        self.random_state = random_state

    def _draw(self, rng: np.random.RandomState) -> None:
        self.roots_ = np.column_stack([rng.randint(m, size=self.n_phasors) for m in self.moduli])

    def _turns(self, numbers: NDArray[np.integer]) -> FloatArray:
        moduli = np.array(self.moduli)
        residues = numbers[:, np.newaxis, np.newaxis] % moduli * self.roots_ % moduli
        return (residues / moduli).sum(axis=2)

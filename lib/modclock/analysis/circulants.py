"""Block-circulant feature matrices: how much of one there is, and random ones.

The inputs are two numbers modulo p side by side in one-hot code, so a feature matrix has four
blocks, each p by p. A circulant block depends on the difference of row and column alone.

Source: Mallinar et al., arXiv 2407.20199, who find such matrices in kernels and networks that grok.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

UNLEARNED = 0.8
"""How strongly the two numbers are joined in matrices of which nothing was learned."""


def circulant_part(block: ArrayLike) -> FloatArray:
    """The nearest circulant: means over places with the same difference, modulo p.

    Parameters
    ----------
    block : float array-like, shape (p, p).

    Returns
    -------
    float64 array, shape (p, p).

    Examples
    --------
    >>> circulant_part([[1, 4], [2, 3]]).tolist()
    [[2.0, 3.0], [3.0, 2.0]]
    """
    values = np.asarray(block, dtype=np.float64)
    rows, columns = np.indices(values.shape)
    turns = (rows - columns) % len(values)
    means = np.bincount(turns.ravel(), weights=values.ravel()) / len(values)
    return np.asarray(means[turns])


def circulant_share(block: ArrayLike) -> float:
    """The share of a block's variance that circulants explain, 0 for a constant block.

    Random entries have about 1 / p.

    Examples
    --------
    >>> circulant_share([[1, 0, 2], [2, 1, 0], [0, 2, 1]])
    1.0
    """
    values = np.asarray(block, dtype=np.float64)
    total = float(values.var())
    if total <= 1e-20 * float((values**2).mean()):
        return 0.0
    return float(circulant_part(values).var()) / total


def block_spectra(matrix: ArrayLike) -> list[NDArray[np.complex128]]:
    """Spectra of the circulants nearest to three blocks of a matrix.

    Parameters
    ----------
    matrix : float array-like, shape (2 p, 2 p), symmetric.

    Returns
    -------
    Three complex128 arrays, shape (p // 2 + 1,): of the two blocks on the diagonal, and of the one
    between the numbers.

    Examples
    --------
    >>> [spectrum.real.tolist() for spectrum in block_spectra(np.eye(6))]
    [[1.0, 1.0], [1.0, 1.0], [0.0, 0.0]]
    """
    whole = np.asarray(matrix, dtype=np.float64)
    p = len(whole) // 2
    blocks = whole[:p, :p], whole[p:, p:], whole[:p, p:]
    return [np.fft.rfft(circulant_part(block)[:, 0]) for block in blocks]


def from_spectra(
    first: NDArray[np.complex128], second: NDArray[np.complex128], between: NDArray[np.complex128]
) -> FloatArray:
    """The symmetric matrix of circulant blocks with these spectra, shape (2 p, 2 p), p odd.

    >>> from_spectra(*block_spectra(np.eye(6))).tolist() == np.eye(6).tolist()
    True
    """
    p = 2 * len(first) - 1
    turn = np.subtract.outer(np.arange(p), np.arange(p)) % p
    one, two, joined = (np.fft.irfft(spectrum, p)[turn] for spectrum in (first, second, between))
    return np.block([[one, joined], [joined.T, two]])


def in_both_places(block: FloatArray, strength: float) -> FloatArray:
    """A block for the numbers in either place, and a part of it for those in different ones.

    >>> in_both_places(np.eye(2), 0.5).tolist()
    [[1.0, 0.0, 0.5, 0.0], [0.0, 1.0, 0.0, 0.5], [0.5, 0.0, 1.0, 0.0], [0.0, 0.5, 0.0, 1.0]]
    """
    return np.asarray(np.kron([[1.0, strength], [strength, 1.0]], block), dtype=np.float64)


def numbers_exchanged(matrix: FloatArray, order: NDArray[np.int64]) -> FloatArray:
    """The matrix with the numbers in another order, the same in both places.

    >>> numbers_exchanged(np.diag([1.0, 2, 3, 4]), np.array([1, 0])).diagonal().tolist()
    [2.0, 1.0, 4.0, 3.0]
    """
    both = np.concatenate([order, order + len(order)])
    return matrix[np.ix_(both, both)]


def five_frequencies(p: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Five different frequencies, or all where there are fewer: a code that is known to do.

    >>> sorted(five_frequencies(7, np.random.default_rng(0)).tolist())
    [1, 2, 3]
    """
    return rng.choice(np.arange(1, (p + 1) // 2), min(5, p // 2), replace=False)


def products_of_clocks(p: int, frequencies: NDArray[np.int64]) -> FloatArray:
    """Inner products of the cosines and sines of some frequencies, shape (p, p), a circulant.

    >>> products_of_clocks(4, np.array([1])).round(9)[0].tolist()
    [1.0, 0.0, -1.0, -0.0]
    """
    apart = np.subtract.outer(np.arange(p), np.arange(p)) / p
    return np.asarray(np.cos(2 * np.pi * frequencies * apart[..., np.newaxis]).sum(axis=-1))


def random_circulants(matrix: ArrayLike, random_state: int) -> FloatArray:
    """A random matrix of circulant blocks with the spectrum of those in a given one.

    Frequencies get a random order, the same in all blocks, and the two blocks that join the
    numbers random phases. So it has no negative eigenvalue where the given one has none.

    Parameters
    ----------
    matrix : float array-like, shape (2 p, 2 p), symmetric, p odd.
    random_state : seed.

    Returns
    -------
    float64 array, shape (2 p, 2 p), symmetric.

    Examples
    --------
    >>> drawn = random_circulants(np.eye(6), random_state=0)
    >>> bool(np.allclose(drawn, np.eye(6)))
    True
    """
    spectra = block_spectra(matrix)
    n_frequencies = len(spectra[0]) - 1
    rng = np.random.default_rng(random_state)
    moved = np.concatenate([[0], rng.permutation(n_frequencies) + 1])
    first, second, joined = (spectrum[moved] for spectrum in spectra)
    joined[1:] = np.abs(joined[1:]) * np.exp(2j * np.pi * rng.random(n_frequencies))
    return from_spectra(first, second, joined)

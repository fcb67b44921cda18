"""Block-circulant feature matrices: how much of one there is, and random ones.

The inputs are two numbers modulo p side by side in one-hot code, so a feature matrix has four
blocks, each p by p. A circulant block depends on the difference of row and column alone.

Source: Mallinar et al., arXiv 2407.20199, who find such matrices in kernels and networks that grok.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


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
    whole = np.asarray(matrix, dtype=np.float64)
    p = len(whole) // 2
    rng = np.random.default_rng(random_state)
    order = rng.permutation(p // 2) + 1
    phases = np.exp(2j * np.pi * rng.random(p // 2))
    blocks = [circulant_part(block)[:, 0] for block in (whole[:p, :p], whole[p:, p:])]
    turn = np.subtract.outer(np.arange(p), np.arange(p)) % p
    first, second = (np.fft.irfft(_moved(block, order), p)[turn] for block in blocks)
    joined = _moved(circulant_part(whole[:p, p:])[:, 0], order)
    joined[1:] = np.abs(joined[1:]) * phases
    between = np.fft.irfft(joined, p)[turn]
    return np.block([[first, between], [between.T, second]])


def _moved(column: FloatArray, order: NDArray[np.int64]) -> NDArray[np.complex128]:
    spectrum = np.fft.rfft(column)
    return np.asarray(np.concatenate([spectrum[:1], spectrum[order]]))

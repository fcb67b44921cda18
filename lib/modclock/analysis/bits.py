"""What single bits tell about the answer (claim C19)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def bit_answer_correlation(bits: ArrayLike, answers: ArrayLike, n_classes: int) -> FloatArray:
    """Point-biserial correlation of every bit with every answer being the right one.

    Parameters
    ----------
    bits : zeros and ones, shape (n_samples, n_bits).
    answers : int array-like, shape (n_samples,), values 0 to n_classes - 1.
    n_classes : number of answers.

    Returns
    -------
    float64 array, shape (n_bits, n_classes), in [-1, 1]; 0 for a bit or an answer that never
    changes.

    Examples
    --------
    >>> bit_answer_correlation([[1, 0], [1, 1], [0, 0], [0, 1]], [0, 0, 1, 1], 2)
    array([[ 1., -1.],
           [ 0.,  0.]])
    """
    both, on, right = _frequencies(bits, answers, n_classes)
    spread = np.sqrt(np.outer(on * (1 - on), right * (1 - right)))
    covariance = both - np.outer(on, right)
    return np.divide(covariance, spread, out=np.zeros_like(both), where=spread > 0)


def bit_spectrum(bits: ArrayLike, answers: ArrayLike, p: int) -> FloatArray:
    """Which frequencies a bit carries, by discrete Fourier transform over the answer.

    Parameters
    ----------
    bits : zeros and ones, shape (n_samples, n_bits).
    answers : int array-like, shape (n_samples,), values 0 to p - 1, all present.
    p : modulus.

    Returns
    -------
    float64 array, shape (n_bits, p // 2): the share of the variance over answers of each
    bit's mean that lies at the frequencies 1, ..., p // 2 cycles per p; rows sum to 1, or
    to 0 for a bit with the same mean everywhere.

    Examples
    --------
    >>> answers = np.arange(8)
    >>> bit_spectrum((answers % 4 < 2)[:, np.newaxis], answers, 8).round(6)
    array([[0., 1., 0., 0.]])
    """
    both, _, right = _frequencies(bits, answers, p)
    power = np.abs(np.fft.rfft(both / right, axis=1)[:, 1:]) ** 2
    # Frequencies below p / 2 stand for two conjugate terms each.
    power *= np.where(2 * np.arange(1, p // 2 + 1) == p, 1, 2)
    total = power.sum(axis=1, keepdims=True)
    return np.divide(power, total, out=np.zeros_like(power), where=total > 1e-12)


def _frequencies(
    bits: ArrayLike, answers: ArrayLike, n_classes: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Shares of the samples: bit on and answer right, bit on, answer right."""
    on = np.asarray(bits, dtype=np.float64)
    right = np.eye(n_classes)[np.asarray(answers)]
    return on.T @ right / len(on), on.mean(axis=0), right.mean(axis=0)

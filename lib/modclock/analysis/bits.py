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


def largest_squared_correlation(on: ArrayLike, right: ArrayLike) -> FloatArray:
    """The largest squared correlation that two events can have, given how often each happens.

    Two events correlate as much as they can if the rarer one happens only when the other does
    or, the other way round, only when the other does not. With rates lo <= hi the first is worth
    lo (1 - hi) / (hi (1 - lo)). Psychometrics knows its root as the largest phi of given rates
    (Ferguson, Psychometrika 6, 1941).

    Parameters
    ----------
    on, right : float array-likes that broadcast, rates from 0 to 1.

    Returns
    -------
    float64 array in [0, 1]; 0 for an event that never or always happens.

    Examples
    --------
    A bit that is on for a third of the pairs can't tell much of one answer among 97:

    >>> largest_squared_correlation([1 / 3, 1 / 97], 1 / 97).round(4)
    array([0.0208, 1.    ])
    """
    first, second = np.asarray(on, dtype=np.float64), np.asarray(right, dtype=np.float64)
    return np.maximum(_if_nested(first, second), _if_nested(first, 1 - second))


def share_explained_by_answer(bits: ArrayLike, answers: ArrayLike, n_classes: int) -> FloatArray:
    """The share of the variance of every bit that lies between answers: the correlation ratio.

    1 for a bit that the answer determines, 0 for one that is on equally often with every answer.
    Also known as eta squared (Pearson, Proc. R. Soc. Lond. 71, 1903); see
    `share_explained_by_chance` for what shuffled answers explain.

    Parameters
    ----------
    bits : zeros and ones, shape (n_samples, n_bits).
    answers : int array-like, shape (n_samples,), values 0 to n_classes - 1.
    n_classes : number of answers.

    Returns
    -------
    float64 array, shape (n_bits,), in [0, 1]; 0 for a bit that never changes.

    Examples
    --------
    The first bit is on with answer 0 alone, the second equally often with both:

    >>> share_explained_by_answer([[1, 0], [1, 1], [0, 0], [0, 1]], [0, 0, 1, 1], 2)
    array([1., 0.])
    """
    both, on, right = _frequencies(bits, answers, n_classes)
    share = np.divide(both, right, out=np.zeros_like(both), where=right > 0)
    between = (share - on[:, np.newaxis]) ** 2 @ right
    total = on * (1 - on)
    return np.divide(between, total, out=np.zeros_like(total), where=total > 0)


def share_explained_by_chance(answers: ArrayLike) -> float:
    """The mean of `share_explained_by_answer` over all orders of the answers, in closed form.

    A sum of squares of n things has n - 1 degrees of freedom, of which m answers that occur take
    m - 1. In a random order each degree of freedom gets the same share on average.

    Parameters
    ----------
    answers : int array-like, shape (n_samples,), at least two of them.

    Returns
    -------
    (m - 1) / (n - 1), whatever the bit is, as long as it changes.

    Examples
    --------
    >>> share_explained_by_chance([0, 0, 1, 1])
    0.3333333333333333
    """
    right = np.asarray(answers)
    return (len(np.unique(right)) - 1) / (len(right) - 1)


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


def _if_nested(first: FloatArray, second: FloatArray) -> FloatArray:
    """Squared correlation of two events of which the rarer one happens within the other."""
    low, high = np.minimum(first, second), np.maximum(first, second)
    spread = high * (1 - low)
    return np.divide(low * (1 - high), spread, out=np.zeros_like(spread), where=spread > 0)

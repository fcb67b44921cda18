"""What a network for addition modulo p looks like in the discrete Fourier basis.

Source: Nanda et al., "Progress measures for grokking via mechanistic interpretability",
arXiv 2301.05217 (claim C25). All functions take odd p; "frequency" k means k turns while a
number runs once through 0 to p - 1, so 1 <= k <= (p - 1) / 2.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def frequency_power(signals: ArrayLike) -> FloatArray:
    """Power of each frequency, summed over signals.

    Parameters
    ----------
    signals : float array-like, shape (p, n_signals); a column is a function of the number.

    Returns
    -------
    float64 array, shape ((p - 1) / 2,), for the frequencies 1, 2, ...; it sums to the
    squared length of the signals after their means are taken off.

    Raises
    ------
    ValueError : if p is even.

    Examples
    --------
    >>> x = 2 * np.pi * np.arange(7) / 7
    >>> frequency_power(np.column_stack([3 * np.cos(2 * x), np.sin(2 * x)])).round(6).tolist()
    [0.0, 35.0, 0.0]
    """
    values = np.asarray(signals, dtype=np.float64)
    _check_odd(len(values))
    spectrum = np.abs(np.fft.rfft(values, axis=0, norm="ortho")[1:]) ** 2
    return np.asarray(2 * spectrum.sum(axis=1))


def key_frequencies(power: ArrayLike, share: float = 0.9) -> NDArray[np.int64]:
    """The fewest frequencies that hold a share of the power, ascending.

    Examples
    --------
    >>> key_frequencies([0.1, 5.0, 0.2, 4.9]).tolist()
    [2, 4]
    """
    values = np.asarray(power, dtype=np.float64)
    order = np.argsort(-values, kind="stable")
    count = np.searchsorted(values[order].cumsum(), share * values.sum()) + 1
    return np.sort(order[:count]) + 1


def gini(values: ArrayLike) -> float:
    """Gini coefficient: 0 if all values are equal, near 1 if one of many holds everything.

    Half the mean absolute difference of two values, over their mean. A high value for the
    power by frequency means a sparse spectrum.

    Examples
    --------
    >>> gini([1, 1, 1, 1]), gini([0, 0, 0, 1])
    (0.0, 0.75)
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    count = len(ordered)
    weights = 2 * np.arange(1, count + 1) - count - 1
    return float((weights * ordered).sum() / (count * ordered.sum()))


class NeuronFrequencies(NamedTuple):
    """The frequency that explains most of each neuron, and how much of it."""

    frequency: NDArray[np.int64]
    share: FloatArray


def neuron_frequencies(activations: ArrayLike, p: int) -> NeuronFrequencies:
    """How much of each neuron one frequency explains, over all pairs (a, b).

    To a frequency k belong all products of 1, cos(wa), sin(wa) with 1, cos(wb), sin(wb), where
    w = 2 pi k / p, but the constant.

    Parameters
    ----------
    activations : float array-like, shape (p * p, n_neurons), rows in the order of
        `make_pairs(p, "full")`.
    p : odd modulus.

    Returns
    -------
    NeuronFrequencies, two arrays of shape (n_neurons,); a share is a fraction of the
    neuron's variance over the pairs, 0 for a neuron that is constant.

    Examples
    --------
    >>> a, b = np.indices((5, 5)).reshape(2, -1)
    >>> wave = np.cos(2 * np.pi * 2 * a / 5) * np.cos(2 * np.pi * 2 * b / 5)
    >>> found = neuron_frequencies(wave[:, np.newaxis], 5)
    >>> found.frequency.tolist(), found.share.round(6).tolist()
    ([2], [1.0])
    """
    _check_odd(p)
    table = np.asarray(activations, dtype=np.float64).reshape(p, p, -1)
    power = np.abs(np.fft.fft2(table, axes=(0, 1))) ** 2
    power[0, 0] = 0
    k = np.arange(1, (p + 1) // 2)
    places = np.stack([np.zeros_like(k), k, p - k])  # of 1 and of the two halves of a wave
    of_frequency = power[places[:, np.newaxis], places[np.newaxis]].sum(axis=(0, 1))
    total = power.sum(axis=(0, 1))
    share = np.divide(
        of_frequency, total, out=np.zeros_like(of_frequency), where=total > 1e-12 * len(power)
    )
    return NeuronFrequencies(share.argmax(axis=0) + 1, share.max(axis=0))


class LogitFit(NamedTuple):
    """Logits as waves of a + b - c: one coefficient a frequency, and the variance explained."""

    coefficients: FloatArray
    explained: float


def fit_logits(logits: ArrayLike, p: int, frequencies: ArrayLike) -> LogitFit:
    """Least-squares fit of the logits by cos(w (a + b - c)) at some frequencies.

    Parameters
    ----------
    logits : float array-like, shape (p * p, p), rows in the order of `make_pairs(p, "full")`.
    p : odd modulus.
    frequencies : whole numbers k; w = 2 pi k / p.

    Returns
    -------
    LogitFit; the share explained is of the variance of the logits, after each pair's mean, of
    which the softmax takes no notice, is taken off.

    Examples
    --------
    >>> a, b, c = np.indices((7, 7, 7)).reshape(3, 49, 7)
    >>> wave = 3 * np.cos(2 * np.pi * 2 * (a + b - c) / 7)
    >>> fit = fit_logits(wave, 7, [1, 2])
    >>> abs(fit.coefficients.round(6)).tolist(), round(fit.explained, 6)
    ([0.0, 3.0], 1.0)
    """
    values = np.asarray(logits, dtype=np.float64)
    values = values - values.mean(axis=1, keepdims=True)
    a, b, c = np.indices((p, p, p)).reshape(3, p * p, p)
    turns = (a + b - c) % p
    mean = np.bincount(turns.ravel(), weights=values.ravel(), minlength=p) / p**2
    angle = 2 * np.pi * np.outer(np.asarray(frequencies), np.arange(p)) / p
    coefficients = np.cos(angle) @ mean * 2 / p
    variance = (values**2).mean()
    # Each wave has the mean square 1/2, and waves of different frequencies are orthogonal.
    explained = (coefficients**2).sum() / 2 / variance if variance else 0.0
    return LogitFit(coefficients, float(explained))


class LogitParts(NamedTuple):
    """The logits in two parts.

    Attributes
    ----------
    restricted : what they owe to cos and sin of w (a + b) at the key frequencies, and their
        means. Its loss on test pairs is the *restricted loss*: it falls while the network forms
        its circuit, before test accuracy shows it.
    excluded : the logits without those waves. Its loss on training pairs is the *excluded
        loss*: it rises as the network stops to memorise.
    """

    restricted: FloatArray
    excluded: FloatArray


def part_logits(logits: ArrayLike, p: int, frequencies: ArrayLike) -> LogitParts:
    """Take the waves of a + b at some frequencies out of the logits.

    Parameters
    ----------
    logits, p, frequencies : see `fit_logits`.

    Returns
    -------
    LogitParts, two float64 arrays of shape (p * p, p).

    Examples
    --------
    >>> a, b, c = np.indices((7, 7, 7)).reshape(3, 49, 7)
    >>> wave = np.cos(2 * np.pi * 2 * (a + b - c) / 7)
    >>> np.abs(part_logits(wave, 7, [2]).excluded).max().round(6)
    np.float64(0.0)
    """
    values = np.asarray(logits, dtype=np.float64)
    a, b = np.indices((p, p)).reshape(2, -1)
    angle = 2 * np.pi * np.outer(a + b, np.asarray(frequencies)) / p
    waves = np.hstack([np.cos(angle), np.sin(angle)]) * np.sqrt(2) / p
    along = waves @ (waves.T @ values)
    return LogitParts(values.mean(axis=0) + along, values - along)


def _check_odd(p: int) -> None:
    if p % 2 == 0:
        raise ValueError(f"the Fourier basis here is for odd p, got {p}")

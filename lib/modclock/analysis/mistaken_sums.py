"""Which wrong sum the code of (i, i) is taken for, derived from the clocks alone (claims C08, T2).

On a clock with period P the sum 2i + d stands d / P of a turn from the sum 2i. How codes of equal
and of unequal numbers agree at every part of a turn is known, see `modclock.analysis.phases`.
Averaged over the periods, it tells how the code of (i, i) agrees with the codes of every sum.
Source: derived here; tests compare it with a closed form for the sawtooth, and with real clocks.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modclock.analysis.phases import expected_share_on
from modclock.datasets import IntArray

FloatArray = NDArray[np.float64]
_TURN = 2048  # parts of a turn
_PERIODS = 2000  # periods that stand for a uniform range
_WEAK = 0.8  # of the highest score: above it the second is named too


class Mistake(NamedTuple):
    """The offset that a theory names, and how sure it is.

    Attributes
    ----------
    offset : d where the score is highest: (i, i) is taken for the sum 2i + d; 0 is the right one.
    runner_up : d where it is second.
    rivalry : second score over the highest; near 1 the theory can't tell the two apart, and 1 if
        no score is above 0.
    """

    offset: int
    runner_up: int
    rivalry: float

    def __str__(self) -> str:
        """The offset, and the second where its score is more than 0.8 of the highest."""
        second = f" or {self.runner_up:+d}" if self.rivalry > _WEAK else ""
        return f"{self.offset:+d}{second}"


def kinship_of_sums(
    offsets: ArrayLike,
    share_on: float,
    period_low: float,
    period_high: float,
    waveform: str = "sawtooth",
    *,
    equal: bool = True,
) -> FloatArray:
    """How the code of (i, i) agrees with codes of unequal numbers that add up to 2i + d.

    Parameters
    ----------
    offsets : float array-like, shape (n,), the d.
    share_on, waveform : see `modclock.analysis.phases.expected_share_on`.
    period_low, period_high : range of the uniform periods, in numbers per turn.
    equal : False for an unequal pair with the sum 2i in the place of (i, i).

    Returns
    -------
    float64 array, shape (n,): `expected_kinship` at d over the period, averaged over the
    periods. 1 is the agreement of two unequal pairs with one sum, 0 that of unrelated codes. It
    speaks of the mean of many clocks and of pairs whose difference is large beside the periods.

    Examples
    --------
    With a third of the bits on, (i, i) is nearest to the sum below its own.

    >>> kinship_of_sums([-2, -1, 0, 1], 1 / 3, 2, 10).round(1) + 0.0
    array([ 0.2,  0.5,  0. , -0.5])
    """
    unequal = _profile(share_on, waveform, equal=False) - share_on
    other = _profile(share_on, waveform, equal=equal) - share_on
    waves = np.fft.rfft(unequal) * np.fft.rfft(other).conj()
    at_lag = np.fft.irfft(waves, _TURN) / (unequal @ unequal)
    middles = (np.arange(_PERIODS) + 0.5) / _PERIODS
    periods = period_low + (period_high - period_low) * middles
    lags = np.asarray(offsets, dtype=np.float64)[:, np.newaxis] / periods
    found = np.interp(lags % 1.0, np.arange(_TURN + 1) / _TURN, np.append(at_lag, at_lag[0]))
    return np.asarray(found.mean(axis=1), dtype=np.float64)


def readout_of_sums(
    offsets: ArrayLike,
    share_on: float,
    period_low: float,
    period_high: float,
    waveform: str = "sawtooth",
    *,
    n_seen: float = 12.0,
    reach: int = 192,
) -> FloatArray:
    """What a linear readout of the codes of unequal numbers says of (i, i), for the sum 2i + d.

    Codes of neighbouring sums agree, so what is alike is not yet what is said: a readout has
    learned to tell the neighbours apart. This is ridge regression on one output a sum, where pairs
    agree as their sums do in the mean, and all else that a code holds is noise of its own. Each
    sum was seen `n_seen` times, so the mean of its codes has that part of the noise.

    Parameters
    ----------
    offsets : int array-like, shape (n,), the d, none beyond `reach`.
    share_on, period_low, period_high, waveform : see `kinship_of_sums`.
    n_seen : training pairs of a sum; half of the pairs i > j modulo 97 are 12.06 a sum.
    reach : sums from 2i - reach to 2i + reach are there to choose from.

    Returns
    -------
    float64 array, shape (n,): outputs; that of an unequal pair for its own sum is below 1.

    Examples
    --------
    >>> readout_of_sums([-2, -1, 0, 1], 1 / 3, 2, 10).round(1) + 0.0
    array([ 0. ,  0.3,  0. , -0.3])
    """
    clocks = (share_on, period_low, period_high, waveform)
    of_a_sum = _profile(share_on, waveform, equal=False).var()
    noise = (share_on * (1 - share_on) / of_a_sum - 1) / n_seen
    sums = np.arange(-reach, reach + 1)
    by_distance = kinship_of_sums(np.arange(2 * reach + 1), *clocks, equal=False)
    among = by_distance[np.abs(sums[:, np.newaxis] - sums)]
    outputs = np.linalg.solve(among + noise * np.eye(len(sums)), kinship_of_sums(sums, *clocks))
    return np.asarray(outputs[np.asarray(offsets) + reach], dtype=np.float64)


def likeliest_mistake(offsets: ArrayLike, scores: ArrayLike) -> Mistake:
    """The offset with the highest score, the second, and how close that is.

    Parameters
    ----------
    offsets : int array-like, shape (n,), n at least 2.
    scores : float array-like, shape (n,), of `kinship_of_sums` or `readout_of_sums`.

    Examples
    --------
    >>> likeliest_mistake([-1, 0, 1], [0.4, 0.0, 0.2])
    Mistake(offset=-1, runner_up=1, rivalry=0.5)
    >>> str(likeliest_mistake([-1, 0, 1], [0.4, 0.0, 0.38]))
    '-1 or +1'
    """
    values = np.asarray(scores, dtype=np.float64)
    second, first = np.argsort(values, kind="stable")[-2:]
    rivalry = values[second] / values[first] if values[first] > 0 else 1.0
    offsets = np.asarray(offsets)
    return Mistake(int(offsets[first]), int(offsets[second]), float(rivalry))


def offsets_of_answers(pairs: IntArray, answers: ArrayLike, p: int) -> IntArray:
    """By how much answers are off: (answer - i - j) modulo p, from -(p // 2) for odd p.

    Parameters
    ----------
    pairs : int array, shape (n, 2).
    answers : int array-like, shape (n,), what was said of them.
    p : modulus.

    Examples
    --------
    >>> offsets_of_answers(np.array([[2, 2], [3, 1], [0, 0]]), [4, 3, 10], p=11)
    array([ 0, -1, -1])
    """
    half = p // 2
    return (np.asarray(answers) - pairs.sum(axis=1) + half) % p - half


def is_most_frequent(offset: int, offsets: IntArray) -> bool:
    """Whether one offset is there more often than any other; a tie is not enough.

    Examples
    --------
    >>> is_most_frequent(-1, np.array([-1, -1, 3])), is_most_frequent(3, np.array([-1, 3]))
    (True, False)
    """
    values, counts = np.unique(offsets, return_counts=True)
    times = counts[values == offset].sum()
    return bool(times > counts[values != offset].max(initial=0))


def close_pair_was_seen(train: IntArray, pairs: IntArray, offset: int) -> NDArray[np.bool_]:
    """Whether training had a pair with the sum i + j + offset of numbers at most 2 apart.

    The codes of such a pair and of (i, i) are alike as those of neighbouring numbers are. Where
    there is none, it can't be what a learner takes (i, i) for.

    Parameters
    ----------
    train, pairs : int arrays, shapes (n_train, 2) and (n, 2).
    offset : the d.

    Returns
    -------
    bool array, shape (n,).

    Examples
    --------
    >>> close_pair_was_seen(np.array([[3, 2], [7, 4]]), np.array([[3, 3], [6, 6]]), -1)
    array([ True, False])
    """
    close = train[np.abs(train[:, 0] - train[:, 1]) <= 2]
    return np.isin(pairs.sum(axis=1) + offset, close.sum(axis=1))


def diagonal_sums_seen(train: IntArray, pairs: IntArray) -> float:
    """Share of the pairs with i = j whose sum, before it is taken modulo p, is one of training.

    A code of that sum alone can't say more: no learner has seen the code of another sum. Its clocks
    follow i + j, so the sums s and s + p have different codes although they have one answer.

    Parameters
    ----------
    train, pairs : int arrays, shapes (n_train, 2) and (n, 2); one pair of `pairs` has i = j.

    Examples
    --------
    >>> diagonal_sums_seen(np.array([[3, 1], [5, 2]]), np.array([[2, 2], [3, 3], [9, 1]]))
    0.5
    """
    equal = pairs[pairs[:, 0] == pairs[:, 1]]
    return float(np.isin(equal.sum(axis=1), train.sum(axis=1)).mean())


@cache
def _profile(share_on: float, waveform: str, *, equal: bool) -> FloatArray:
    """`expected_share_on` at the middles of the parts of a turn."""
    middles = (np.arange(_TURN) + 0.5) / _TURN
    return expected_share_on(middles, share_on, equal=equal, waveform=waveform)

"""Which bits of an overlapped SDR are on, by where the hand of the sum points (claim C08)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modclock.datasets import IntArray
from modclock.encoders.cycle import WAVEFORMS, CycleEncoder, VarCycleEncoder

FloatArray = NDArray[np.float64]
_GRID = (np.arange(2048) + 0.5) / 2048  # phases, in turns


def share_on_by_sum_phase(
    encoder: CycleEncoder | VarCycleEncoder,
    sdr: NDArray[np.floating],
    pairs: IntArray,
    n_bins: int = 24,
) -> FloatArray:
    """Share of bits that are on, by the phase that the sum of the two phases has.

    Modulo one turn, the phases of i and j on a clock add up to 2 start + (i + j) / period:
    a function of i + j alone. What an SDR tells beyond that sum, it tells by how the share
    of on-bits at a given phase of the sum depends on i and j.

    Parameters
    ----------
    encoder : the fitted clocks.
    sdr : overlapped SDRs of the pairs, shape (n_pairs, n_clocks).
    pairs : int array, shape (n_pairs, 2).
    n_bins : number of equal bins that the turn is cut into.

    Returns
    -------
    float64 array, shape (n_bins,): share of on-bits over all pairs and clocks in the bin.

    Examples
    --------
    >>> from modclock.sdr import k_winners_take_all
    >>> encoder = CycleEncoder(n_clocks=8, random_state=0).fit([[0]])
    >>> pairs = np.array([[1, 2], [3, 3]])
    >>> sums = encoder.transform(pairs[:, [0]]) + encoder.transform(pairs[:, [1]])
    >>> share_on_by_sum_phase(encoder, k_winners_take_all(sums, 4), pairs, n_bins=1)
    array([0.5])
    """
    phase = (2 * encoder.starts_ + pairs.sum(axis=1, keepdims=True) / encoder.periods_) % 1.0
    bins = np.minimum((phase * n_bins).astype(int), n_bins - 1).ravel()
    on = np.bincount(bins, weights=sdr.ravel(), minlength=n_bins)
    return np.asarray(on / np.bincount(bins, minlength=n_bins), dtype=np.float64)


def expected_share_on(
    phase: ArrayLike, share_on: float, *, equal: bool, waveform: str = "sawtooth"
) -> FloatArray:
    """The same, derived: the share of many clocks that win where the sum has a given phase.

    A clock whose hands stand at the phases a and b sums up to w(a) + w(b). For unequal numbers on
    clocks of many periods a is uniform whatever the phase s of the sum is, and b = s - a. For
    equal numbers both hands are one hand, at s / 2 or half a turn further, each for half of the
    clocks. Winners are those above the threshold that `share_on` of all clocks exceed.

    Parameters
    ----------
    phase : float array-like, shape (n,), phases of the sum in turns.
    share_on : k over the number of clocks, in (0, 1).
    equal : whether both numbers are the same.
    waveform : "sawtooth", "cosine" or "triangle", see `modclock.encoders.CycleEncoder`.

    Returns
    -------
    float64 array, shape (n,), to a few parts in a thousand.

    Examples
    --------
    The sawtooth with half of the bits on: one minus the phase, beside a step.

    >>> expected_share_on([0.25, 0.75], 0.5, equal=False).round(2)
    array([0.75, 0.25])
    >>> expected_share_on([0.25, 0.75], 0.5, equal=True).round(2)
    array([0.5, 0.5])
    """
    threshold = np.quantile(_sums(_GRID, equal, waveform), 1 - share_on)
    return np.asarray((_sums(phase, equal, waveform) > threshold).mean(axis=1), dtype=np.float64)


def expected_kinship(
    share_on: float, waveform: str = "sawtooth", lag: ArrayLike = 0.0
) -> FloatArray:
    """How the code of (i, i) agrees with that of other pairs whose sum is so many turns away.

    Parameters
    ----------
    share_on, waveform : see `expected_share_on`.
    lag : float array-like, shape (n,), by how much the phases of the two sums differ, in turns.

    Returns
    -------
    float64 array, shape (n,): covariance, over the phase, of the shares of bits on for unequal
    and for equal numbers, divided by the variance for unequal ones. 1 if both kinds of pairs have
    codes that agree as two codes of unequal numbers do, 0 if they agree no more than unrelated
    codes do, below 0 if even less.

    Examples
    --------
    With the sawtooth a pair of equal numbers agrees with pairs of its own sum no more than
    unrelated codes do. It does agree with sums that are a seventh of a turn behind, and is taken
    for one of these, see `modclock.analysis.mistaken_sums`.

    >>> expected_kinship(1 / 3, lag=[0, 1 / 7]).round(1) + 0.0
    array([0. , 0.7])
    """
    unequal = expected_share_on(_GRID, share_on, equal=False, waveform=waveform) - share_on
    moved = (_GRID + np.atleast_1d(lag)[:, np.newaxis]).ravel()
    equal = expected_share_on(moved, share_on, equal=True, waveform=waveform).reshape(
        -1, len(_GRID)
    )
    return np.asarray((equal - share_on) @ unequal / (unequal @ unequal), dtype=np.float64)


def _sums(phase: ArrayLike, equal: bool, waveform: str) -> FloatArray:
    """Sums of the dense values of both hands, shape (n, positions of the hands)."""
    of_sum = np.asarray(phase, dtype=np.float64)[:, np.newaxis]
    first = (of_sum + np.arange(2)) / 2 if equal else _GRID[np.newaxis, :]
    hands = (first % 1.0, (of_sum - first) % 1.0)
    one = np.ones(1)
    return sum(WAVEFORMS[waveform](hand, one) for hand in hands)  # type: ignore[return-value]

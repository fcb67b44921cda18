"""Which bits of an overlapped SDR are on, by where the hand of the sum points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modclock.datasets import IntArray
from modclock.encoders.cycle import CycleEncoder, VarCycleEncoder


def share_on_by_sum_phase(
    encoder: CycleEncoder | VarCycleEncoder,
    sdr: NDArray[np.floating],
    pairs: IntArray,
    n_bins: int = 24,
) -> NDArray[np.float64]:
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

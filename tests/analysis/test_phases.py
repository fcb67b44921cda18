"""What the overlap makes of equal and unequal numbers: derived against closed forms and clocks."""

from __future__ import annotations

import numpy as np
import pytest

from modclock.analysis.phases import expected_kinship, expected_share_on, share_on_by_sum_phase
from modclock.datasets import make_pairs
from modclock.encoders import VarCycleEncoder
from modclock.pairing import PairEncoder

PHASE = (np.arange(200) + 0.5) / 200
SHARES = [0.1, 0.25, 1 / 3, 0.5]


def sawtooth(phase, share, equal):
    """For at most half of the bits on: (1 - s) beyond 1 - sqrt(2 q), or 1/2 beyond 1 - 2 q."""
    if equal:
        return 0.5 * (phase > 1 - 2 * share)
    return (1 - phase) * (phase > 1 - np.sqrt(2 * share))


def cosine_of_equal(phase, share):
    """Half of the clocks within q of a whole turn."""
    return 0.5 * (np.minimum(phase, 1 - phase) < share)


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("equal", [False, True])
def test_the_sawtooth_has_the_closed_form(share, equal):
    found = expected_share_on(PHASE, share, equal=equal)
    assert np.abs(found - sawtooth(PHASE, share, equal)).mean() < 0.005


@pytest.mark.parametrize("share", SHARES)
def test_the_cosine_has_the_closed_form(share):
    equal = expected_share_on(PHASE, share, equal=True, waveform="cosine")
    assert np.abs(equal - cosine_of_equal(PHASE, share)).mean() < 0.005
    unequal = expected_share_on(PHASE, share, equal=False, waveform="cosine")
    middle = expected_share_on([0.0], share, equal=False, waveform="cosine")[0]
    height = np.cos(np.pi * middle)  # threshold less 1, told by the peak
    ratio = np.minimum(height / np.abs(np.cos(np.pi * PHASE)), 1)
    assert np.abs(unequal - np.arccos(ratio) / np.pi).mean() < 0.005


@pytest.mark.parametrize("waveform", ["sawtooth", "cosine", "triangle"])
@pytest.mark.parametrize("equal", [False, True])
@pytest.mark.parametrize("share", SHARES)
def test_the_share_on_is_right_on_average(waveform, equal, share):
    found = expected_share_on(PHASE, share, equal=equal, waveform=waveform)
    assert found.mean() == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize("waveform", ["sawtooth", "cosine", "triangle"])
@pytest.mark.parametrize("equal", [False, True])
def test_real_clocks_do_what_is_derived(waveform, equal):
    """Of 2000 clocks: to two hundredths, over the twelfths of a turn."""
    pairs = make_pairs(97, "triangular")
    pairs = pairs[pairs[:, 0] == pairs[:, 1]] if equal else pairs[pairs[:, 0] - pairs[:, 1] > 20]
    clocks = VarCycleEncoder(2000, waveform=waveform, random_state=0)
    model = PairEncoder(clocks, k=667).fit(pairs)
    found = share_on_by_sum_phase(model.encoder_, model.transform(pairs), pairs, n_bins=12)
    fine = (np.arange(1200) + 0.5) / 1200
    expected = expected_share_on(fine, 1 / 3, equal=equal, waveform=waveform)
    assert np.abs(found - expected.reshape(12, -1).mean(axis=1)).mean() < 0.02


@pytest.mark.parametrize("share", SHARES)
def test_with_the_sawtooth_equal_and_unequal_numbers_are_unrelated(share):
    """The integral of (1 - s) / 2 over s > 1 - 2 q is q^2: no covariance, for any q up to 1/2."""
    assert abs(expected_kinship(share)[0]) < 0.02


def test_with_the_cosine_they_are_related_at_no_lag_most():
    lags = np.linspace(-0.5, 0.5, 21)
    kinship = expected_kinship(1 / 3, "cosine", lags)
    assert kinship.argmax() == 10
    assert kinship.max() > 0.5

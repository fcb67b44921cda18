from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modclock.encoders import CycleEncoder, FourierEncoder, ResiduePhasorEncoder


@given(p=st.integers(2, 100), f=st.integers(1, 50), x=st.integers(0, 500))
def test_fourier_features_are_cosine_and_sine(p, f, x):
    cosine, sine = FourierEncoder(p, frequencies=[f]).fit([[0]]).transform([[x]])[0]
    assert cosine == pytest.approx(np.cos(2 * np.pi * f * x / p), abs=1e-9)
    assert sine == pytest.approx(np.sin(2 * np.pi * f * x / p), abs=1e-9)


def test_all_frequencies_make_all_codes_equally_far_apart():
    codes = FourierEncoder(13, frequencies=range(1, 7)).fit_transform(np.arange(13)[:, np.newaxis])
    gram = codes @ codes.T
    # Each row of the p-point transform without the mean: 6 on the diagonal, -1/2 off it.
    assert np.allclose(gram, 6.5 * np.eye(13) - 0.5)


def test_residue_phasors_repeat_after_the_common_multiple_and_no_sooner():
    encoder = ResiduePhasorEncoder([3, 5], n_phasors=100, random_state=0).fit([[0]])
    codes = encoder.transform(np.arange(16)[:, np.newaxis])
    assert np.allclose(codes[0], codes[15])
    similarity = codes[0] @ codes[1:15].T / 100
    assert (similarity < 0.9).all()


@pytest.mark.parametrize(
    ("waveform", "values"),
    [
        ("sawtooth", [0, 0.25, 0.5, 0.75]),
        ("sawtooth_in_steps", [0, 1, 2, 3]),
        ("cosine", [1, 0.5, 0, 0.5]),
        ("triangle", [1, 0.5, 0, 0.5]),
    ],
)
def test_waveforms_at_the_quarters_of_a_turn(waveform, values):
    encoder = CycleEncoder(1, period=4, waveform=waveform).fit([[0]])
    encoder.starts_ = np.array([0.0])
    assert np.allclose(encoder.transform([[0], [1], [2], [3]]).ravel(), values)


def test_an_unknown_waveform_is_refused():
    with pytest.raises(ValueError, match="waveform"):
        CycleEncoder(waveform="square").fit([[0]])

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modclock.encoders import (
    CycleEncoder,
    DiscreteLogEncoder,
    FourierEncoder,
    ResiduePhasorEncoder,
    ThermometerEncoder,
)


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


@pytest.mark.parametrize("p", [2, 3, 5, 7, 41, 97, 113])
def test_discrete_logarithms_undo_powers(p):
    encoder = DiscreteLogEncoder(p, frequencies=[1]).fit([[0]])
    powers = [pow(encoder.generator_, int(n), p) for n in encoder.logarithms_[1:]]
    assert powers == list(range(1, p))


@given(a=st.integers(0, 96), b=st.integers(0, 96))
def test_bound_logarithms_are_the_code_of_the_product_and_unbound_of_the_quotient(a, b):
    encoder = DiscreteLogEncoder(97, frequencies=[1, 5, 48]).fit([[0]])
    first, second, product = encoder.transform([[a], [b], [a * b]])
    assert np.allclose(encoder.bind(first[None], second[None]), product)
    if b:
        quotient = encoder.transform([[a * pow(b, -1, 97)]])
        assert np.allclose(encoder.unbind(first[None], second[None]), quotient)


def test_discrete_logarithms_are_refused_where_there_are_none():
    with pytest.raises(ValueError, match="prime modulus, got p = 12"):
        DiscreteLogEncoder(12).fit([[0]])
    with pytest.raises(ValueError, match="frequencies"):
        DiscreteLogEncoder(7, frequencies=[0]).fit([[0]])


@given(a=st.integers(0, 12), b=st.integers(0, 12))
def test_or_and_and_of_thermometers_are_the_larger_and_the_smaller_number(a, b):
    first, second, larger, smaller = ThermometerEncoder(13).fit_transform(
        [[a], [b], [max(a, b)], [min(a, b)]]
    )
    assert np.array_equal(np.maximum(first, second), larger)
    assert np.array_equal(np.minimum(first, second), smaller)
    assert first.sum() == a


def test_a_thermometer_needs_two_numbers():
    with pytest.raises(ValueError, match="at least 2"):
        ThermometerEncoder(1).fit([[0]])

"""Constructed signals and networks whose spectra are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import log_softmax

from modclock.datasets import make_pairs, modular_sum
from modclock.grokking.fourier import (
    fit_logits,
    frequency_power,
    gini,
    key_frequencies,
    neuron_frequencies,
    part_logits,
)

P = 11
odd = st.integers(1, 20).map(lambda n: 2 * n + 1)


def rotation_logits(coefficients: dict[int, float], p: int = P) -> np.ndarray:
    """The logits of a network that composes rotations at the given frequencies."""
    a, b, c = np.indices((p, p, p)).reshape(3, p * p, p)
    waves = [s * np.cos(2 * np.pi * k * (a + b - c) / p) for k, s in coefficients.items()]
    return np.sum(waves, axis=0)


def loss(logits: np.ndarray, p: int = P) -> float:
    answers = modular_sum(make_pairs(p, "full"), p)
    return -log_softmax(logits, axis=1)[np.arange(p * p), answers].mean()


@given(p=odd, seed=st.integers(0, 1000))
def test_power_over_all_frequencies_is_the_squared_length(p, seed):
    signals = np.random.default_rng(seed).normal(size=(p, 3))
    centred = signals - signals.mean(axis=0)
    assert frequency_power(signals).sum() == pytest.approx((centred**2).sum())


@given(p=odd, data=st.data())
def test_a_wave_has_its_power_at_its_frequency(p, data):
    k = data.draw(st.integers(1, (p - 1) // 2))
    phase = data.draw(st.floats(0, 6))
    power = frequency_power(2 * np.cos(2 * np.pi * k * np.arange(p)[:, None] / p + phase))
    assert power[k - 1] == pytest.approx(2 * p)
    assert np.delete(power, k - 1) == pytest.approx(0, abs=1e-9)


def test_even_moduli_are_refused():
    with pytest.raises(ValueError, match="odd p, got 8"):
        frequency_power(np.zeros((8, 1)))


def test_key_frequencies_of_a_circle_with_noise_are_its_frequencies():
    x = 2 * np.pi * np.arange(97) / 97
    circles = np.column_stack([f(k * x) for k in (5, 17, 40) for f in (np.cos, np.sin)])
    noise = np.random.default_rng(0).normal(size=circles.shape)
    assert key_frequencies(frequency_power(circles + 0.05 * noise)).tolist() == [5, 17, 40]


@given(st.lists(st.floats(0.01, 10), min_size=1, max_size=30))
def test_gini_equals_the_mean_difference_of_all_two_values(values):
    array = np.array(values)
    difference = np.abs(array[:, None] - array).mean()
    assert gini(values) == pytest.approx(difference / (2 * array.mean()), abs=1e-9)


@pytest.mark.parametrize("parts", [(1.0, 0.0), (0.7, 0.3), (0.5, 0.5)])
def test_the_share_of_a_neuron_is_that_of_its_stronger_wave(parts):
    a, b = np.indices((P, P)).reshape(2, -1)
    turn = 2 * np.pi / P
    first = np.cos(2 * turn * a) * np.sin(2 * turn * b)  # mean square 1/4
    second = np.cos(3 * turn * a + 1) / np.sqrt(2)  # mean square 1/4
    wave = np.sqrt(parts[0]) * first + np.sqrt(parts[1]) * second + 5
    found = neuron_frequencies(wave[:, None], P)
    assert found.share[0] == pytest.approx(parts[0])
    assert found.frequency[0] == 2


def test_a_product_of_two_frequencies_belongs_to_neither():
    a, b = np.indices((P, P)).reshape(2, -1)
    mixed = np.cos(2 * np.pi * 2 * a / P) * np.cos(2 * np.pi * 3 * b / P)
    constant = np.ones_like(mixed)
    found = neuron_frequencies(np.column_stack([mixed, constant]), P)
    assert found.share == pytest.approx([0, 0], abs=1e-12)


def test_rotations_are_fitted_exactly_and_noise_is_not():
    logits = rotation_logits({2: 3.0, 5: 1.5})
    fit = fit_logits(logits + 7.0, P, [1, 2, 5])
    assert fit.coefficients == pytest.approx([0, 3, 1.5], abs=1e-12)
    assert fit.explained == pytest.approx(1)
    noise = np.random.default_rng(0).normal(size=logits.shape)
    noise -= noise.mean(axis=1, keepdims=True)
    share = (logits**2).mean() / (logits**2 + noise**2).mean()
    assert fit_logits(logits + noise, P, [2, 5]).explained == pytest.approx(share, abs=0.02)


def test_restricted_to_its_frequencies_a_rotation_keeps_its_logits():
    logits = rotation_logits({2: 3.0, 5: 1.5})
    assert part_logits(logits, P, [2, 5]).restricted == pytest.approx(logits)
    assert part_logits(logits, P, [2]).restricted == pytest.approx(rotation_logits({2: 3.0}))


def test_without_its_frequencies_a_rotation_guesses():
    logits = rotation_logits({2: 3.0, 5: 1.5})
    assert loss(part_logits(logits, P, [2, 5]).excluded) == pytest.approx(np.log(P))
    assert loss(logits) < loss(part_logits(logits, P, [5]).excluded) < np.log(P)


def test_a_memorised_table_owes_little_to_few_frequencies():
    rng = np.random.default_rng(0)
    table = 10 * np.eye(P)[rng.integers(P, size=P * P)]
    assert part_logits(table, P, [2]).excluded == pytest.approx(table, abs=5)
    assert loss(part_logits(table, P, [2]).restricted) > np.log(P) - 0.5

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modclock.analysis.bits import bit_answer_correlation, bit_spectrum
from modclock.analysis.properties import (
    constancy_within_answers,
    effective_dimension,
    mean_similarity,
    neighbour_similarity,
)
from modclock.datasets import make_pairs, modular_sum
from modclock.encoders import FourierEncoder
from modclock.pairing import PairEncoder

seeds = st.integers(0, 10_000)


@given(seeds)
def test_mean_similarity_equals_the_loops_that_the_thread_describes(seed):
    codes = np.random.default_rng(seed).normal(size=(9, 4))
    averages = []
    for i, code in enumerate(codes):
        others = [
            code @ other / np.linalg.norm(code) / np.linalg.norm(other)
            for j, other in enumerate(codes)
            if j != i
        ]
        averages.append(np.mean(others))
    assert mean_similarity(codes) == pytest.approx(np.mean(averages))


@given(seed=seeds, rank=st.integers(1, 5))
def test_effective_dimension_of_a_sphere_is_its_dimension(seed, rank):
    rotation, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(6, 6)))
    poles = np.vstack([np.eye(6)[:rank], -np.eye(6)[:rank]]) @ rotation
    assert effective_dimension(poles) == pytest.approx(rank)
    assert effective_dimension(3 * poles + 7) == pytest.approx(rank)


@given(seeds)
def test_constancy_is_the_share_of_variance_between_answers(seed):
    rng = np.random.default_rng(seed)
    codes, answers = rng.normal(size=(30, 3)), np.arange(30) % 4
    means = np.array([codes[answers == c].mean(axis=0) for c in range(4)])
    sizes = np.bincount(answers)
    between = (sizes[:, None] * (means - codes.mean(axis=0)) ** 2).sum()
    total = ((codes - codes.mean(axis=0)) ** 2).sum()
    assert constancy_within_answers(codes, answers) == pytest.approx(between / total)


@pytest.mark.parametrize("f", [1, 3])
def test_bound_phasors_have_all_that_the_thread_asks_for(f):
    """One clock at the modulus: constant over equal sums, neighbours 2 pi f / p apart."""
    p = 11
    pairs = make_pairs(p, "full")
    codes = PairEncoder(FourierEncoder(p, frequencies=[f]), composition="bind").fit_transform(pairs)
    answers = modular_sum(pairs, p)
    assert constancy_within_answers(codes, answers) == pytest.approx(1)
    assert neighbour_similarity(codes, answers) == pytest.approx(np.cos(2 * np.pi * f / p))
    assert effective_dimension(codes) == pytest.approx(2)


@given(seeds)
def test_the_correlation_of_bits_and_answers_is_that_of_numpy(seed):
    rng = np.random.default_rng(seed)
    bits, answers = rng.integers(2, size=(40, 5)), rng.integers(3, size=40)
    correlation = bit_answer_correlation(bits, answers, 3)
    for bit in range(5):
        for answer in range(3):
            right = (answers == answer).astype(int)
            if 0 < right.mean() < 1 and 0 < bits[:, bit].mean() < 1:
                expected = np.corrcoef(bits[:, bit], right)[0, 1]
                assert correlation[bit, answer] == pytest.approx(expected, abs=1e-9)


@given(p=st.integers(3, 30), data=st.data())
def test_a_wave_of_one_frequency_has_all_its_power_there(p, data):
    f = data.draw(st.integers(1, (p - 1) // 2))
    answers = np.repeat(np.arange(p), 2000)
    share = (1 + np.cos(2 * np.pi * f * answers / p)) / 2
    even = (np.tile(np.arange(2000), p) + 0.5) / 2000  # quantiles instead of random numbers
    bits = (even < share)[:, np.newaxis]
    spectrum = bit_spectrum(bits, answers, p)[0]
    assert spectrum.argmax() == f - 1
    assert spectrum[f - 1] > 0.99

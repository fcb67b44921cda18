"""Measures against brute force and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modclock.analysis.accuracy import accuracy_by_diagonal
from modclock.analysis.leakage import leakage, ruled_out_answers
from modclock.analysis.phases import share_on_by_sum_phase
from modclock.analysis.similarity import overlap_with_classes, similarity_by_distance
from modclock.datasets import SPLITS, make_pairs, modular_sum, split_pairs
from modclock.encoders import CycleEncoder, VarCycleEncoder
from modclock.sdr import k_winners_take_all


def test_accuracy_by_diagonal_equals_counting():
    pairs = make_pairs(7, "triangular")
    predicted = np.random.default_rng(0).integers(7, size=len(pairs))
    right: dict[bool, list[bool]] = {True: [], False: []}
    for (i, j), answer in zip(pairs.tolist(), predicted.tolist(), strict=True):
        right[i == j].append((i + j) % 7 == answer)
    result = accuracy_by_diagonal(predicted, modular_sum(pairs, 7), pairs)
    assert result["diagonal_accuracy"] == np.mean(right[True])
    assert result["off_diagonal_accuracy"] == np.mean(right[False])
    assert result["accuracy"] == np.mean(right[True] + right[False])


def test_accuracy_is_none_where_there_are_no_pairs():
    pairs = make_pairs(5, "strict")
    answers = modular_sum(pairs, 5)
    assert accuracy_by_diagonal(answers, answers, pairs)["diagonal_accuracy"] is None


def test_similarity_of_phasors_is_the_cosine_of_the_angle():
    angle = 2 * np.pi * np.arange(12) / 12
    phasors = np.column_stack([np.cos(angle), np.sin(angle)])
    expected = np.cos(2 * np.pi * np.arange(7) / 12)
    assert np.allclose(similarity_by_distance(phasors, 6), expected)


def test_overlap_with_classes_equals_a_loop():
    rng = np.random.default_rng(0)
    sdr = k_winners_take_all(rng.random((20, 15)), 5)
    classes = np.arange(20) % 3
    result = overlap_with_classes(sdr, classes)
    for row in range(20):
        for label in range(3):
            others = [n for n in range(20) if classes[n] == label and n != row]
            expected = np.mean([(sdr[row] * sdr[n]).sum() / 5 for n in others])
            assert result[row, label] == pytest.approx(expected)


@given(p=st.integers(5, 15), split=st.sampled_from(SPLITS), seed=st.integers(0, 1000))
def test_leakage_equals_counting(p, split, seed):
    train, test = split_pairs(make_pairs(p, "full"), split, 0.5, random_state=seed)
    known = {tuple(pair) for pair in train.tolist()}
    result = leakage(train, test, p)
    assert result["mirror_in_train"] == np.mean([(j, i) in known for i, j in test.tolist()])
    firsts, answers = {i for i, _ in known}, {(i + j) % p for i, j in known}
    assert result["unseen_first"] == np.mean([i not in firsts for i, _ in test.tolist()])
    assert result["unseen_answer"] == np.mean(
        [(i + j) % p not in answers for i, j in test.tolist()]
    )


def on_bits(encoder, pairs, share):
    dense = encoder.transform(pairs[:, [0]]) + encoder.transform(pairs[:, [1]])
    return k_winners_take_all(dense, round(share * encoder.n_clocks))


def test_on_the_diagonal_half_of_the_bits_beyond_one_third_are_on():
    """With i = j a clock wins if its phase u is above 2/3, so its sum's phase 2u mod 1 is
    above 1/3; of the two clocks u and u - 1/2 with that same phase of the sum one wins."""
    encoder = CycleEncoder(30_000, period=9.7, random_state=0).fit([[0]])
    pairs = np.array([[i, i] for i in range(10)])
    profile = share_on_by_sum_phase(encoder, on_bits(encoder, pairs, 1 / 3), pairs, n_bins=12)
    assert np.allclose(profile, [0] * 4 + [0.5] * 8, atol=0.03)


def test_off_the_diagonal_the_share_falls_linearly_behind_the_threshold():
    """With independent phases the sum s has a triangular density; its top third starts at
    s = 2 - sqrt(2/3) = 1.18, and among all clocks whose sum's phase is w the share 1 - w has
    s = 1 + w rather than s = w."""
    encoder = VarCycleEncoder(20_000, period_low=2, period_high=10, random_state=0).fit([[0]])
    pairs = np.array([[i, i + 60] for i in range(30)])
    profile = share_on_by_sum_phase(encoder, on_bits(encoder, pairs, 1 / 3), pairs, n_bins=20)
    middle = (np.arange(20) + 0.5) / 20
    threshold = 1 - np.sqrt(2 / 3)
    clear = np.abs(middle - threshold) > 0.06
    expected = np.where(middle > threshold, 1 - middle, 0)
    assert np.allclose(profile[clear], expected[clear], atol=0.04)


def test_ruled_out_answers_are_those_of_training_pairs_that_share_a_number():
    train, test = split_pairs(make_pairs(11, "full"), random_state=0)
    ruled_out = ruled_out_answers(train, test, 11)
    for (i, j), row in zip(test.tolist(), ruled_out, strict=True):
        shared = {(a + b) % 11 for a, b in train.tolist() if a == i or b == j}
        assert set(np.flatnonzero(row)) == shared
        assert (i + j) % 11 not in shared

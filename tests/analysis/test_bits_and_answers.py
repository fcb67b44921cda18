"""What single bits tell of the answer: closed forms against counting everything."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_selection import f_classif

from modclock.analysis.bits import (
    bit_answer_correlation,
    largest_squared_correlation,
    share_explained_by_answer,
    share_explained_by_chance,
)
from modclock.datasets import make_pairs, modular_sum

TABLES = [(n, on, right) for n in (2, 5, 8) for on, right in product(range(n + 1), repeat=2)]


@pytest.mark.parametrize(("n", "on", "right"), TABLES)
def test_the_ceiling_is_the_best_of_all_tables_with_these_margins(n, on, right):
    """Every overlap of two events that the counts allow, correlated by NumPy."""
    best = 0.0
    for both in range(max(0, on + right - n), min(on, right) + 1):
        first = np.repeat([1, 0], [on, n - on])
        second = np.zeros(n)
        second[:both] = second[on : on + right - both] = 1
        assert second.sum() == right
        if first.std() > 0 and second.std() > 0:
            best = max(best, np.corrcoef(first, second)[0, 1] ** 2)
    assert largest_squared_correlation(on / n, right / n) == pytest.approx(best, abs=1e-12)


@given(seed=st.integers(0, 10_000))
def test_no_bit_is_above_the_ceiling_nor_explained_by_more_than_all(seed):
    rng = np.random.default_rng(seed)
    bits, answers = rng.integers(2, size=(30, 6)), rng.integers(4, size=30)
    on, right = bits.mean(axis=0), np.bincount(answers, minlength=4) / 30
    ceiling = largest_squared_correlation(on[:, np.newaxis], right)
    assert (bit_answer_correlation(bits, answers, 4) ** 2 <= ceiling + 1e-12).all()
    assert (share_explained_by_answer(bits, answers, 4) <= 1 + 1e-12).all()


@given(seed=st.integers(0, 10_000))
def test_the_share_explained_follows_from_scikit_learns_analysis_of_variance(seed):
    rng = np.random.default_rng(seed)
    answers = np.arange(40) % 5
    bits = (rng.random((40, 6)) < rng.random(6) + 0.3 * (answers == 1)[:, np.newaxis]).astype(int)
    bits = bits[:, bits.std(axis=0) > 0]
    found = share_explained_by_answer(bits, answers, 5)
    inside = found < 1 - 1e-9
    expected, _ = f_classif(bits[:, inside], answers)
    assert np.allclose(found[inside] / (1 - found[inside]) * 35 / 4, expected)


def test_a_bit_that_the_answer_determines_reaches_both_ceilings():
    pairs = make_pairs(13, "strict")
    answers = modular_sum(pairs, 13)
    bits = np.isin(answers, [0, 3, 4, 9])[:, np.newaxis].astype(int)
    r2 = bit_answer_correlation(bits, answers, 13)[0] ** 2
    share = r2 / largest_squared_correlation(4 / 13, 1 / 13)
    assert share[[0, 3, 4, 9]] == pytest.approx(1)
    assert share_explained_by_answer(bits, answers, 13) == pytest.approx(1)


@pytest.mark.parametrize("answers", [[0, 0, 1, 1, 2], [0, 1, 2, 3, 3, 3], [5, 5, 5, 5, 5, 1]])
def test_what_chance_explains_is_the_mean_over_all_orders(answers):
    bits = np.array([1, 1, 0, 1, 0, 0])[: len(answers), np.newaxis]
    shares = [share_explained_by_answer(bits, order, 6)[0] for order in permutations(answers)]
    assert share_explained_by_chance(answers) == pytest.approx(np.mean(shares))


def test_bits_that_never_change_tell_nothing():
    assert share_explained_by_answer(np.ones((4, 1)), [0, 0, 1, 1], 3).tolist() == [0]
    assert largest_squared_correlation([0, 1, 0.5], [0.5, 0.5, 1]).tolist() == [0, 0, 0]

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from modclock.study.claims.intervals import Measure, difference, measure, rank_correlation


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_an_interval_encloses_the_mean_and_stays_within_the_values(values):
    result = measure(values)
    assert result.n == len(values)
    assert result.mean == pytest.approx(np.mean(values))
    slack = 1e-12
    assert min(values) - slack <= result.ci_low <= result.mean + slack
    assert result.mean - slack <= result.ci_high <= max(values) + slack


def test_an_interval_has_the_width_that_theory_expects():
    values = np.random.default_rng(0).normal(0.5, 0.1, size=400)
    half = 1.96 * values.std() / np.sqrt(400)
    result = measure(values)
    assert result.ci_low == pytest.approx(values.mean() - half, abs=0.1 * half)
    assert result.ci_high == pytest.approx(values.mean() + half, abs=0.1 * half)


@pytest.mark.parametrize("values", [[], [0.5, float("nan")]])
def test_a_measure_without_values_is_refused(values):
    with pytest.raises(ValueError, match="one number a seed"):
        measure(values)


def test_a_seed_that_counts_twice_is_refused():
    with pytest.raises(ValueError, match="a seed is there twice"):
        measure(pd.Series([0.5, 0.5], index=[0, 0]))


def test_a_measure_does_not_hang_on_the_order_of_the_seeds():
    values = pd.Series({3: 0.9, 0: 0.5, 7: 0.2, 1: 0.4})
    assert measure(values) == measure(values.sort_index()) == measure([0.5, 0.4, 0.9, 0.2])


def test_measures_print_as_percent():
    assert str(Measure(mean=0.5, ci_low=0.25, ci_high=0.751, n=3)) == "50.0% [25.0%, 75.1%]"


def test_differences_print_as_percentage_points():
    shown = str(Measure(mean=-0.026, ci_low=-0.032, ci_high=0.0, n=3, unit="points"))
    assert shown == "-2.6 points [-3.2, 0.0]"


def test_a_difference_is_paired_by_seed():
    first, second = pd.Series({0: 0.9, 1: 0.5}), pd.Series({1: 0.4, 0: 0.8})
    assert difference(first, second).mean == pytest.approx(0.1)
    with pytest.raises(ValueError, match="one number a seed"):
        difference(first, second[[0]])


def test_numbers_print_as_numbers():
    shown = str(Measure(mean=-0.5, ci_low=-0.75, ci_high=0.0, n=3, unit="number"))
    assert shown == "-0.50 [-0.75, 0.00]"


def test_a_rank_correlation_is_the_correlation_of_the_ranks():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=40), rng.integers(0, 5, size=40)
    result = rank_correlation(x, y, groups=np.arange(40))
    assert result.mean == pytest.approx(np.corrcoef(rankdata(x), rankdata(y))[0, 1])
    assert result.n == 40


def test_the_interval_of_a_rank_correlation_has_the_width_that_theory_expects():
    rng = np.random.default_rng(1)
    x = rng.normal(size=500)
    y = x + rng.normal(size=500)
    result = rank_correlation(x, y, groups=np.arange(500))
    # Standard error of Spearman's coefficient after Fisher's z, with the factor of Bonett and
    # Wright for correlations that are not small.
    error = np.sqrt((1 + result.mean**2 / 2) / (500 - 3)) * (1 - result.mean**2)
    assert result.ci_high - result.ci_low == pytest.approx(2 * 1.96 * error, rel=0.15)


def test_things_of_one_group_count_as_one():
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(2, 12))
    alone = rank_correlation(x, y, groups=np.arange(12))
    copies = rank_correlation(np.repeat(x, 5), np.repeat(y, 5), groups=np.repeat(np.arange(12), 5))
    assert copies.mean == pytest.approx(alone.mean)
    assert copies.ci_low == pytest.approx(alone.ci_low, abs=0.05)
    assert copies.ci_high == pytest.approx(alone.ci_high, abs=0.05)


def test_a_constant_has_no_rank_correlation_with_anything():
    alone = rank_correlation([5, 5, 5], [1, 2, 3], groups=[0, 1, 2])
    assert (alone.mean, alone.ci_low, alone.ci_high) == (0, 0, 0)
    # A third of the draws lacks the one that differs.
    rare = rank_correlation([0, 0, 0, 1], [1, 2, 3, 4], groups=range(4))
    assert rare.mean > 0 == rare.ci_low

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata, spearmanr

from modclock.study.claims.intervals import (
    Measure,
    difference,
    exact,
    measure,
    rank_correlation,
    ratio,
)

# Shapes that accuracies and their differences have: even, skewed, at an end, in two clumps.
DISTRIBUTIONS = {
    "normal": (lambda rng, shape: rng.normal(0.5, 0.02, shape), 0.5),
    "uniform, bounded": (lambda rng, shape: rng.uniform(size=shape), 0.5),
    "two clumps, bounded": (lambda rng, shape: rng.beta(0.5, 0.5, shape), 0.5),
    "skewed, bounded": (lambda rng, shape: rng.beta(2, 8, shape), 0.2),
    "near one, bounded": (lambda rng, shape: rng.beta(20, 1, shape), 20 / 21),
    "exponential, within bounds": (lambda rng, shape: rng.exponential(0.03, shape), 0.03),
}


@pytest.mark.parametrize("n", [3, 5, 10])
@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_intervals_of_means_cover_what_they_promise(name, n):
    draw, mean = DISTRIBUTIONS[name]
    runs = draw(np.random.default_rng(0), (4000, n))
    found = [measure(values) for values in runs]
    coverage = np.mean([covers(item, mean) for item in found])
    print(f"coverage of a 95 % interval, {name}, {n} runs: {coverage:.3f}")
    assert coverage >= 0.93


@pytest.mark.parametrize("n", [3, 5, 10])
def test_intervals_of_ratios_cover_what_they_promise(n):
    runs = np.random.default_rng(1).lognormal(np.log(20), 0.8, (4000, n))
    found = [ratio(values) for values in runs]
    coverage = np.mean([covers(item, 20) for item in found])
    print(f"coverage of a 95 % interval, ratios, {n} runs: {coverage:.3f}")
    assert coverage >= 0.93


def ends(item: Measure) -> tuple[float, float]:
    assert item.ci_low is not None
    assert item.ci_high is not None
    return item.ci_low, item.ci_high


def covers(item: Measure, truth: float) -> bool:
    low, high = ends(item)
    return low <= truth <= high


def clustered(rng, n_groups, share_of_groups, rho, *, skewed):
    """Two properties of things in groups of eight, with effects of the groups on both."""
    groups, own = rng.normal(size=(2, n_groups, 1)), rng.normal(size=(2, n_groups, 8))
    x, other = np.sqrt(share_of_groups) * groups + np.sqrt(1 - share_of_groups) * own
    y = rho * x + np.sqrt(1 - rho**2) * other
    if skewed:
        x, y = np.exp(x), np.round(np.exp(y))  # with ties
    return x.ravel(), y.ravel(), np.repeat(np.arange(n_groups), 8)


@pytest.mark.parametrize("skewed", [False, True])
@pytest.mark.parametrize("share_of_groups", [0.2, 0.7])
@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_intervals_of_rank_correlations_cover_what_they_promise(rho, share_of_groups, skewed):
    rng = np.random.default_rng(2)
    x, y, _ = clustered(rng, 4000, share_of_groups, rho, skewed=skewed)
    truth = spearmanr(x, y)[0]
    found = [
        rank_correlation(*clustered(rng, 11, share_of_groups, rho, skewed=skewed))
        for _ in range(500)
    ]
    coverage = np.mean([covers(item, truth) for item in found])
    print(f"coverage of a 95 % interval, rank correlation {truth:.2f}: {coverage:.3f}")
    assert coverage >= 0.93


def test_correlations_that_are_judged_together_hold_together():
    rng = np.random.default_rng(3)
    held = []
    for _ in range(300):
        x, y, groups = clustered(rng, 11, 0.4, 0.0, skewed=False)
        several = [rng.permutation(x.reshape(11, 8)).ravel() for _ in range(5)]
        found = [rank_correlation(z, y, groups, n_compared=5) for z in several]
        held.append(all(covers(item, 0) for item in found))
    assert np.mean(held) >= 0.93


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_an_interval_encloses_the_mean_and_stays_within_what_can_be(values):
    result = measure(values)
    assert result.n == len(values)
    assert result.mean == pytest.approx(np.mean(values))
    if len(values) < 3:
        assert result.ci_low is None is result.ci_high
    else:
        low, high = ends(result)
        assert 0 <= low <= result.mean + 1e-12
        assert result.mean - 1e-12 <= high <= 1
    assert result.values == (tuple(values) if len(values) <= 3 else ())


@pytest.mark.parametrize("values", [[], [0.5, float("nan")]])
def test_a_measure_without_values_is_refused(values):
    for make in (measure, ratio):
        with pytest.raises(ValueError, match="one number a seed"):
            make(values)


def test_a_ratio_that_is_not_positive_is_refused():
    with pytest.raises(ValueError, match="a ratio is positive"):
        ratio([1.0, 0.0, 2.0])


def test_a_seed_that_counts_twice_is_refused():
    with pytest.raises(ValueError, match="a seed is there twice"):
        measure(pd.Series([0.5, 0.5], index=[0, 0]))


def test_a_measure_does_not_depend_on_the_order_of_the_seeds():
    values = pd.Series({3: 0.9, 0: 0.5, 7: 0.2, 1: 0.4})
    assert measure(values) == measure(values.sort_index()) == measure([0.5, 0.4, 0.9, 0.2])


def test_measures_print_as_percent():
    assert str(Measure(mean=0.5, ci_low=0.25, ci_high=0.751, n=3)) == "50.0% [25.0%, 75.1%]"
    assert str(measure([0.5, 0.7])) == "60.0%"
    assert str(exact(1 / 97)) == "1.0%"


@pytest.mark.parametrize(
    ("mean", "low", "high", "shown"),
    [
        (38.76, 16.45, 91.30, "39 [16, 91]"),
        (8.119, 5.69, 11.58, "8.1 [5.7, 11.6]"),
        (0.919, 0.884, 0.951, "0.92 [0.88, 0.95]"),
        (312.4, 311.9, 312.9, "312.40 [311.90, 312.90]"),
        (0.001, -0.001, 0.004, "0.00"),
        (38.76, None, None, "38.8"),
        (152.3, None, None, "152"),
        (0.0, None, None, "0.00"),
    ],
)
def test_numbers_have_the_digits_that_their_interval_leaves(mean, low, high, shown):
    assert str(Measure(mean=mean, ci_low=low, ci_high=high, n=5, unit="number")) == shown


def test_differences_print_as_percentage_points():
    shown = str(Measure(mean=-0.026, ci_low=-0.032, ci_high=0.0, n=3, unit="points"))
    assert shown == "-2.6 points [-3.2, 0.0]"
    shown = str(Measure(mean=0.0, ci_low=-0.0004, ci_high=0.001, n=3, unit="points"))
    assert shown == "0.0 points [0.0, 0.1]"


def test_a_difference_is_paired_by_seed():
    first, second = pd.Series({0: 0.9, 1: 0.5}), pd.Series({1: 0.4, 0: 0.8})
    assert difference(first, second).mean == pytest.approx(0.1)
    with pytest.raises(ValueError, match="one number a seed"):
        difference(first, second[[0]])


def test_numbers_print_as_numbers():
    shown = str(Measure(mean=-0.5, ci_low=-0.75, ci_high=0.0, n=3, unit="number"))
    assert shown == "-0.50 [-0.75, 0.00]"


def test_a_ratio_is_a_geometric_mean():
    assert ratio([2, 8]).mean == pytest.approx(4)
    found, turned = ratio([2, 8, 3]), ratio([1 / 2, 1 / 8, 1 / 3])
    assert ends(found)[0] == pytest.approx(1 / ends(turned)[1])


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
    assert np.ptp(ends(result)) == pytest.approx(2 * 1.96 * error, rel=0.15)


def test_things_of_one_group_count_as_one():
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(2, 12))
    alone = rank_correlation(x, y, groups=np.arange(12))
    copies = rank_correlation(np.repeat(x, 5), np.repeat(y, 5), groups=np.repeat(np.arange(12), 5))
    assert copies.mean == pytest.approx(alone.mean)
    assert copies.n == 12
    assert ends(copies) == pytest.approx(ends(alone))


def test_a_constant_has_no_rank_correlation_with_anything():
    alone = rank_correlation([5, 5, 5], [1, 2, 3], groups=[0, 1, 2])
    assert (alone.mean, *ends(alone)) == (0, 0, 0)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_perfect_order_has_no_interval(sign):
    """Leaving one out changes nothing, so the jackknife can't say how sure it is."""
    x = np.arange(7)
    found = rank_correlation(x, sign * x**2, groups=x)
    assert found.mean == pytest.approx(sign)
    assert (found.ci_low, found.ci_high) == (None, None)
    assert str(found) == f"{sign:.2f}"


def test_two_groups_have_no_interval():
    assert rank_correlation([1, 2, 3], [1, 3, 2], groups=[0, 0, 1]).ci_low is None

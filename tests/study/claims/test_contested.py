from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from modclock.study.claims.contested import (
    error_in_middle,
    rank_in_middle,
    standings,
)

RNG = np.random.default_rng(0)
ROWS = pd.DataFrame(
    {
        "part": ["a"] * 30 + ["b"] * 30,
        "kind": [f"kind {n % 5}" for n in range(60)],
        "accuracy": RNG.random(60),
        "good": 0.0,
        "bad": RNG.random(60),
    }
)
ROWS["good"] = ROWS.accuracy + RNG.normal(0, 0.05, 60)
MIDDLE = ROWS[(ROWS.accuracy > 0.05) & (ROWS.accuracy < 0.95)]


def test_only_the_middle_counts_for_ranks_and_errors():
    rank, error = (found(ROWS, "good", "kind") for found in (rank_in_middle, error_in_middle))
    assert rank.mean == pytest.approx(MIDDLE.good.corr(MIDDLE.accuracy, method="spearman"))
    by_kind = [(one.good - one.accuracy).abs().mean() for _, one in MIDDLE.groupby("kind")]
    assert error.mean == pytest.approx(np.mean(by_kind))
    assert rank.n == error.n == 5
    outside = ROWS.assign(good=np.where(ROWS.index.isin(MIDDLE.index), ROWS.good, 7.0))
    assert rank_in_middle(outside, "good", "kind") == rank


def test_an_empty_middle_has_no_interval():
    nothing = ROWS.assign(accuracy=0.0)
    for found in (rank_in_middle, error_in_middle):
        assert found(nothing, "good", "kind").ci_low is None


def test_standings_are_those_of_pandas():
    found = standings(ROWS, {"good": "Good", "bad": "Bad"}, {"A": ["a"], "both": ["a", "b"]})
    assert len(found) == 4
    row = found[(found.predictor == "Bad") & (found.part == "A")].iloc[0]
    part = ROWS[ROWS.part == "a"]
    middle = MIDDLE[MIDDLE.part == "a"]
    assert (row.pipelines, row.middle) == (30, len(middle))
    assert row["rank"] == pytest.approx(middle.bad.corr(middle.accuracy, method="spearman"))
    assert row.rank_of_all == pytest.approx(part.bad.corr(part.accuracy, method="spearman"))
    assert row.error == pytest.approx((middle.bad - middle.accuracy).abs().mean())
    assert row.error_of_all == pytest.approx((part.bad - part.accuracy).abs().mean())


def test_two_pipelines_in_the_middle_are_too_few():
    few = ROWS.assign(accuracy=np.where(ROWS.index < 2, 0.5, 0.0))
    found = standings(few, {"good": "Good"}, {"A": ["a"]}).iloc[0]
    assert np.isnan(found["rank"])
    assert np.isnan(found.error)

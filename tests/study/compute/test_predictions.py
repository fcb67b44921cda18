from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from modclock.analysis.predictors import PREDICTORS
from modclock.study.compute.predictions import (
    Fixed,
    check_fixed_before,
    forecasts,
    networks,
    predictions,
)
from modclock.study.compute.store import TrialStore
from modclock.study.errors import InputError
from modclock.study.trials.field import draw_field

RNG = np.random.default_rng(0)
N = 40


@pytest.fixture
def said() -> pd.DataFrame:
    """What entrants say of 20 pipelines to choose by and 20 to judge by."""
    frame = pd.DataFrame({name: RNG.random(N) for name in PREDICTORS})
    frame["part"] = ["choosing"] * 20 + ["judging"] * 12 + ["wine"] * 8
    frame["case"] = np.arange(N)
    frame["kind"] = [f"kind {n % 4}" for n in range(N)]
    frame["composition"] = ["or" if n % 3 else "xor" for n in range(N)]
    frame["guessing"] = 0.1
    return frame


@pytest.fixture
def accuracy() -> pd.Series:
    return pd.Series(RNG.random(20), index=pd.RangeIndex(20, name="case"))


UNITLESS = next(name for name, entrant in PREDICTORS.items() if not entrant.gives_accuracy)
WITH_UNIT = next(name for name, entrant in PREDICTORS.items() if entrant.gives_accuracy)


def test_accuracies_are_taken_as_they_are_said(said, accuracy):
    found = predictions(said, accuracy)
    assert found.case.tolist() == [*range(20, N)]
    np.testing.assert_allclose(found[WITH_UNIT], said[WITH_UNIT][20:])


def test_a_score_that_ranks_the_choosing_half_without_a_mistake_becomes_its_accuracies(
    said, accuracy
):
    said.loc[:19, UNITLESS] = -3 * accuracy.to_numpy()
    said.loc[20:, UNITLESS] = -3 * accuracy.to_numpy()[::-1]
    found = predictions(said, accuracy)
    np.testing.assert_allclose(found[UNITLESS], accuracy.to_numpy()[::-1], atol=1e-5)


def test_nothing_is_fitted_on_what_judges(said, accuracy):
    found = predictions(said, accuracy)
    without = predictions(said[said.part != "wine"], accuracy)
    shared = found.part != "wine"
    pd.testing.assert_frame_equal(found[shared], without, atol=1e-5)


def test_the_lookup_is_a_mean_of_the_choosing_half(said, accuracy):
    found = predictions(said, accuracy).set_index("case").lookup
    alike = (said.kind == said.kind[25]) & (said.composition == said.composition[25])
    assert found[25] == pytest.approx(accuracy[alike[:20][alike[:20]].index].mean())


def test_what_an_entrant_could_not_say_is_guessing(said, accuracy):
    said.loc[21, WITH_UNIT] = np.nan
    assert predictions(said, accuracy)[WITH_UNIT][1] == 0.1
    said.loc[[3, 22], UNITLESS] = np.nan
    assert predictions(said, accuracy).notna().all(axis=None)


def test_plans_split_the_networks_and_share_the_codes():
    field = draw_field(3, 2, 1)
    first = networks(field, 2, choosing=True)
    others = networks(field, 2, choosing=False)
    assert {part for part, _, _ in first} == {"choosing"}
    assert len(first) == 6
    assert len(others) == 2 * (2 + 9)
    for (part, case, seed), network in (first | others).items():
        assert network.network_seed == seed
        shared = forecasts(field)[part, case].spec()
        assert shared.items() <= network.spec().items()


def finished_at(store: TrialStore, key: str, moment: str) -> None:
    store.put(key, {}, {}, 0.0)
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE trials SET finished = ? WHERE key = ?", (moment, key))
    connection.close()


@pytest.fixture
def store(monkeypatch, tmp_path) -> TrialStore:
    monkeypatch.setenv("MODCLOCK_OUT", str(tmp_path))
    return TrialStore(tmp_path / "trials.sqlite")


def test_predictions_that_are_newer_than_a_network_are_refused(store):
    fixed = Fixed(pd.DataFrame(), "2026-01-01T10:00:00+00:00", Path("predictions.csv"))
    finished_at(store, "late", "2026-01-01T10:00:01+00:00")
    check_fixed_before(fixed, ["late"])
    finished_at(store, "early", "2026-01-01T09:59:59+00:00")
    with pytest.raises(InputError, match=r"predictions.csv: .*10:00:00.* trained at .*09:59:59"):
        check_fixed_before(fixed, ["late", "early"])


def test_a_run_writes_its_predictions_and_the_command_fixes_the_same(smoke_run, monkeypatch):
    from modclock.study.runner import predict_outcomes

    written = smoke_run.folder / "predictions.csv"
    text = written.read_text()
    table = pd.read_csv(written)
    assert set(PREDICTORS) | {"part", "case", "lookup", "combined", "guessing"} == set(table)
    assert table.drop(columns=["part", "case"]).stack().between(0, 1).all()
    monkeypatch.setenv("MODCLOCK_OUT", str(smoke_run.out))
    assert predict_outcomes("smoke") == written
    assert written.read_text() == text

from __future__ import annotations

import json
from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from sklearn.neural_network import MLPClassifier

from modclock.analysis.predictors import PREDICTORS
from modclock.analysis.predictors.kernel_check import check_kernel_theory
from modclock.datasets import make_pairs
from modclock.encoders import VarCycleEncoder
from modclock.pairing import PairEncoder
from modclock.study.running.notebooks import find_notebooks
from modclock.study.trials.base import one_thread_quietly
from modclock.study.trials.field import CHOOSING, JUDGING, UNSEEN, draw_field
from modclock.study.trials.field_encoders import KINDS
from modclock.study.trials.forecast import Forecast
from modclock.study.trials.kernel_theory import KernelTheory
from modclock.study.trials.knob_sweep import KNOBS, KnobSweep
from modclock.study.trials.network_outcome import NetworkOutcome

SMALL: dict[str, Any] = {"size": 13, "encoder_params": {"n_clocks": 40}, "k": 13}


def profile_field(profile: str):
    (notebook,) = find_notebooks(["22"])
    chosen = notebook.parameters(profile, {})
    counts = [chosen[f"n_{part}"] for part in ("choosing", "judging", "unseen")]
    return draw_field(
        *counts, **{name: chosen[name] for name in ("tasks", "sizes", "most_steps", "first_seed")}
    )


def test_no_kind_of_encoder_is_in_both_halves():
    assert not set(CHOOSING) & set(JUDGING)
    assert set(CHOOSING) | set(JUDGING) <= set(KINDS)
    field = draw_field(30, 30, 4)
    kinds = {part: {q.kind for q in field if q.part == part} for part in ("choosing", "judging")}
    assert kinds == {"choosing": set(CHOOSING), "judging": set(JUDGING)}
    classes = [{q.fields["encoder"] for q in field if q.part == part} for part in kinds]
    assert not classes[0] & classes[1]


def test_a_field_has_as_many_pipelines_as_were_asked_for():
    counts = Counter(q.part for q in draw_field(7, 6, 3))
    assert counts == {"choosing": 7, "judging": 6} | dict.fromkeys(UNSEEN, 3)
    assert all(q.fields["task"] == "add" for q in draw_field(4, 4, 0))


def test_the_full_field_is_large_enough_and_spreads_over_its_settings():
    of_sum = [q for q in profile_field("full") if q.part in ("choosing", "judging")]
    assert len(of_sum) >= 300
    shares = [q.fields["train_fraction"] for q in of_sum]
    assert min(shares) < 0.3
    assert max(shares) > 0.75
    assert {q.fields["n_classes"] for q in of_sum} == {None, 6, 12}
    counts = Counter(q.part for q in profile_field("full"))
    assert all(24 <= counts[part] <= 36 for part in UNSEEN)


def test_no_pipeline_is_in_two_profiles():
    """Else networks of one were there before the predictions of another."""
    drawn = [
        {json.dumps(q.fields, sort_keys=True) for q in profile_field(profile)}
        for profile in ("smoke", "quick", "full")
    ]
    assert not any(one & other for one, other in combinations(drawn, 2))


@pytest.mark.parametrize("seed", [1, 2])
def test_every_drawn_pipeline_can_be_encoded_and_asked_about(seed):
    for pipeline in draw_field(20, 20, 4, first_seed=seed):
        if pipeline.part == "S5":
            NetworkOutcome(**pipeline.fields)  # 14400 rows: too slow for each
            continue
        codes, answers, train, test = NetworkOutcome(**pipeline.fields).encoded()
        assert np.isfinite(codes).all()
        assert np.ptp(codes[train], axis=0).any(), pipeline
        assert len(np.unique(answers[train])) > 1, pipeline
        assert sorted([*train, *test]) == [*range(len(answers))]


def test_rows_are_encoded_and_split_by_the_seed_of_the_pipeline_alone():
    first = NetworkOutcome(**SMALL, seed=3, network_seed=0).encoded()
    second = NetworkOutcome(**SMALL, seed=3, network_seed=1).encoded()
    for one, again in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, again)
    other = NetworkOutcome(**SMALL, seed=4).encoded()
    assert (other.codes != first.codes).any()
    assert (other.train != first.train).any()


def test_codes_are_those_of_the_pair_encoder():
    task = NetworkOutcome(**SMALL, seed=3)
    encoder = VarCycleEncoder(40, random_state=task._stream(1))
    expected = PairEncoder(encoder, k=13).fit_transform(make_pairs(13))
    assert (task.encoded().codes == expected).all()


def test_a_network_is_trained_for_all_its_epochs():
    trial = NetworkOutcome(**SMALL, epochs=60, width_factor=0.05, seed=3, network_seed=2)
    codes, answers, train, test = trial.encoded()
    found = trial.run()
    assert found["n_train"] == len(train)
    patient = {"tol": 0.0, "n_iter_no_change": 10**6}
    network = MLPClassifier((40, 20, 20, 20, 20), random_state=_state(2), max_iter=60, **patient)
    with one_thread_quietly():
        network.fit(codes[train], answers[train])
    assert network.n_iter_ == 60
    assert found["test_accuracy"] == network.score(codes[test], answers[test])


def _state(seed: int) -> int:
    return int(np.random.SeedSequence(seed).generate_state(3)[2])


class Shuffled(Forecast):
    """The same, with the answers of the test rows in another order."""

    def encoded(self):
        rows = super().encoded()
        answers = rows.answers.copy()
        answers[rows.test] = np.random.default_rng(0).permutation(answers[rows.test])
        assert (answers != rows.answers).any()
        return rows._replace(answers=answers)


def test_no_entrant_sees_the_answers_of_test_rows():
    told = Forecast(**SMALL).run()
    assert told == Shuffled(**SMALL).run()
    assert told.keys() == PREDICTORS.keys() | {"guessing"}


def test_the_theory_of_the_kernel_is_checked_at_each_share_and_depth():
    trial = KernelTheory(**SMALL, shares=[0.3, 0.6], depths=[0, 2])
    found = trial.run()["checks"]
    rows = trial.encoded()
    expected = check_kernel_theory(
        rows.codes,
        rows.answers,
        train_fractions=[0.3, 0.6],
        depths=[0, 2],
        random_state=trial._stream(0),
    )
    assert found == [check._asdict() for check in expected]
    assert len(found) == 4


def test_a_sweep_has_each_value_of_each_knob_and_they_matter():
    sweep = KnobSweep(**SMALL, train_fraction=0.6).run()["sweep"]
    assert Counter(row["knob"] for row in sweep) == {
        knob: len(values) for knob, (values, _) in KNOBS.items()
    }
    for knob in KNOBS:
        assert len({row["score"] for row in sweep if row["knob"] == knob}) > 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"k": None}, "needs k"),
        ({"composition": "dense_sum"}, "takes no k"),
        ({"composition": "sum"}, "composition"),
        ({"task": "sums"}, "task"),
        ({"encoder": "Clocks"}, "encoder"),
        ({"train_fraction": 1.0}, "less than 1"),
        ({"epochs": 0}, "greater than or equal to 1"),
        ({"task": "wine"}, "own_places"),
        ({"own_places": True, "composition": "bind", "k": None}, "composition"),
        ({"n_classes": 20}, "n_classes"),
    ],
)
def test_what_can_not_be_is_refused_at_once(change, message):
    with pytest.raises(ValidationError, match=message):
        NetworkOutcome(**SMALL | change)

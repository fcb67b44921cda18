from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from modclock.feature_learning import RecursiveFeatureMachine
from modclock.study.trials.feature_machine import FeatureMachineTrial

P = 23
ONE_HOT: dict[str, Any] = {
    "p": P,
    "pairs": "full",
    "split": "random",
    "encoder": "OneHotNumberEncoder",
    "encoder_params": {"p": P},
    "composition": "concatenate_dense",
}


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    trial = FeatureMachineTrial(
        **ONE_HOT, train_fraction=0.75, read_out=True, width_factor=0.05, epochs=2
    )
    return json.loads(json.dumps(trial.run()))


def test_it_groks(found):
    rows = found["evaluations"]
    assert [row["step"] for row in rows] == list(range(len(rows)))
    assert {row["train_accuracy"] for row in rows} == {1.0}
    assert rows[0]["test_accuracy"] == found["first_accuracy"] < 0.05
    assert found["step_before"] > 1
    assert all(row["test_accuracy"] <= 0.05 for row in rows[: found["step_before"] + 1])
    assert rows[found["step_before"] + 1]["test_accuracy"] > 0.05
    assert found["steps_to_target"] == len(rows) - 1
    assert rows[-1]["test_accuracy"] >= 0.95
    assert found["test_accuracy"] == rows[-1]["test_accuracy"]


def test_circulants_form_before_it_does(found):
    shares = [row["circulant"] for row in found["evaluations"]]
    assert shares[0] == 0
    assert shares[found["step_before"]] > 3 / P
    assert shares[-1] > shares[found["step_before"]]
    assert np.shape(found["block"]) == (P, P)


def test_the_kernel_reads_the_encoding_as_the_machine_does(found):
    kernel = {
        row["encoding"]: row["test_accuracy"]
        for row in found["readers"]
        if row["learner"] == "quadratic kernel"
    }
    at = found["evaluations"]
    assert kernel["untrained"] == pytest.approx(at[0]["test_accuracy"], abs=0.02)
    assert kernel["before"] == pytest.approx(at[found["step_before"]]["test_accuracy"], abs=0.02)
    assert kernel["after"] == pytest.approx(found["test_accuracy"], abs=0.02)
    assert kernel["numbers exchanged"] < 0.3
    assert kernel["second number negated"] < 0.3
    assert kernel["random, all frequencies alike"] > 0.9


def test_mirror_images_make_up_the_mean(found):
    trial = FeatureMachineTrial(**ONE_HOT, train_fraction=0.75, n_steps=0)
    train, test = trial.split_pairs()
    images = {(j, i) for i, j in train.tolist()}
    share = np.mean([tuple(pair) in images for pair in test.tolist()])
    for row in found["evaluations"]:
        both = share * row["mirrored_accuracy"] + (1 - share) * row["new_accuracy"]
        assert both == pytest.approx(row["test_accuracy"])
    mirrored = FeatureMachineTrial(**ONE_HOT | {"split": "mirrored"}, n_steps=0).run()
    assert mirrored["evaluations"][0]["mirrored_accuracy"] is None


def test_other_encodings_are_those_of_the_machine_itself():
    trial = FeatureMachineTrial(p=11, encoder_params={"n_clocks": 30}, k=10, n_steps=2, target=1.0)
    train, test = trial.split_pairs()
    encoder = trial.pair_encoder().fit(train)
    machine = RecursiveFeatureMachine(n_steps=2, power=0.5)
    machine.fit(encoder.transform(train), train.sum(axis=1) % 11)
    expected = machine.score(encoder.transform(test), test.sum(axis=1) % 11)
    found = trial.run()
    assert found["test_accuracy"] == pytest.approx(expected)
    assert "block" not in found
    assert found["evaluations"][0]["circulant"] is None


@pytest.mark.parametrize(
    "changed", [{"n_steps": -1}, {"target": 0.0}, {"power": 0.0}, {"ridge": 0.0}]
)
def test_values_out_of_range_are_refused(changed):
    with pytest.raises(ValidationError):
        FeatureMachineTrial(**ONE_HOT | changed)


def test_readers_are_for_one_hot_numbers_side_by_side():
    with pytest.raises(ValidationError, match="read_out: it is for OneHotNumberEncoder"):
        FeatureMachineTrial(p=11, encoder_params={"n_clocks": 30}, k=10, read_out=True)

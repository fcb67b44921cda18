from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from modclock.grokking.presets import PRESETS
from modclock.study.compute.run_trials import trial_frame
from modclock.study.trials.keys import trial_key
from modclock.study.trials.transformer import TransformerTrial
from modclock.study.trials.trial import Trial

SMALL = PRESETS["fast"] | {
    "p": 7,
    "width": 8,
    "mlp_width": 12,
    "batch_size": None,
    "n_steps": 40,
}


def test_the_split_is_that_of_a_trial_with_the_same_seed():
    ours = TransformerTrial(**SMALL, seed=3).split_pairs()
    other = Trial(p=7, pairs="full", split="mirrored", k=5, seed=3).split_pairs()
    for mine, theirs in zip(ours, other, strict=True):
        assert mine.tolist() == theirs.tolist()


def test_metrics_are_plain_values_and_come_out_alike():
    trial = TransformerTrial(**SMALL, n_checkpoints=3, probe=True, seed=1)
    first, second = trial.run(), trial.run()
    assert json.loads(json.dumps(first)) == first == second
    assert [row["step"] for row in first["checkpoints"]] == [0, 10, 40]
    assert {row["step"] for row in first["readouts"]} == {0, 10, 40}
    assert len(first["spectra"]) == 3 * 3
    assert len(first["neurons"]) == 12


def test_other_learners_can_be_trained_on_the_embedding_alone():
    sums = TransformerTrial(**SMALL, n_checkpoints=1, probe="embedding", seed=1).run()
    assert {row["input"] for row in sums["readouts"]} == {"embedding"}
    assert sums["readouts"] == [
        row
        for row in TransformerTrial(**SMALL, n_checkpoints=1, probe=True, seed=1).run()["readouts"]
        if row["input"] == "embedding"
    ]


def test_other_operations_are_learned_and_measured_without_what_is_for_sums():
    largest = TransformerTrial(
        **SMALL | {"n_steps": 400, "train_fraction": 0.7}, operation="max", n_checkpoints=1,
        probe="embedding",
    ).run()  # fmt: skip
    assert largest["train_accuracy"] > 0.9
    assert "checkpoints" not in largest
    assert {row["learner"] for row in largest["readouts"]} == {"linear readout", "network"}


def test_steps_to_learn_are_those_of_the_evaluations():
    metrics = TransformerTrial(**SMALL | {"n_steps": 400}, seed=1).run()
    for side in ("train", "test"):
        steps = [row["step"] for row in metrics["evaluations"] if row[f"{side}_accuracy"] >= 0.99]
        assert metrics[f"steps_to_{side}"] == (min(steps) if steps else None)
    assert metrics["steps_to_train"] is not None


def test_a_scaled_start_is_as_many_times_as_long():
    lengths = [
        TransformerTrial(**SMALL | {"n_steps": 1, "evaluate_every": 1}, start_scale=scale).run()[
            "evaluations"
        ][0]["weight_norm"]
        for scale in (1.0, 3.0)
    ]
    assert lengths[1] == pytest.approx(3 * lengths[0])


def test_a_loss_that_is_no_number_is_a_result_that_says_so():
    metrics = TransformerTrial(**SMALL | {"learning_rate": 1e30}).run()
    assert metrics["error"] == "the training loss is nan at step 10"
    assert metrics["steps_to_test"] is None


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"heads": 3}, "3 heads do not divide a width of 8"),
        ({"train_fraction": 1.0}, "train_fraction lies strictly between 0 and 1"),
        ({"train_fraction": 0.001}, "leaves the training or the test part empty"),
        ({"batch_size": 1000}, "more than the 23 training pairs"),
        ({"split": "mirored"}, "did you mean 'mirrored'"),
        ({"weight_decay": float("nan")}, "weight_decay"),
        ({"layers": 0}, "layers"),
        ({"widht": 8}, "widht"),
        ({"p": 8, "n_checkpoints": 2}, "odd p"),
    ],
)
def test_bad_input_is_refused_before_training(changed, message):
    with pytest.raises(ValidationError, match=message):
        TransformerTrial(**SMALL | changed)


def test_the_key_depends_on_the_network_and_on_jax(monkeypatch):
    trial = TransformerTrial(**SMALL)
    key = trial_key(trial)
    assert key == trial_key(TransformerTrial(**SMALL))
    assert key != trial_key(TransformerTrial(**SMALL | {"weight_decay": 3.0}))
    versions = "modclock.study.trials.keys._versions"
    monkeypatch.setattr(versions, lambda names: {n: "0" if n == "jax" else "1" for n in names})
    of_other_versions = trial_key(trial), trial_key(Trial(k=133))
    monkeypatch.setattr(versions, lambda names: dict.fromkeys(names, "1"))
    assert trial_key(trial) != of_other_versions[0]
    assert trial_key(Trial(k=133)) == of_other_versions[1]


def test_trials_of_both_kinds_become_one_table():
    plan = {"transformer": TransformerTrial(**SMALL), "network": Trial(p=7, k=5)}
    frame = trial_frame(plan, ["label"], [{"test_accuracy": 0.5}, {"test_accuracy": 0.5}])
    assert frame.label.tolist() == ["transformer", "network"]
    assert frame.test_accuracy.tolist() == [0.5, 0.5]
    assert frame.weight_decay.iloc[0] == SMALL["weight_decay"]

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from sklearn.neural_network import MLPClassifier

from modclock.classifiers import PRESETS
from modclock.datasets import modular_sum
from modclock.study.errors import explain
from modclock.study.trials.trial import Trial

SMALL: dict[str, Any] = {"p": 11, "k": 10, "encoder_params": {"n_clocks": 30}}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"k": 500}, "k lies in 1..400"),
        ({"k": 0}, "PairEncoder: k takes a whole number of at least 1"),
        ({"k": 10.0}, "k: Input should be a valid integer"),
        ({"k": None}, "k: composition 'overlap' of VarCycleEncoder needs k"),
        ({"composition": "dense_sum"}, "k: composition 'dense_sum' of VarCycleEncoder takes no k"),
        ({"composition": "overlpa"}, "did you mean 'overlap'"),
        ({"composition": "levels_by_rank", "k": None}, "of VarCycleEncoder needs n_levels"),
        (
            {"composition": "levels_by_rank", "k": None, "n_levels": 1},
            "n_levels takes a whole number",
        ),
        ({"composition": "bind", "k": None}, "needs an encoder of phasors or blocks"),
        ({"encoder": "GridCellEncoder", "composition": "or"}, "of GridCellEncoder takes no k"),
        ({"p": 1}, "modulus"),
        ({"p": "97"}, "p: Input should be a valid integer"),
        ({"pairs": "strickt"}, "did you mean 'strict'"),
        ({"split": "mirror"}, "did you mean 'mirrored'"),
        ({"train_fraction": 1.0}, "train_fraction"),
        ({"encoder": "VarCycleEncode"}, "did you mean 'VarCycleEncoder'"),
        ({"encoder_params": {"n_clock": 3}}, "did you mean 'n_clocks'"),
        ({"encoder_params": {"period_low": 9, "period_high": 3}}, "period_low=9"),
        ({"encoder_params": {"period_low": -1}}, "period_low"),
        ({"encoder_params": {"random_state": 3}}, "unknown name 'random_state'"),
        ({"classifier": "mlp"}, "classifier: unknown name 'mlp'"),
        ({"classifier_params": {"width": 2}}, "did you mean 'width_factor'"),
        ({"classifier_params": {"width_factor": 0.0001}}, "width_factor"),
        ({"classifier_params": {"max_iter": 0}}, "max_iter"),
        ({"classifier": "mlp_regressor", "classifier_params": {"max_iter": 0}}, "max_iter"),
        ({"seed": -1}, "seed: Input should be greater than or equal to 0"),
        ({"kk": 3}, "kk: unknown field"),
    ],
)
def test_a_trial_refuses_what_it_can_not_do(fields, message):
    with pytest.raises(ValidationError) as caught:
        Trial(**({"k": 133} | fields))
    assert message in explain(caught.value)
    assert "\n" not in explain(caught.value)


def test_a_trial_equals_its_parts_put_together_by_hand():
    trial = Trial(**SMALL, seed=4, classifier_params={"width_factor": 0.05, "max_iter": 30})
    metrics = trial.run()
    split_seed, encoder_seed, learner_seed = (
        int(word) for word in np.random.SeedSequence(4).generate_state(3)
    )
    pairs = np.array([(i, j) for i in range(11) for j in range(i)])
    order = np.random.RandomState(split_seed).permutation(55)
    train, test = pairs[order[:27]], pairs[order[27:]]
    clocks = np.random.RandomState(encoder_seed)
    starts, periods = clocks.uniform(size=30), clocks.uniform(2, 10, size=30)

    def encode(part):
        dense = sum((starts + part[:, [c]] / periods) % 1 for c in (0, 1))
        sdr = np.zeros(dense.shape, np.float32)
        np.put_along_axis(sdr, np.argsort(-dense, axis=1, kind="stable")[:, :10], 1, axis=1)
        return sdr

    with pytest.warns(match="Maximum iterations"):
        network = MLPClassifier((40, 20, 20, 20, 20), max_iter=30, random_state=learner_seed).fit(
            encode(train), modular_sum(train, 11)
        )
    assert metrics["test_predictions"] == network.predict(encode(test)).tolist()
    assert metrics["train_accuracy"] == network.score(encode(train), modular_sum(train, 11))
    assert (metrics["n_train"], metrics["n_test"]) == (27, 28)


def test_the_same_trial_gives_the_same_bytes_and_another_seed_does_not():
    def run(seed):
        trial = Trial(**SMALL, seed=seed, classifier_params={"width_factor": 0.05})
        return json.dumps(trial.run())

    assert run(1) == run(1)
    assert run(1) != run(2)


def test_trials_of_one_seed_share_split_and_clocks():
    first = Trial(**SMALL, seed=3, classifier="nearest_neighbor")
    second = Trial(**SMALL, seed=3, classifier="mlp_classifier")
    assert np.array_equal(first.split_pairs()[0], second.split_pairs()[0])
    clocks = [trial.pipeline()[0].fit([[0, 0]]).encoder_ for trial in (first, second)]
    assert np.array_equal(clocks[0].starts_, clocks[1].starts_)


def test_metrics_are_plain_json():
    trial = Trial(**SMALL, classifier="nearest_neighbor")
    metrics = trial.run()
    assert json.loads(json.dumps(metrics, allow_nan=False)) == metrics
    assert metrics["test_diagonal_accuracy"] is None


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_runs_as_a_trial(name):
    small: dict[str, Any] = {"width_factor": 0.2, "max_iter": 60}
    trial = Trial(
        p=11,
        k=20,
        encoder_params={"n_clocks": 60},
        classifier=name,
        classifier_params=small if name.startswith("mlp") else {},
    )
    metrics = trial.run()
    assert metrics["train_accuracy"] >= metrics["test_accuracy"]
    assert len(metrics["test_predictions"]) == 28

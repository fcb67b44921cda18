from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from sklearn.neural_network import MLPClassifier

from modclock.study.trials.curve import CurveTrial
from modclock.study.trials.trial import Trial

SMALL: dict[str, Any] = {
    "p": 11,
    "composition": "dense_sum",
    "encoder_params": {"n_clocks": 30},
    "classifier_params": {"width_factor": 0.1},
}


def curve(**fields) -> CurveTrial:
    return CurveTrial(**SMALL | {"epochs": [5, 40]} | fields)


def test_a_longer_training_begins_as_a_shorter_one_does():
    both = curve().run()["evaluations"]
    assert both[:1] == curve(epochs=[5]).run()["evaluations"]
    assert both[1]["train_accuracy"] > both[0]["train_accuracy"]


@pytest.mark.parametrize("scaling", ["none", "centred", "standardised"])
def test_codes_are_scaled_by_what_the_training_pairs_have(scaling):
    trial = curve(scaling=scaling, holdout=0.25, learning_rate=0.003)
    found = trial.run()
    train, test = trial.split_pairs()
    assert found["n_train"] + found["n_validation"] == len(train)
    assert found["n_validation"] == round(len(train) / 4)
    # The same by hand, with the order that the trial's own stream gives.
    order = np.random.default_rng(trial._stream(2)).permutation(train)
    kept, aside = order[found["n_validation"] :], order[: found["n_validation"]]
    encoder = trial.pair_encoder().fit(kept)
    codes = encoder.transform(kept)
    mean = 0 if scaling == "none" else codes.mean(axis=0)
    spread = codes.std(axis=0) if scaling == "standardised" else 1
    network = MLPClassifier(
        trial.pipeline()[-1].hidden_layer_sizes,
        learning_rate_init=0.003,
        random_state=trial._stream(2),
    )
    for _ in range(40):
        network.partial_fit((codes - mean) / spread, kept.sum(axis=1) % 11, classes=np.arange(11))
    for name, pairs in (("train", kept), ("validation", aside), ("test", test)):
        scaled = (encoder.transform(pairs) - mean) / spread
        right = network.predict(scaled) == pairs.sum(axis=1) % 11
        assert found["evaluations"][-1][f"{name}_accuracy"] == pytest.approx(right.mean())


def test_shuffled_answers_are_learned_by_heart_alone():
    fields = {"p": 23, "composition": "overlap", "k": 10, "epochs": [300], "learning_rate": 0.01}
    shuffled = curve(**fields, shuffled_labels=True).run()
    assert shuffled["train_accuracy"] > 0.9
    assert shuffled["test_accuracy"] < 0.12
    assert curve(**fields).run()["test_accuracy"] > shuffled["test_accuracy"]


def test_it_does_not_stop_where_the_loss_stands_still():
    stuck = {"scaling": "none", "learning_rate": 1e-6}
    assert [row["epoch"] for row in curve(**stuck).run()["evaluations"]] == [5, 40]


def test_splits_and_clocks_are_those_of_a_trial_with_the_same_seed():
    ours, theirs = curve(seed=3), Trial(**SMALL, seed=3)
    assert np.array_equal(ours.split_pairs()[1], theirs.split_pairs()[1])
    pairs = np.array([[3, 1]])
    assert np.array_equal(
        ours.pair_encoder().fit_transform(pairs), theirs.pair_encoder().fit_transform(pairs)
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"epochs": []}, "at least 1 item"),
        ({"epochs": [5, 5]}, "epochs: rising numbers of at least 1"),
        ({"epochs": [0, 5]}, "epochs: rising numbers of at least 1"),
        ({"classifier": "ridge_readout", "classifier_params": {}}, "mlp_classifier alone"),
        ({"scaling": "centered"}, "'none', 'centred' or 'standardised'"),
        ({"learning_rate": 0.0}, "greater than 0"),
        ({"holdout": 1.0}, "less than 1"),
    ],
)
def test_what_can_not_be_is_refused(fields, message):
    with pytest.raises(ValidationError, match=message):
        curve(**fields)

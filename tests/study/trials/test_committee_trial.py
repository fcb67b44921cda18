from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from modclock.study.trials.committee import CommitteeTrial

SMALL: dict[str, Any] = {
    "weight_decay": 0.5,
    "n_inputs": 20,
    "n_examples": 400,
    "start_length": 1.0,
}


def test_metrics_are_plain_values_and_come_out_alike():
    trial = CommitteeTrial(**SMALL, examples=1.0, n_steps=50, record_every=20, seed=3)
    first, second = trial.run(), trial.run()
    assert json.loads(json.dumps(first)) == first == second
    assert [record["step"] for record in first["lengths"]] == [20, 40]


def test_without_examples_to_speak_of_the_length_is_that_of_noise_and_decay():
    trial = CommitteeTrial(**SMALL, examples=1e-6, n_steps=20_000, record_every=100)
    lengths = [record["length"] for record in trial.run()["lengths"]]
    # A Gaussian weight has the variance 1 / (n_inputs * weight_decay).
    assert np.mean(np.square(lengths[50:])) == pytest.approx(1 / 0.5, rel=0.1)


@pytest.mark.parametrize(
    "changed", [{"examples": 0.0}, {"weight_decay": -1.0}, {"n_examples": 0}, {"n_step": 5}]
)
def test_values_out_of_range_are_refused(changed):
    fields = SMALL | {"examples": 1.0, "n_steps": 10, "record_every": 10} | changed
    with pytest.raises(ValidationError):
        CommitteeTrial(**fields)

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from modclock.feature_learning import RecursiveFeatureMachine
from modclock.study.trials.jump_parts import JumpParts

SMALL: dict[str, Any] = {"p": 31, "train_fraction": 0.75, "thread_epochs": 1, "width_factor": 0.05}


@pytest.fixture(scope="module")
def found():
    return JumpParts(**SMALL, epochs=4).run()


def test_the_strength_grows_smoothly_while_the_phases_stand(found):
    steps = found["steps"]
    strength = [row["strength"] for row in steps]
    assert strength[0] == 0
    assert steps[0]["phase_kept"] is None
    assert all(np.diff(strength) > 0)
    early = [row for row in steps if row["test_accuracy"] <= 0.05]
    assert len(early) > 3
    assert early[-1]["phase_kept"] > 0.95
    assert early[-1]["strength"] < 0.6 * strength[-1]
    assert steps[-1]["phase_kept"] == pytest.approx(1)


def test_the_strengths_of_after_make_the_jump_and_those_of_before_undo_it(found):
    right = {row["code"]: row["test_accuracy"] for row in found["parts"]}
    assert right["before"] <= 0.05
    assert right["before, strengths of after"] > 0.9
    assert right["after"] > 0.9
    assert right["after, strengths of before"] < 0.1
    assert right["untrained"] < 0.05
    assert right["numbers exchanged"] < 0.2
    new = {row["code"]: row["new_accuracy"] for row in found["parts"]}
    assert new["after, phases of zero"] == 0


def test_the_kernel_of_the_last_step_is_the_machine_itself(found):
    """What it gets from its own codes without feature learning is what it had with its matrix."""
    after = next(row for row in found["parts"] if row["code"] == "after")
    assert after["test_accuracy"] == pytest.approx(found["steps"][-1]["test_accuracy"], abs=0.01)


def test_networks_are_looked_at_while_they_train(found):
    rows = [row for row in found["networks"] if row["learner"] == "one layer with decay"]
    assert {row["code"] for row in rows} == {
        "untrained", "before", "after", "numbers exchanged", "nothing learned",
    }  # fmt: skip
    assert [row["epoch"] for row in rows if row["code"] == "after"] == [1, 2, 3, 4]
    (thread,) = (row for row in found["networks"] if row not in rows)
    assert (thread["code"], thread["epoch"]) == ("five clocks, side by side", 1)


def test_with_mirror_images_on_one_side_numbers_are_joined_to_themselves():
    found = JumpParts(**SMALL | {"train_fraction": 0.5}, split="mirrored").run()
    last = found["steps"][-1]
    assert last["phase_shared"] > 0.9
    assert last["strength"] > 0.7
    assert last["test_accuracy"] < 0.05
    assert [row["learner"] for row in found["networks"]] == ["the thread's"]


def test_the_first_step_is_the_kernel_on_one_hot_numbers(found):
    trial = JumpParts(**SMALL)
    train, test = (np.hstack(list(np.eye(trial.p)[pairs.T])) for pairs in trial.split_pairs())
    answers = [pairs.sum(axis=1) % trial.p for pairs in trial.split_pairs()]
    kernel = RecursiveFeatureMachine("quadratic", n_steps=0, ridge=trial.ridge)
    tested = kernel.fit(train, answers[0]).predict(test) == answers[1]
    assert found["steps"][0]["test_accuracy"] == pytest.approx(tested.mean())


def test_an_even_modulus_is_refused():
    with pytest.raises(ValidationError, match="p: takes odd moduli, got 10"):
        JumpParts(p=10)

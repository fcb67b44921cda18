from __future__ import annotations

import pytest
from pydantic import ValidationError

from modclock.study.trials.joined_circulants import JoinedCirculants


def joined(**fields):
    return JoinedCirculants(p=41, encoder_params={"p": 41}, **fields).run()


def test_strong_random_circulants_tell_the_sum_and_weak_ones_do_not():
    assert joined(strength=1.0)["new_accuracy"] > 0.9
    assert joined(strength=0.2)["test_accuracy"] < 0.1


def test_a_number_joined_to_itself_tells_mirror_images_and_nothing_else():
    found = joined(strength=1.0, spread=0.0)
    assert found["train_accuracy"] == 1
    assert found["new_accuracy"] == 0
    assert found["test_accuracy"] == pytest.approx(0.5, abs=0.06)  # half of the mirror images


def test_without_a_join_the_split_by_mirror_images_has_no_new_pairs_that_come_right():
    found = joined(strength=1.0, spread=0.0, split="mirrored")
    assert found["test_accuracy"] == found["new_accuracy"] == 0


def test_a_strength_above_one_is_refused():
    with pytest.raises(ValidationError, match="strength"):
        joined(strength=1.5)

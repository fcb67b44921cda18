"""Every entrant on tasks of which the outcome is known."""

from __future__ import annotations

import numpy as np
import pytest

from modclock.analysis.predictors import PREDICTORS, Budget, predict_accuracy

N_CLASSES = 4
BUDGET = Budget(epochs=150, width_factor=0.25)
RNG = np.random.default_rng(0)
ANSWERS = RNG.integers(N_CLASSES, size=240)
TRAIN = RNG.permutation(240)[:120]
EASY = np.eye(N_CLASSES)[ANSWERS] + 0.05 * RNG.normal(size=(240, N_CLASSES))
# Of the same size and shape as the easy codes, but of other answers.
HOPELESS = EASY[RNG.permutation(240)]
ACCURACIES = [name for name, entrant in PREDICTORS.items() if entrant.gives_accuracy]
# These do not look at the answers at all, or only at an order among them.
BLIND = {"training_share", "width", "directions", "similarity", "neighbours"}


def predicted(name, codes):
    return PREDICTORS[name](codes, ANSWERS[TRAIN], TRAIN, BUDGET)


@pytest.mark.parametrize("name", ACCURACIES)
def test_an_accuracy_is_near_one_or_near_chance(name):
    if name != "tiny_network":  # which learns next to nothing in two epochs
        assert predicted(name, EASY) > 0.9
    if not name.endswith("_gcv"):  # with which a pair helps to tell itself
        assert 0 <= predicted(name, HOPELESS) < 1 / N_CLASSES + 0.15


@pytest.mark.parametrize("name", sorted(set(PREDICTORS) - set(ACCURACIES) - BLIND))
def test_a_score_is_higher_where_codes_tell_the_answer(name):
    assert predicted(name, EASY) > predicted(name, HOPELESS)


@pytest.mark.parametrize("name", PREDICTORS)
def test_the_same_is_said_twice_and_for_other_names_of_the_classes(name):
    again = PREDICTORS[name](EASY, 10 + 3 * ANSWERS[TRAIN], TRAIN, BUDGET)
    assert again == predicted(name, EASY)


def test_what_is_foretold_is_an_accuracy():
    easy, hopeless = (
        predict_accuracy(codes, ANSWERS[TRAIN], TRAIN, budget=BUDGET) for codes in (EASY, HOPELESS)
    )
    assert 0 <= hopeless < 0.5
    assert 0.9 < easy <= 1

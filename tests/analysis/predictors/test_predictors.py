"""Every entrant on tasks of which the outcome is known."""

from __future__ import annotations

import numpy as np
import pytest

from modclock.analysis.predictors import (
    PREDICTORS,
    Budget,
    check_problem,
    predict_accuracy,
    predict_all,
)
from modclock.analysis.predictors.small_networks import narrow_networks, run_networks
from modclock.analysis.predictors.winner import narrow_or_kernel

N_CLASSES = 4
BUDGET = Budget(epochs=80, width_factor=0.25)
RNG = np.random.default_rng(0)
ANSWERS = RNG.integers(N_CLASSES, size=240)
TRAIN = RNG.permutation(240)[:120]
EASY = np.eye(N_CLASSES)[ANSWERS] + 0.05 * RNG.normal(size=(240, N_CLASSES))
# Of the same size and shape as the easy codes, but of other answers.
HOPELESS = EASY[RNG.permutation(240)]
ACCURACIES = [name for name, entrant in PREDICTORS.items() if entrant.gives_accuracy]
# These do not look at the answers at all, or only at an order among them.
BLIND = {"training_share", "width", "directions", "similarity", "neighbours", "narrow_fit"}


def predicted(name, codes):
    return PREDICTORS[name](codes, ANSWERS[TRAIN], TRAIN, BUDGET)


@pytest.mark.parametrize("name", ACCURACIES)
def test_an_accuracy_is_near_one_or_near_chance(name):
    if name not in ("tiny_network", "narrow_slow"):  # which learn little in so few steps
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


def test_all_at_once_is_what_each_says_alone():
    found = predict_all(EASY, ANSWERS[TRAIN], TRAIN, BUDGET)
    assert found == {name: predicted(name, EASY) for name in PREDICTORS}


def test_test_pairs_have_no_say_but_by_their_codes():
    """The answers of test pairs are nowhere; their codes may be anywhere in the table."""
    order = np.random.default_rng(3).permutation(240)
    place = np.argsort(order)
    for name, entrant in PREDICTORS.items():
        moved = entrant(EASY[order], ANSWERS[TRAIN], place[TRAIN], BUDGET)
        # A spectrum over all pairs rests on landmarks that are drawn from the table.
        assert moved == pytest.approx(predicted(name, EASY), abs=0.02), name


def test_the_narrow_network_takes_steps_as_much_larger_as_it_is_narrower():
    problem = check_problem(EASY, ANSWERS[TRAIN], TRAIN, Budget(epochs=4, width_factor=0.5))
    wanted = run_networks(problem, width_factor=1 / 16, epochs=4, step=8.0, n_folds=5)
    assert narrow_networks(problem) != wanted  # a quarter of a half is an eighth
    wanted = run_networks(problem, width_factor=1 / 8, epochs=4, step=4.0, n_folds=5)
    assert narrow_networks(problem) == wanted


def test_no_network_is_made_wider_and_none_gets_fewer_than_25_units_for_it():
    for factor, narrow in ((0.05, 0.05), (0.125, 0.0625)):
        budget = Budget(epochs=5, width_factor=factor)
        problem = check_problem(EASY, ANSWERS[TRAIN], TRAIN, budget)
        wanted = run_networks(
            problem, width_factor=narrow, epochs=5, step=factor / narrow, n_folds=5
        )
        assert narrow_networks(problem) == wanted


def test_the_winner_is_the_higher_of_network_and_kernel():
    """Two epochs suffice for no network, so it counts as far as it fits; many do for both."""
    for epochs in (2, 80):
        budget = Budget(epochs=epochs, width_factor=0.25)
        problem = check_problem(EASY, ANSWERS[TRAIN], TRAIN, budget)
        kernel = PREDICTORS["ntk_5"].function(problem)
        runs = narrow_networks(problem)
        found = narrow_or_kernel(problem)
        assert found == max(runs.left_out, runs.fitted * kernel)
        assert kernel > 0.95
        assert (found > 0.9) == (epochs == 80)

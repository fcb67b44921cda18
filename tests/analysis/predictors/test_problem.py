"""What predictors refuse, each with one clear line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modclock.analysis.predictors import PREDICTORS, Budget, check_problem, predict_accuracy

CODES = np.random.default_rng(0).normal(size=(30, 4))
TRAIN = np.arange(20)
ANSWERS = TRAIN % 3

NAN = CODES.copy()
NAN[25, 1] = np.nan  # of a test pair
MISSING = ANSWERS.astype(float)
MISSING[3] = np.nan

REFUSED: dict[str, tuple[Any, str]] = {
    "answers of all pairs": ((CODES, np.arange(30) % 3, TRAIN), "training pairs alone"),
    "an answer too few": ((CODES, ANSWERS[:-1], TRAIN), "have shape"),
    "one class": ((CODES, np.ones(20, int), TRAIN), "the same one, 1"),
    "one example": ((CODES, [1], [0]), "at least two"),
    "no example": ((CODES, [], np.zeros(0, int)), "at least two"),
    "NaN": ((NAN, ANSWERS, TRAIN), "codes: one of their values is NaN"),
    "a missing answer": ((CODES, MISSING, TRAIN), "answers: one of them is NaN"),
    "constant codes": ((np.ones((30, 4)), ANSWERS, TRAIN), "same code"),
    "no test pairs": ((CODES, np.arange(30) % 3, np.arange(30)), "all pairs are training"),
    "a pair twice": ((CODES, ANSWERS, [*TRAIN[:-1], 0]), "twice"),
    "an index too large": ((CODES, ANSWERS, TRAIN + 11), "0..29"),
    "a negative index": ((CODES, ANSWERS, TRAIN - 1), "0..29"),
    "a mask": ((CODES, ANSWERS, np.arange(30) < 20), "indices"),
    "flat codes": ((CODES[:, 0], ANSWERS, TRAIN), "shape"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_can_not_be_is_refused_in_one_line(case):
    arguments, words = REFUSED[case]
    with pytest.raises(ValueError, match=words) as refused:
        predict_accuracy(*arguments)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", PREDICTORS)
def test_every_entrant_refuses_the_answers_of_test_pairs(name):
    with pytest.raises(ValueError, match="training pairs alone"):
        PREDICTORS[name](CODES, np.arange(30) % 3, TRAIN, Budget())


def test_an_unknown_learner_is_refused():
    with pytest.raises(ValueError, match="learner: unknown name 'mpl', did you mean 'mlp'"):
        predict_accuracy(CODES, ANSWERS, TRAIN, learner="mpl")


@pytest.mark.parametrize(
    "wrong", [{"epochs": 0}, {"batch_size": 2.5}, {"learning_rate": -1.0}, {"width_factor": 0}]
)
def test_a_budget_that_can_not_be_is_refused(wrong):
    with pytest.raises(ValueError, match=f"Budget: {next(iter(wrong))}"):
        Budget(**wrong)


def test_answers_may_be_any_labels_in_any_order():
    words = np.array(["b", "a", "c"])[ANSWERS]
    order = np.random.default_rng(1).permutation(20)
    problem = check_problem(CODES, words[order], TRAIN[order], Budget())
    assert (problem.known == CODES[order]).all()
    assert (problem.targets.argmax(axis=1) == np.array([1, 0, 2])[ANSWERS][order]).all()

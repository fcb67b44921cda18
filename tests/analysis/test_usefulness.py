"""Scores before training, against what trained models then do."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import RidgeClassifier

from modclock.analysis.usefulness import SCORES, usefulness_scores
from modclock.datasets import make_pairs, modular_answers, modular_sum, split_pairs
from modclock.encoders import FourierEncoder, OneHotNumberEncoder, VarCycleEncoder
from modclock.pairing import PairEncoder

P = 31
CLOCKS = VarCycleEncoder(100, random_state=0)
WAVES = FourierEncoder(P, frequencies=range(1, 16))
INPUTS = {
    "bound": PairEncoder(WAVES, composition="bind"),
    "wrapped": PairEncoder(CLOCKS, composition="wrapped_overlap", k=33),
    "overlap": PairEncoder(CLOCKS, k=33),
    "or": PairEncoder(CLOCKS, composition="or", k=33),
    "one-hot": PairEncoder(OneHotNumberEncoder(P), composition="concatenate"),
}


def scores_and_accuracy(name):
    train, test = split_pairs(make_pairs(P), train_fraction=0.5, random_state=0)
    pairs = np.vstack([train, test])
    codes, answers = INPUTS[name].fit_transform(pairs), modular_sum(pairs, P)
    scores = usefulness_scores(codes, answers, len(train))
    model = RidgeClassifier().fit(codes[: len(train)], answers[: len(train)])
    return scores, model.score(codes[len(train) :], answers[len(train) :])


def test_the_linear_theory_orders_inputs_as_a_trained_readout_does():
    found = {name: scores_and_accuracy(name) for name in INPUTS}
    for scores, _ in found.values():
        assert set(scores) == set(SCORES)
    by_score = sorted(INPUTS, key=lambda name: -found[name][0]["learned_linear"])
    by_accuracy = sorted(INPUTS, key=lambda name: -found[name][1])
    assert by_score == by_accuracy == list(INPUTS)
    assert found["one-hot"][0]["learned_linear"] < 0


@pytest.mark.parametrize("kernel", ["linear", "deep"])
def test_the_same_code_is_useful_for_one_task_and_not_for_another(kernel):
    pairs = make_pairs(P, "full")
    codes = INPUTS["bound"].fit_transform(pairs)
    learned = {
        operation: usefulness_scores(codes, modular_answers(pairs, P, operation), 480)
        for operation in ("add", "subtract", "multiply", "max")
    }
    name = f"learned_{kernel}"
    assert learned["add"][name] > 0.9
    assert max(learned[other][name] for other in learned if other != "add") < 0.2


def test_all_codes_equal_are_of_no_use():
    scores = usefulness_scores(np.ones((20, 3)), np.arange(20) % 5, 10)
    assert scores["learned_linear"] <= 0
    assert scores["alignment_deep"] == 0

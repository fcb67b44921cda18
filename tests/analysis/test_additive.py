"""Additive models of Latin squares: what is proved holds to the last pair."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.naive_bayes import BernoulliNB

from modclock.analysis.additive import (
    cyclic_split,
    margins,
    naive_bayes_scores,
    right_above_all,
    strict_model,
    window_model,
)
from modclock.datasets import make_pairs, modular_answers, modular_sum
from modclock.encoders import OneHotNumberEncoder, VarCycleEncoder
from modclock.pairing import PairEncoder

NUMBERS = st.floats(-100, 100)
SIDE_BY_SIDE = PairEncoder(OneHotNumberEncoder(13), composition="concatenate")


def total_margin(scores, answers, is_train):
    found = margins(scores, answers, is_train)
    return found.train * is_train.sum() + found.test * (~is_train).sum()


@given(
    p=st.integers(2, 9),
    operation=st.sampled_from(["add", "subtract"]),
    data=st.data(),
)
def test_any_sum_of_two_functions_has_margins_that_add_up_to_nothing(p, operation, data):
    first, second = (data.draw(arrays(float, (p, p), elements=NUMBERS)) for _ in range(2))
    pairs = make_pairs(p, "full")
    answers = modular_answers(pairs, p, operation)
    is_train = data.draw(arrays(bool, p * p).filter(lambda mask: 0 < mask.sum() < p * p))
    scores = first[pairs[:, 0]] + second[pairs[:, 1]]
    assert total_margin(scores, answers, is_train) == pytest.approx(0, abs=1e-7)


def test_a_product_of_two_functions_can_have_positive_margins_everywhere():
    pairs = make_pairs(7, "full")
    answers = modular_sum(pairs, 7)
    found = margins(np.eye(7)[answers], answers, np.arange(49) < 20)
    assert found == pytest.approx((6 / 7, 6 / 7))


ADDITIVE = {
    "ridge": (RidgeClassifier(), "decision_function"),
    "logistic": (LogisticRegression(max_iter=2000), "decision_function"),
    "naive Bayes": (BernoulliNB(), "predict_joint_log_proba"),
}


@pytest.mark.parametrize("name", ADDITIVE)
@pytest.mark.parametrize(
    ("encoder", "composition"),
    [
        (OneHotNumberEncoder(13), "concatenate"),
        (VarCycleEncoder(40, random_state=0), "concatenate"),
    ],
    ids=["one-hot", "clocks"],
)
def test_trained_additive_models_lose_on_test_pairs_what_they_gain_in_training(
    name, encoder, composition
):
    model, method = ADDITIVE[name]
    pairs = make_pairs(13, "full")
    answers = modular_sum(pairs, 13)
    codes = PairEncoder(encoder, composition=composition, k=13).fit_transform(pairs)
    is_train = np.random.default_rng(0).random(169) < 0.5
    model.fit(codes[is_train], answers[is_train])
    scores = getattr(model, method)(codes)
    found = margins(scores, answers, is_train)
    assert found.train > 0 > found.test
    lost = total_margin(scores, answers, is_train) / (found.train * is_train.sum())
    assert lost == pytest.approx(0, abs=1e-4)  # codes are float32


@pytest.mark.parametrize("p", [3, 5, 7, 9, 11, 13])
def test_naive_bayes_gets_every_test_pair_of_every_cyclic_split_wrong(p):
    """Full enumeration: every set of differences, every pair; and no training pair is wrong."""
    for size in range(1, p):
        for differences in combinations(range(p), size):
            pairs, is_train = cyclic_split(p, differences)
            scores = naive_bayes_scores(pairs, is_train, p)
            right = scores[np.arange(p * p), modular_sum(pairs, p)]
            best = scores.max(axis=1)
            assert (right[~is_train] < best[~is_train] - 1e-9).all()
            assert (right[is_train] >= best[is_train] - 1e-9).all()


@pytest.mark.parametrize("differences", [[1], [0, 3, 4, 9], range(1, 13)])
def test_scikit_learn_has_the_same_naive_bayes(differences):
    pairs, is_train = cyclic_split(13, differences)
    codes = SIDE_BY_SIDE.fit_transform(pairs)
    answers = modular_sum(pairs, 13)
    model = BernoulliNB().fit(codes[is_train], answers[is_train])
    scores = naive_bayes_scores(pairs, is_train, 13)
    assert np.allclose(model.predict_joint_log_proba(codes), scores)
    assert model.score(codes[~is_train], answers[~is_train]) == 0.0


@pytest.mark.parametrize("p", [3, 5, 7, 11, 13])
def test_least_squares_gives_a_single_left_out_pair_the_closed_form(p):
    """Without pair (a, b) its right class gets -1 / (p - 1), each other p / (p - 1)^2."""
    pairs = make_pairs(p, "full")
    answers = modular_sum(pairs, p)
    halves = np.hstack([np.eye(p)[pairs[:, 0]], np.eye(p)[pairs[:, 1]]])
    for left_out in range(p * p):
        kept = np.arange(p * p) != left_out
        weights, *_ = np.linalg.lstsq(halves[kept], np.eye(p)[answers[kept]], rcond=None)
        expected = np.full(p, p / (p - 1) ** 2)
        expected[answers[left_out]] = -1 / (p - 1)
        assert np.allclose(halves[left_out] @ weights, expected)


def test_cyclic_splits_are_balanced():
    pairs, is_train = cyclic_split(11, [1, 4, 5])
    chosen = pairs[is_train]
    for column in (chosen[:, 0], chosen[:, 1], modular_sum(chosen, 11)):
        assert np.bincount(column).tolist() == [3] * 11


@pytest.mark.parametrize(
    ("p", "differences"), [(4, [1]), (5, []), (5, range(5)), (5, [5]), (5, [-1])]
)
def test_splits_that_are_not_balanced_or_leave_a_side_empty_are_refused(p, differences):
    with pytest.raises(ValueError, match=r"balanced for odd p|some, not all"):
        cyclic_split(p, differences)


MODULI = [2, 3, 4, 5, 8, 13, 53, 97]


@pytest.mark.parametrize("kind", ["strict", "triangular"])
@pytest.mark.parametrize("p", MODULI)
def test_one_side_of_the_table_has_an_additive_model_with_all_right(p, kind):
    pairs = make_pairs(p, kind)
    answers = modular_sum(pairs, p)
    scores = strict_model(p).scores(pairs)
    assert right_above_all(scores, answers).all()
    own = scores[np.arange(len(pairs)), answers]
    assert (own > scores.mean(axis=1)).all()
    assert np.array_equal(scores, np.round(scores))  # whole numbers: nothing is rounded


@pytest.mark.parametrize("p", MODULI)
def test_the_counter_example_fails_on_enough_of_the_other_pairs(p):
    """On the whole table its margins cancel, as those of every additive model."""
    pairs = make_pairs(p, "full")
    answers = modular_sum(pairs, p)
    scores = strict_model(p).scores(pairs)
    assert total_margin(scores, answers, pairs[:, 0] > pairs[:, 1]) == pytest.approx(0, abs=1e-3)
    assert not right_above_all(scores, answers).all()


@pytest.mark.parametrize("p", MODULI)
def test_three_quarters_of_the_table_have_an_additive_model(p):
    pairs = make_pairs(p, "full")
    right = right_above_all(window_model(p).scores(pairs), modular_sum(pairs, p))
    assert right.sum() == p * p - p * p // 4
    assert np.array_equal(right.reshape(p, p), right.reshape(p, p).T)  # fit for mirrored splits


def test_a_positive_margin_is_not_a_right_answer():
    """The first counter-example: whether an answer is possible at all, given one number."""
    pairs = make_pairs(97, "strict")
    answers = modular_sum(pairs, 97)
    possible = np.zeros((2, 97, 97))
    for place in (0, 1):
        possible[place, pairs[:, place], answers] = 1
    scores = possible[0, pairs[:, 0]] + possible[1, pairs[:, 1]]
    own = scores[np.arange(len(pairs)), answers]
    assert (own > scores.mean(axis=1)).all()
    best = scores == scores.max(axis=1, keepdims=True)
    by_lot = best[np.arange(len(pairs)), answers] / best.sum(axis=1)
    assert by_lot.mean() == pytest.approx(0.063, abs=0.001)

"""What additive models can get right at most, against other ways to count it."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest

from modclock.analysis.additive import right_above_all, window_model
from modclock.analysis.trades import TradeSearch
from modclock.datasets import make_pairs, modular_sum, split_pairs

THREE = make_pairs(3, "full")


def lines_of_three():
    """Rows, columns and answers of the table modulo 3, as sets of places in the list."""
    first, second = THREE.T
    for values in (first, second, (first + second) % 3):
        yield [set(np.flatnonzero(values == value)) for value in range(3)]


def test_modulo_three_a_set_can_be_right_unless_it_has_two_lines_of_one_kind():
    """All 512 sets. Two rows of a table of three are a trade, as are two columns or two answers."""
    search = TradeSearch(3)
    doubles = [a | b for lines in lines_of_three() for a, b in combinations(lines, 2)]
    for mask in product([False, True], repeat=9):
        chosen = set(np.flatnonzero(mask))
        assert search.can_be_right(mask) == (not any(double <= chosen for double in doubles))


@pytest.mark.parametrize("p", [3, 5])
def test_nothing_is_better_than_the_window(p):
    """The smallest defining sets of these tables have 2 and 6 entries, as is known."""
    search = TradeSearch(p)
    assert search.most_right().sum() == p * p - p * p // 4
    pairs = make_pairs(p, "full")
    right = right_above_all(window_model(p).scores(pairs), modular_sum(pairs, p))
    assert search.can_be_right(right)
    for wrong in np.flatnonzero(~right):
        assert not search.can_be_right(right | (np.arange(p * p) == wrong))


def test_every_half_modulo_three_leaves_two_pairs_wrong():
    search = TradeSearch(3)
    for half in combinations(range(9), 4):
        train = np.isin(np.arange(9), half)
        right = search.most_right(train)
        assert right[train].all()
        assert right.sum() == 7


def test_what_is_found_modulo_five_has_a_model_found_by_training():
    """A perceptron, which ends if and only if there is a model."""
    train, _ = split_pairs(make_pairs(5, "full"), "mirrored", 0.5, random_state=0)
    right = TradeSearch(5).most_right(np.isin(np.arange(25), train @ [5, 1]))
    pairs = make_pairs(5, "full")[right]
    answers = modular_sum(pairs, 5)
    weights = np.zeros((2, 5, 5))
    for _ in range(10_000):
        scores = weights[0, pairs[:, 0]] + weights[1, pairs[:, 1]]
        wrong = np.flatnonzero(~right_above_all(scores, answers))
        if len(wrong) == 0:
            return
        scores[np.arange(len(pairs)), answers] = -np.inf
        for place, number in enumerate(pairs[wrong[0]]):
            weights[place, number, answers[wrong[0]]] += 1
            weights[place, number, scores[wrong[0]].argmax()] -= 1
    pytest.fail("no model was found")


def test_training_pairs_that_no_additive_model_gets_right_are_refused():
    with pytest.raises(ValueError, match="no additive model"):
        TradeSearch(3).most_right(np.ones(9))

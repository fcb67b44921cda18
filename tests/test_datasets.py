from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modclock.datasets import (
    OPERATIONS,
    PAIR_SETS,
    SPLITS,
    make_pairs,
    modular_answers,
    modular_sum,
    split_pairs,
)

moduli = st.integers(3, 40)
pair_sets = st.sampled_from(PAIR_SETS)
splits = st.sampled_from(SPLITS)
seeds = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(
    ("pairs", "count"), [("strict", 4656), ("triangular", 4753), ("full", 9409)]
)
def test_pair_sets_have_the_sizes_that_the_thread_states(pairs, count):
    assert len(make_pairs(97, pairs)) == count


def test_triangular_half_split_has_the_sizes_that_the_thread_states():
    train, test = split_pairs(make_pairs(97, "triangular"), "random", 0.5, random_state=0)
    assert (len(train), len(test)) == (2376, 2377)


@given(p=moduli)
def test_pair_sets_equal_nested_loops(p):
    loops = {
        "strict": [(i, j) for i in range(p) for j in range(i)],
        "triangular": [(i, j) for i in range(p) for j in range(i + 1)],
        "full": [(i, j) for i in range(p) for j in range(p)],
    }
    for pairs, expected in loops.items():
        assert [tuple(pair) for pair in make_pairs(p, pairs).tolist()] == expected


@given(p=moduli)
def test_every_answer_is_equally_frequent_in_the_full_table(p):
    answers = modular_sum(make_pairs(p, "full"), p)
    assert np.bincount(answers, minlength=p).tolist() == [p] * p


@given(p=st.integers(5, 40), pairs=pair_sets, split=splits, seed=seeds)
def test_splits_are_disjoint_and_complete(p, pairs, split, seed):
    every = make_pairs(p, pairs)
    train, test = split_pairs(every, split, 0.5, random_state=seed)
    parts = [tuple(pair) for pair in np.vstack([train, test]).tolist()]
    assert len(parts) == len(set(parts))
    assert set(parts) == {tuple(pair) for pair in every.tolist()}
    couples_cut_short = 1 if split == "mirrored" else 0
    assert len(every) // 2 - couples_cut_short <= len(train) <= len(every) // 2


@given(p=st.integers(5, 40), pairs=pair_sets, seed=seeds, fraction=st.floats(0.2, 0.8))
def test_mirrored_split_keeps_mirror_images_together(p, pairs, seed, fraction):
    train, test = split_pairs(make_pairs(p, pairs), "mirrored", fraction, random_state=seed)
    train_set = {tuple(pair) for pair in train.tolist()}
    assert not {(j, i) for i, j in test.tolist()} & train_set


@given(p=st.integers(5, 40), pairs=pair_sets)
def test_ordered_split_trains_on_the_smaller_first_numbers(p, pairs):
    train, test = split_pairs(make_pairs(p, pairs), "ordered", 0.5)
    assert train[:, 0].max() <= test[:, 0].min()


def test_random_split_depends_on_the_seed_alone():
    every = make_pairs(23)
    first, second, other = (split_pairs(every, random_state=seed)[0] for seed in (1, 1, 2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("p", [1, 0, -3, 2.0, True, "97", None])
def test_a_modulus_below_two_or_not_whole_is_refused(p):
    with pytest.raises(ValueError, match="modulus"):
        make_pairs(p)


@pytest.mark.parametrize("fraction", [0, 1, -0.1, 1.5, float("nan"), 0.001])
def test_a_fraction_that_leaves_no_train_or_no_test_pairs_is_refused(fraction):
    with pytest.raises(ValueError, match="train_fraction"):
        split_pairs(make_pairs(5), train_fraction=fraction)


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([[0, 97]], r"0\.\.96"),
        ([[-1, 3]], r"0\.\.96"),
        ([[0.0, 1.0]], "integers"),
        ([[float("nan"), 1]], "integers"),
        ([1, 2], "shape"),
        ([[1, 2, 3]], "shape"),
    ],
)
def test_pairs_outside_the_modulus_or_not_integers_are_refused(pairs, message):
    with pytest.raises(ValueError, match=message):
        modular_sum(pairs, 97)


def test_unknown_names_are_told_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'triangular'"):
        make_pairs(5, "triangle")
    with pytest.raises(ValueError, match="did you mean 'mirrored'"):
        split_pairs(make_pairs(5), "mirror")


@given(p=st.integers(2, 40), i=st.integers(0, 39), j=st.integers(0, 39))
def test_operations_equal_arithmetic_on_whole_numbers(p, i, j):
    pair = [[i % p, j % p]]
    i, j = pair[0]
    expected = {
        "add": (i + j) % p,
        "subtract": (i - j) % p,
        "multiply": i * j % p,
        "quadratic": (i**2 + i * j + j**2) % p,
        "max": max(i, j),
    }
    for operation, answer in expected.items():
        assert modular_answers(pair, p, operation).tolist() == [answer]


@pytest.mark.parametrize("p", [2, 3, 5, 53, 97])
def test_division_undoes_multiplication_and_leaves_out_zero(p):
    pairs = make_pairs(p, "full", "divide")
    assert len(pairs) == p * (p - 1)
    quotients = modular_answers(pairs, p, "divide")
    undone = modular_answers(np.column_stack([quotients, pairs[:, 1]]), p, "multiply")
    assert np.array_equal(undone, pairs[:, 0])


@pytest.mark.parametrize("operation", ["add", "subtract", "multiply", "divide"])
def test_tables_of_group_operations_are_latin_squares(operation):
    least = 0 if operation in ("add", "subtract") else 1  # zero is in no group of products
    i, j = np.indices((13 - least, 13 - least)) + least
    answers = modular_answers(np.column_stack([i.ravel(), j.ravel()]), 13, operation)
    table = answers.reshape(i.shape)
    assert (np.sort(table, axis=0) == i).all()
    assert (np.sort(table, axis=1) == j).all()


def test_division_needs_a_prime_and_a_divisor():
    with pytest.raises(ValueError, match="needs a prime modulus, got p = 12"):
        make_pairs(12, "full", "divide")
    with pytest.raises(ValueError, match="j = 0"):
        modular_answers([[3, 0]], 7, "divide")


def test_an_unknown_operation_is_told_the_nearest():
    assert len(OPERATIONS) == 6
    with pytest.raises(ValueError, match="did you mean 'multiply'"):
        modular_answers([[1, 2]], 7, "multiplied")

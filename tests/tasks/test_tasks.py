from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_digits, load_wine

from modclock.groups import cayley_table
from modclock.tasks import TASKS, PermutationEncoder, make_table

ASKED: dict[str, tuple[int, Callable[[int, int, int], int]]] = {
    "add": (24, lambda x, y, m: (x + y) % m),
    "cubic": (11, lambda x, y, m: (x**3 + x * y) % m),
    "squares": (12, lambda x, y, m: (x**2 + y**2) % m),
    "xor": (16, lambda x, y, m: x ^ y),
}


@pytest.mark.parametrize("task", ASKED)
def test_answers_are_those_of_plain_integers(task):
    size, ask = ASKED[task]
    table = make_table(task, size)
    plain = [ask(int(x), int(y), size) for x, y in table.numbers]
    assert (table.answers == np.searchsorted(np.unique(plain), plain)).all()
    assert table.n_values == size


@pytest.mark.parametrize("task", ["add", "squares", "xor", "multiply", "max", "quadratic"])
def test_a_commutative_task_has_each_two_numbers_once(task):
    numbers = make_table(task, 8).numbers
    assert len(np.unique(np.sort(numbers, axis=1), axis=0)) == len(numbers) == 8 * 7 // 2


@pytest.mark.parametrize("task", ["cubic", "subtract"])
def test_a_task_that_is_not_commutative_has_all_ordered_pairs(task):
    assert len(make_table(task, 7).numbers) == 49


@pytest.mark.parametrize("task", ["symmetric", "alternating", "dihedral"])
def test_a_group_asks_for_its_cayley_table(task):
    table = make_table(task, 4)
    composed = cayley_table(task, 4)
    assert (composed[tuple(table.numbers.T)] == table.answers).all()
    assert table.n_values == table.n_classes == len(composed)


@given(size=st.integers(3, 30), n_classes=st.integers(2, 30))
def test_runs_of_answers_are_as_long_as_one_another(size, n_classes):
    fine = make_table("add", size).answers
    if n_classes > fine.max() + 1:
        with pytest.raises(ValueError, match="n_classes"):
            make_table("add", size, n_classes)
        return
    runs = make_table("add", size, n_classes).answers
    assert set(runs) == set(range(n_classes))
    lengths = [len(np.unique(fine[runs == one])) for one in range(n_classes)]
    assert max(lengths) - min(lengths) <= 1
    assert (np.diff(runs[np.argsort(fine, kind="stable")]) >= 0).all()


def test_measured_columns_keep_their_order_in_steps_of_one_length():
    table = make_table("digits", 17)
    values, answers = load_digits(return_X_y=True)
    whole = (values.min(axis=0) == 0) & (values.max(axis=0) == 16)
    assert whole.sum() > 30
    assert (table.numbers[:, whole] == values[:, whole]).all()
    assert (table.answers == answers).all()
    wine = load_wine(return_X_y=True)[0]
    numbers = make_table("wine", 16).numbers
    span = wine.max(axis=0) - wine.min(axis=0)
    error = (numbers + 0.5) / 16 - (wine - wine.min(axis=0)) / span
    assert np.abs(error).max() <= 1 / 32 + 1e-12


@pytest.mark.parametrize("task", TASKS)
def test_every_task_numbers_its_answers_without_gaps(task):
    table = make_table(task, {"xor": 8, "symmetric": 3, "alternating": 4}.get(task, 7))
    assert set(table.answers) == set(range(table.n_classes))
    assert table.numbers.min() >= 0
    assert table.numbers.max() < table.n_values
    assert len(table.numbers) == len(table.answers)


@pytest.mark.parametrize(
    ("task", "size", "message"),
    [("cube", 5, "task"), ("add", 1, "size"), ("xor", 12, "a power of 2, got 12")],
)
def test_what_is_no_task_is_refused(task, size, message):
    with pytest.raises(ValueError, match=message):
        make_table(task, size)


@pytest.mark.parametrize(("group", "degree"), [("symmetric", 4), ("dihedral", 6)])
def test_binding_permutation_matrices_composes(group, degree):
    composed = cayley_table(group, degree)
    encoder = PermutationEncoder(group, degree=degree).fit([[0]])
    codes = encoder.transform(np.arange(len(composed))[:, np.newaxis])
    g, h = np.indices(composed.shape).reshape(2, -1)
    assert (encoder.bind(codes[g], codes[h]) == codes[composed[g, h]]).all()
    assert len(np.unique(codes, axis=0)) == len(codes)
    with pytest.raises(ValueError, match=f"0..{len(composed) - 1}"):
        encoder.transform([[len(composed)]])

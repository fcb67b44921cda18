from __future__ import annotations

import numpy as np
import pytest

from modclock.groups import cayley_table, check_group, group_elements, inverses

SMALL = [
    ("symmetric", 2), ("symmetric", 4), ("alternating", 4), ("dihedral", 3), ("dihedral", 7),
    ("cyclic", 6),
]  # fmt: skip


@pytest.mark.parametrize(("group", "degree"), [*SMALL, ("symmetric", 5), ("dihedral", 14)])
def test_a_cayley_table_is_a_latin_square_with_an_identity(group, degree):
    table = cayley_table(group, degree)
    every = np.arange(len(table))
    for side in (table, table.T):
        assert (np.sort(side, axis=1) == every).all()
    assert (table[0] == every).all()
    assert (table[:, 0] == every).all()


@pytest.mark.parametrize(("group", "degree"), [*SMALL, ("symmetric", 5)])
def test_composition_is_associative(group, degree):
    table = cayley_table(group, degree)
    assert (table[table] == table[:, table]).all()  # (gh)k and g(hk)


@pytest.mark.parametrize(("group", "degree"), SMALL)
def test_composition_is_that_of_functions(group, degree):
    elements = [tuple(row) for row in group_elements(group, degree)]
    assert len(set(elements)) == len(elements)
    table = cayley_table(group, degree)
    for g, first in enumerate(elements):
        for h, second in enumerate(elements):
            composed = tuple(first[second[x]] for x in range(degree))
            assert elements[table[g, h]] == composed


def test_a_dihedral_group_keeps_neighbours_and_is_not_commutative():
    elements = group_elements("dihedral", 9)
    assert len(elements) == 18
    steps = np.abs(np.diff(np.column_stack([elements, elements[:, 0]]), axis=1))
    assert set(steps.ravel()) == {1, 8}
    table = cayley_table("dihedral", 9)
    assert (table != table.T).any()


@pytest.mark.parametrize(
    ("group", "degree", "message"),
    [
        ("free", 5, "group"),
        ("alternating", 2, "degree takes a whole number of at least 3"),
        ("dihedral", 2, "degree takes a whole number of at least 3"),
        ("symmetric", 1, "degree takes a whole number of at least 2"),
    ],
)
def test_what_is_no_group_is_refused(group, degree, message):
    with pytest.raises(ValueError, match=message):
        group_elements(group, degree)


def test_even_permutations_have_the_determinant_one():
    for degree in (3, 4, 5):
        every = group_elements("symmetric", degree)
        even = [row for row in every if np.linalg.det(np.eye(degree)[row]) > 0]
        assert np.array_equal(group_elements("alternating", degree), even)


@pytest.mark.parametrize(("group", "degree"), SMALL)
def test_tables_of_groups_are_accepted_whatever_the_order_of_their_elements(group, degree):
    table = cayley_table(group, degree)
    assert np.array_equal(check_group(table), table)
    order = np.random.default_rng(0).permutation(len(table))
    shuffled = np.argsort(order)[table[np.ix_(order, order)]]
    assert np.array_equal(check_group(shuffled.tolist()), shuffled)
    one = np.flatnonzero(order == 0)[0]
    assert (shuffled[np.arange(len(table)), inverses(shuffled)] == one).all()


def moved(table, row, column, entry):
    changed = table.copy()
    changed[row, column] = entry
    return changed


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (moved(cayley_table("cyclic", 5), 2, 3, 5), "2 with 3 gives 5, which is none of the el"),
        (moved(cayley_table("cyclic", 5), 2, 3, -1), "2 with 3 gives -1, which is none"),
        (moved(cayley_table("cyclic", 5), 2, 3, 4), "2 has no inverse"),
        (moved(cayley_table("cyclic", 5), 1, 1, 3), "is not associative: "),
        (np.maximum.outer(range(4), range(4)), "1 has no inverse"),
        (np.zeros((3, 3), dtype=int), "no element leaves all others as they are"),
        ((np.arange(5)[:, np.newaxis] - np.arange(5)) % 5, "no element leaves all others"),
        (np.zeros((2, 3), dtype=int), "takes a square of whole numbers, got int64"),
        ([[0.0]], "takes a square of whole numbers, got float64"),
        ([], "takes a square of whole numbers"),
    ],
)
def test_tables_that_are_no_groups_are_refused(table, message):
    with pytest.raises(ValueError, match=f"^table: {message}"):
        check_group(table)

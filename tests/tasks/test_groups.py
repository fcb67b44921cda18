from __future__ import annotations

import numpy as np
import pytest

from modclock.groups import cayley_table, group_elements

SMALL = [("symmetric", 2), ("symmetric", 4), ("dihedral", 3), ("dihedral", 7)]


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
        ("cyclic", 5, "group"),
        ("dihedral", 2, "degree takes a whole number of at least 3"),
        ("symmetric", 1, "degree takes a whole number of at least 2"),
    ],
)
def test_what_is_no_group_is_refused(group, degree, message):
    with pytest.raises(ValueError, match=message):
        group_elements(group, degree)

"""Representations against what is known of them: characters, multiplication, orthogonality."""

from __future__ import annotations

import numpy as np
import pytest

from modclock.analysis.group_bounds import (
    best_from_unordered,
    best_from_wrong_order,
    conjugacy_classes,
)
from modclock.datasets import modular_answers
from modclock.encoders import DiscreteLogEncoder
from modclock.groups import cayley_table, group_elements
from modclock.representations import representation_power, representations

GROUPS = [
    ("cyclic", 7), ("cyclic", 8), ("dihedral", 5), ("dihedral", 6), ("symmetric", 4),
    ("symmetric", 5), ("alternating", 4), ("alternating", 5),
]  # fmt: skip
QUATERNIONS = [  # 1, -1, i, -i, j, -j, k, -k
    [0, 1, 2, 3, 4, 5, 6, 7], [1, 0, 3, 2, 5, 4, 7, 6], [2, 3, 1, 0, 6, 7, 5, 4],
    [3, 2, 0, 1, 7, 6, 4, 5], [4, 5, 7, 6, 1, 0, 2, 3], [5, 4, 6, 7, 0, 1, 3, 2],
    [6, 7, 4, 5, 3, 2, 1, 0], [7, 6, 5, 4, 2, 3, 0, 1],
]  # fmt: skip


def test_dimensions_are_those_of_the_books():
    def dimensions(table):
        return [each.dimension for each in representations(table)]

    assert dimensions(cayley_table("symmetric", 5)) == [1, 1, 4, 4, 5, 5, 6]
    assert dimensions(cayley_table("alternating", 5)) == [1, 3, 3, 4, 5]
    assert dimensions(cayley_table("alternating", 4)) == [1, 2, 3]  # 2: turns by a third
    assert dimensions(cayley_table("dihedral", 6)) == [1, 1, 1, 1, 2, 2]
    assert dimensions(cayley_table("cyclic", 8)) == [1, 1, 2, 2, 2]
    assert dimensions(QUATERNIONS) == [1, 1, 1, 1, 4]


@pytest.mark.parametrize(("group", "degree"), GROUPS)
def test_matrices_multiply_as_the_elements_compose(group, degree):
    table = cayley_table(group, degree)
    for each in representations(table, random_state=3):
        products = np.einsum("gab,hbc->ghac", each.matrices, each.matrices)
        assert np.allclose(products, each.matrices[table])
        lengths = each.matrices @ each.matrices.transpose(0, 2, 1)
        assert np.allclose(lengths, np.eye(each.dimension))


@pytest.mark.parametrize(("group", "degree"), GROUPS)
def test_functions_are_a_basis_made_of_the_entries(group, degree):
    kinds = representations(cayley_table(group, degree))
    basis = np.hstack([each.functions for each in kinds])
    assert np.allclose(basis.T @ basis, np.eye(len(basis)))
    for each in kinds:
        entries = each.matrices.reshape(len(basis), -1)
        assert np.allclose(each.functions @ (each.functions.T @ entries), entries)
        assert np.linalg.matrix_rank(entries) == each.functions.shape[1]


def test_characters_of_permutations_are_the_points_that_stay():
    elements = group_elements("symmetric", 5)
    fixed = (elements == np.arange(5)).sum(axis=1) - 1
    signs = np.round(np.linalg.det(np.eye(5)[elements]))
    found = representations(cayley_table("symmetric", 5))
    traces = [np.round(each.matrices.trace(0, 1, 2)) for each in found]
    assert np.array_equal(traces[0], np.ones(120))
    assert np.array_equal(traces[1], signs)
    of_dimension_four = {tuple(traces[2]), tuple(traces[3])}
    assert of_dimension_four == {tuple(fixed.astype(float)), tuple(fixed * signs)}


def test_sums_are_turned_by_clocks_and_products_by_clocks_of_logarithms():
    p = 13
    sums = modular_answers(np.indices((p, p)).reshape(2, -1).T, p, "add").reshape(p, p)
    numbers = np.indices((p - 1, p - 1)).reshape(2, -1).T + 1
    products = modular_answers(numbers, p, "multiply").reshape(p - 1, p - 1) - 1
    logs = DiscreteLogEncoder(p, frequencies=[1]).fit_transform(np.arange(1, p)[:, np.newaxis])
    angles = np.angle(logs[:, 0] + 1j * logs[:, 1])
    for table, turns in ((sums, 2 * np.pi * np.arange(p) / p), (products, angles)):
        found = [each.matrices.trace(0, 1, 2) for each in representations(table)]
        known = [2 * np.cos(k * turns) for k in range(1, (len(turns) + 1) // 2)]
        for wave in known:
            assert min(np.abs(wave - trace).max() for trace in found) < 1e-9


def test_power_is_that_of_the_fourier_transform_for_a_circle():
    values = np.random.default_rng(0).normal(size=(11, 4))
    kinds = representations(cayley_table("cyclic", 11))
    power = representation_power(values, kinds)
    assert np.allclose(power.sum(axis=0), values.var(axis=0))
    by_frequency = 2 * np.abs(np.fft.rfft(values, axis=0))[1:] ** 2 / 11**2
    assert np.allclose(np.sort(power[1:], axis=0), np.sort(by_frequency, axis=0))


@pytest.mark.parametrize(("group", "degree"), GROUPS)
def test_classes_are_those_of_brute_force(group, degree):
    table = cayley_table(group, degree)
    order = len(table)
    inverse = [list(row).index(0) for row in table]
    classes = {
        x: frozenset(table[table[g, x], inverse[g]] for g in range(order)) for x in range(order)
    }
    found = conjugacy_classes(table)
    assert found.tolist() == [min(classes[x]) for x in range(order)]
    assert best_from_wrong_order(table) == len(set(classes.values())) / order


@pytest.mark.parametrize(("group", "degree"), [("symmetric", 3), ("dihedral", 4), ("cyclic", 5)])
def test_bounds_are_what_the_best_lookup_gets(group, degree):
    table = cayley_table(group, degree)
    of_unordered: dict[frozenset[int], list[int]] = {}
    of_wrong_order: dict[int, list[int]] = {}
    for g, row in enumerate(table):
        for h, answer in enumerate(row):
            of_unordered.setdefault(frozenset((g, h)), []).append(answer)
            of_wrong_order.setdefault(table[h, g], []).append(answer)
    for best, groups in (
        (best_from_unordered(table), of_unordered),
        (best_from_wrong_order(table), of_wrong_order),
    ):
        right = sum(max(map(said.count, set(said))) for said in groups.values())
        assert best == pytest.approx(right / table.size)

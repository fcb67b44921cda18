"""Representations against what is known of them: characters, multiplication, orthogonality."""

from __future__ import annotations

import numpy as np
import pytest

from modclock.analysis.group_bounds import (
    answers_by_mirror,
    best_lookup,
    conjugacy_classes,
    lacking_inputs,
    lookup_accuracy,
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


@pytest.mark.parametrize(("group", "degree"), GROUPS)
def test_the_best_lookups_get_what_the_formulas_say(group, degree):
    table = cayley_table(group, degree)
    inputs = lacking_inputs(table)
    n_classes = len(np.unique(conjugacy_classes(table)))
    commuting = (table == table.T).mean()
    assert commuting == pytest.approx(n_classes / len(table))
    assert best_lookup(inputs["unordered"], table) == pytest.approx((1 + commuting) / 2)
    assert best_lookup(inputs["reversed"], table) == pytest.approx(n_classes / len(table))


@pytest.mark.parametrize(("order", "best"), [(5, 1.0), (8, 1.0)])
def test_the_numbers_of_a_circle_say_all_of_a_circle(order, best):
    table = cayley_table("cyclic", order)
    assert best_lookup(lacking_inputs(table)["circle"], table) == best


@pytest.mark.parametrize(("group", "degree"), [("symmetric", 3), ("dihedral", 4), ("cyclic", 5)])
def test_lookups_say_what_training_showed_most_often(group, degree):
    table = cayley_table(group, degree)
    order = len(table)
    pairs = [(g, h) for g in range(order) for h in range(order)]
    drawn = np.random.default_rng(1).permutation(len(pairs))
    train, test = drawn[: len(pairs) // 2], drawn[len(pairs) // 2 :]
    keys = {
        "unordered": lambda g, h: frozenset((g, h)),
        "reversed": lambda g, h: table[h, g],
        "circle": lambda g, h: (g + h) % order,
    }
    for name, inputs in lacking_inputs(table).items():
        shown: dict[object, list[int]] = {}
        for row in train:
            shown.setdefault(keys[name](*pairs[row]), []).append(table[pairs[row]])
        right = 0.0
        for row in test:
            seen = shown.get(keys[name](*pairs[row]), [])
            most = max(map(seen.count, seen), default=0)
            said = {answer for answer in seen if seen.count(answer) == most}
            right += (table[pairs[row]] in said) / max(len(said), 1)
        found = lookup_accuracy(inputs.ravel(), table.ravel(), train, test)
        assert found == pytest.approx(right / len(test))


def test_inputs_and_answers_of_unlike_shapes_are_refused():
    with pytest.raises(
        ValueError, match=r"^inputs, answers: take one shape, got \(2,\) and \(3,\)"
    ):
        best_lookup([0, 1], [0, 1, 2])
    with pytest.raises(ValueError, match=r"^inputs, answers: take one shape"):
        lookup_accuracy([[0, 1]], [0, 1], [0], [1])


def test_answers_are_counted_apart_by_whether_the_mirror_was_trained():
    table = cayley_table("symmetric", 4)
    pairs = np.argwhere(np.ones_like(table))
    drawn = np.random.default_rng(2)
    order = drawn.permutation(len(pairs))
    trained, tested = pairs[order[:250]], pairs[order[250:]]
    said = drawn.integers(len(table), size=len(tested))
    expected = {
        known: dict.fromkeys(("n_pairs", "said_right", "said_mirrored", "said_other"), 0)
        for known in (True, False)
    }
    for (g, h), answer in zip(tested.tolist(), said, strict=True):
        right, mirrored = table[g, h], table[h, g]
        if right != mirrored:
            counts = expected[[h, g] in trained.tolist()]
            kind = {right: "said_right", mirrored: "said_mirrored"}.get(answer, "said_other")
            counts[kind] += 1
            counts["n_pairs"] += 1
    found = answers_by_mirror(table, trained, tested, said)
    assert found == [{"mirror_trained": known, **counts} for known, counts in expected.items()]
    assert min(min(counts.values()) for counts in expected.values()) > 0

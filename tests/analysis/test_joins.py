from __future__ import annotations

import numpy as np
import pytest

from modclock.analysis.circulants import circulant_part
from modclock.analysis.joins import joins, rejoined

P = 11


def circulant(column):
    return np.array([[column[(i - j) % P] for j in range(P)] for i in range(P)])


def random_matrix(seed):
    """Symmetric, with circulant blocks and no eigenvalue below 0."""
    rng = np.random.default_rng(seed)
    blocks = [circulant(rng.normal(size=P)) for _ in range(4)]
    root = np.block([blocks[:2], blocks[2:]])
    return root @ root.T


@pytest.mark.parametrize("seed", range(3))
def test_joins_are_what_each_wave_of_one_number_gives_of_the_other(seed):
    matrix = random_matrix(seed)
    for k, found in enumerate(joins(matrix), start=1):
        wave = np.exp(2j * np.pi * k * np.arange(P) / P) / np.sqrt(P)
        first, second = np.concatenate([wave, 0 * wave]), np.concatenate([0 * wave, wave])
        powers = (first.conj() @ matrix @ first).real, (second.conj() @ matrix @ second).real
        assert found == pytest.approx((first.conj() @ matrix @ second) / np.sqrt(np.prod(powers)))


def test_a_shift_has_full_strength_and_a_phase_that_goes_with_the_frequency():
    shift = circulant(np.eye(P)[3])  # joins j to j + 3
    found = joins(np.block([[np.eye(P), shift], [shift.T, np.eye(P)]]))
    turns = np.arange(1, P // 2 + 1) * 3 / P
    assert np.allclose(found, np.exp(-2j * np.pi * turns))


@pytest.mark.parametrize("seed", range(3))
def test_a_matrix_with_its_own_joins_is_itself_and_with_others_has_these(seed):
    matrix = random_matrix(seed)
    assert np.allclose(rejoined(matrix, joins(matrix)), matrix)
    rng = np.random.default_rng(seed)
    other = rng.random(P // 2) * np.exp(2j * np.pi * rng.random(P // 2))
    changed = rejoined(matrix, other)
    assert np.allclose(joins(changed), other)
    assert np.allclose(changed[:P, :P], matrix[:P, :P])
    assert np.allclose(changed, changed.T)
    # The mean of all numbers is no frequency, and keeps its join, which may be negative.
    assert np.linalg.eigvalsh(changed).min() > -1e-9


def test_what_is_no_circulant_counts_by_the_nearest_one():
    matrix = np.random.default_rng(0).normal(size=(2 * P, 2 * P))
    matrix = matrix @ matrix.T
    near = np.block(
        [[circulant_part(matrix[a : a + P, b : b + P]) for b in (0, P)] for a in (0, P)]
    )
    assert np.allclose(joins(matrix), joins(near))


def test_nothing_is_joined_where_there_is_no_power():
    assert joins(np.zeros((2 * P, 2 * P))).tolist() == [0] * (P // 2)

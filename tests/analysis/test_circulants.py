"""Circulants against scipy.linalg, and what a random one keeps of a given one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import circulant

from modclock.analysis.circulants import (
    circulant_part,
    circulant_share,
    numbers_exchanged,
    products_of_clocks,
    random_circulants,
)
from modclock.datasets import make_pairs, modular_answers
from modclock.feature_learning import RecursiveFeatureMachine


@pytest.mark.parametrize("p", [2, 5, 8])
def test_the_part_is_the_projection_on_all_circulants(p):
    block = np.random.default_rng(p).normal(size=(p, p))
    basis = np.array([circulant(unit).ravel() for unit in np.eye(p)]).T
    found, *_ = np.linalg.lstsq(basis, block.ravel(), rcond=None)
    assert np.allclose(circulant_part(block).ravel(), basis @ found)


def test_shares_are_those_of_noise_and_of_a_circulant_in_noise():
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(101, 101))
    assert circulant_share(noise) == pytest.approx(1 / 101, rel=0.5)
    wave = circulant(np.sqrt(2) * np.cos(2 * np.pi * 3 * np.arange(101) / 101))
    assert circulant_share(wave) == pytest.approx(1)
    assert circulant_share(wave + noise) == pytest.approx(0.5, abs=0.03)
    assert circulant_share(wave[::-1]) < 0.01  # of the sum, not of the difference
    assert circulant_share(np.full((5, 5), 0.1)) == 0


def test_random_circulants_have_the_same_eigenvalues_and_other_entries():
    rng = np.random.default_rng(1)
    root = rng.normal(size=(14, 14))
    given = root @ root.T
    blocks = [[circulant_part(given[a : a + 7, b : b + 7]) for b in (0, 7)] for a in (0, 7)]
    whole = np.block(blocks)
    drawn = random_circulants(given, random_state=2)
    assert np.allclose(np.linalg.eigvalsh(drawn), np.linalg.eigvalsh(whole))
    assert np.linalg.eigvalsh(drawn).min() > 0
    assert all(circulant_share(drawn[a:, b:][:7, :7]) > 0.999 for a in (0, 7) for b in (0, 7))
    assert np.abs(drawn - whole).max() > 0.1


@pytest.mark.parametrize(("operation", "low", "high"), [("add", 0.9, 1.0), ("subtract", 0.0, 0.2)])
def test_a_kernel_with_random_circulants_adds_but_does_not_subtract(operation, low, high):
    p = 23
    pairs = np.random.default_rng(0).permutation(make_pairs(p, "full"))
    eye = np.eye(p)
    given = np.kron([[1, 0.8], [0.8, 1]], eye)
    values, vectors = np.linalg.eigh(random_circulants(given, random_state=3))
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    codes = np.hstack([eye[pairs[:, 0]], eye[pairs[:, 1]]]) @ root
    answers = modular_answers(pairs, p, operation)
    machine = RecursiveFeatureMachine(n_steps=0).fit(codes[:370], answers[:370])
    assert low <= machine.score(codes[370:], answers[370:]) <= high


def test_products_of_clocks_are_those_of_their_cosines_and_sines():
    turns = 2 * np.pi * np.outer(np.arange(11), [2, 3, 5]) / 11
    clocks = np.hstack([np.cos(turns), np.sin(turns)])
    assert np.allclose(products_of_clocks(11, np.array([2, 3, 5])), clocks @ clocks.T)


def test_a_matrix_with_its_numbers_exchanged_is_that_of_codes_with_other_names():
    rng = np.random.default_rng(4)
    root, order = rng.normal(size=(10, 3)), rng.permutation(5)
    renamed = np.vstack([root[:5][order], root[5:][order]])
    assert np.allclose(numbers_exchanged(root @ root.T, order), renamed @ renamed.T)

"""The spectral theory against whole kernels and trained regressions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.kernel_ridge import KernelRidge
from sklearn.preprocessing import KernelCenterer

from modclock.analysis.deep_kernel import (
    deep_kernel,
    kernel_features,
)
from modclock.analysis.predictors.spectral_scores import Modes, learned_share, modes_of_training
from modclock.datasets import make_pairs, modular_sum
from modclock.encoders import VarCycleEncoder
from modclock.pairing import PairEncoder

P = 31
PAIRS = make_pairs(P)
ANSWERS = modular_sum(PAIRS, P)
CLOCKS = VarCycleEncoder(100, random_state=0)
SDRS = PairEncoder(CLOCKS, k=33).fit_transform(PAIRS)


EVERY = np.arange(len(PAIRS))


def modes(codes, answers, depth, most_modes=1000):
    """The modes when the answers of all pairs are known, and so the power is exact."""
    target = np.eye(answers.max() + 1)[answers]
    every = np.arange(len(codes))
    return modes_of_training(codes, every, target, depth=depth, most_modes=most_modes)


@pytest.mark.parametrize("depth", [0, 3])
@pytest.mark.parametrize("without_bits", [0, 100])
def test_modes_and_power_equal_those_of_the_whole_centred_kernel(depth, without_bits):
    codes = np.where(EVERY[:, np.newaxis] < without_bits, 0.0, SDRS)
    found = modes(codes, ANSWERS, depth, most_modes=len(PAIRS))
    gram = deep_kernel(codes / np.sqrt(33), codes / np.sqrt(33), depth)
    values, vectors = np.linalg.eigh(KernelCenterer().fit_transform(gram) / len(PAIRS))
    target = np.eye(P)[ANSWERS]
    target -= target.mean(axis=0)
    power = ((vectors.T @ target) ** 2).sum(axis=1)[::-1] / (target**2).sum()
    strong = values[::-1] > 1e-3 * values.sum()  # degenerate ones share their power in any way
    assert np.allclose(found.eigenvalues[: strong.sum()], values[::-1][strong], rtol=1e-4)
    assert found.residue == pytest.approx(0, abs=1e-4)
    whole = np.cumsum(power)[values[::-1] > 1e-6 * values.sum()]
    assert np.allclose(np.cumsum(found.power)[: len(whole)], whole, atol=0.01)


def test_power_from_training_pairs_is_right_on_average():
    exact = modes(SDRS, ANSWERS, 0)
    rng = np.random.default_rng(0)
    target = np.eye(P)[ANSWERS]
    drawn = [rng.choice(len(PAIRS), 150, replace=False) for _ in range(400)]
    powers = [
        modes_of_training(SDRS, train, target[train], depth=0, most_modes=1000).power
        for train in drawn
    ]
    error = np.std(powers, axis=0) / np.sqrt(len(powers))
    assert (np.abs(np.mean(powers, axis=0) - exact.power) < 5 * error + 1e-3).all()


def regressed(codes, depth, n_train, ridge):
    """Share of the target that is learned of the rest, mean of 20 random splits."""
    features = kernel_features(codes, depth, len(codes))
    features -= features.mean(axis=0)
    target = np.eye(P)[ANSWERS] - 1 / P
    found = []
    for seed in range(20):
        train, test = np.split(np.random.default_rng(seed).permutation(len(codes)), [n_train])
        model = KernelRidge(alpha=ridge).fit(features[train], target[train])
        found.append((model.predict(features[test]) * target[test]).sum())
    return np.mean(found) / (target[test] ** 2).sum()


@pytest.mark.parametrize("depth", [0, 3])
@pytest.mark.parametrize("share", [0.1, 0.3])
@pytest.mark.parametrize("composition", ["overlap", "concatenate"])
def test_the_learned_share_is_that_of_trained_regressions(depth, share, composition):
    """Nearly: the theory takes the features for Gaussian, and SDRs are not."""
    codes = PairEncoder(CLOCKS, composition=composition, k=33).fit_transform(PAIRS)
    n_train = round(share * len(PAIRS))
    expected = learned_share(modes(codes, ANSWERS, depth), n_train, len(PAIRS), 0.01)
    assert expected == pytest.approx(regressed(codes, depth, n_train, 0.01), abs=0.05)


def test_additive_codes_are_expected_to_learn_the_opposite():
    """With all ordered pairs, what is learned of the training pairs is lost on the others."""
    pairs = make_pairs(23, "full")
    codes = PairEncoder(CLOCKS, composition="concatenate", k=33).fit_transform(pairs)
    found = modes(codes, modular_sum(pairs, 23), 0)
    assert abs(found.power.sum()) < 1e-6
    assert learned_share(found, 264, len(pairs), ridge=0.01) < -0.05


@given(
    values=st.lists(st.floats(1e-6, 1), min_size=1, max_size=20),
    n=st.integers(1, 1000),
    ridge=st.floats(1e-6, 1),
)
def test_more_examples_never_unlearn(values, n, ridge):
    """Of endless inputs, that is: the examples are no part of what is left."""
    eigenvalues = np.sort(values)[::-1] / np.sum(values)
    found = Modes(eigenvalues, np.full(len(values), 1 / len(values)))
    few, many = (learned_share(found, count, 10**12, ridge) for count in (n, 2 * n))
    assert -1e-9 <= few <= many + 1e-9 <= 1 + 2e-9

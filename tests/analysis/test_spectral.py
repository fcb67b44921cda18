"""The spectral theory against wide random networks, whole kernels and trained regressions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.kernel_ridge import KernelRidge
from sklearn.preprocessing import KernelCenterer, normalize

from modclock.analysis.deep_kernel import (
    arc_cosine_kernel,
    deep_kernel,
    kernel_features,
    kernel_predictions,
)
from modclock.analysis.spectral import Spectrum, expected_test, spectrum
from modclock.datasets import make_pairs, modular_sum
from modclock.encoders import VarCycleEncoder
from modclock.pairing import PairEncoder

P = 31
PAIRS = make_pairs(P)
ANSWERS = modular_sum(PAIRS, P)
CLOCKS = VarCycleEncoder(100, random_state=0)
SDRS = PairEncoder(CLOCKS, k=33).fit_transform(PAIRS)


@pytest.mark.parametrize("depth", [1, 3])
def test_the_kernel_is_that_of_a_wide_random_relu_network(depth):
    rng = np.random.default_rng(0)
    inputs = hidden = normalize(np.vstack([rng.normal(size=(6, 30)), np.zeros(30)]))
    for _ in range(depth):
        hidden = np.maximum(hidden @ rng.normal(size=(hidden.shape[1], 4000)), 0)
    cosine = normalize(hidden) @ normalize(hidden).T
    assert np.allclose(cosine, deep_kernel(inputs, inputs, depth), atol=0.05)


@pytest.mark.parametrize("depth", [0, 3])
@pytest.mark.parametrize("without_bits", [0, 100])
def test_modes_and_power_equal_those_of_the_whole_centred_kernel(depth, without_bits):
    codes = np.where(np.arange(len(SDRS))[:, np.newaxis] < without_bits, 0.0, SDRS)
    found = spectrum(codes, ANSWERS, depth=depth, n_landmarks=len(PAIRS))
    gram = deep_kernel(codes / np.sqrt(33), codes / np.sqrt(33), depth)
    gram = KernelCenterer().fit_transform(gram)
    values, modes = np.linalg.eigh(gram / np.trace(gram))
    target = np.eye(P)[ANSWERS]
    target -= target.mean(axis=0)
    power = ((modes.T @ target) ** 2).sum(axis=1)[::-1] / (target**2).sum()
    strong = values[::-1] > 1e-3  # degenerate ones share their power in any way
    assert np.allclose(found.eigenvalues[: strong.sum()], values[::-1][strong], rtol=1e-4)
    assert found.residue == pytest.approx(0, abs=1e-4)
    whole = np.cumsum(power)[values[::-1] > 1e-6]
    assert np.allclose(np.cumsum(found.power)[: len(whole)], whole, atol=0.01)
    kernel_of_answers = target @ target.T
    cosine = (gram * kernel_of_answers).sum() / np.linalg.norm(gram)
    assert found.alignment == pytest.approx(cosine / np.linalg.norm(kernel_of_answers), abs=1e-6)


def test_landmarks_stand_for_the_whole_kernel():
    some, all_of_them = (kernel_features(SDRS, 2, n_landmarks) for n_landmarks in (300, len(PAIRS)))
    assert np.allclose(all_of_them @ all_of_them.T, arc_cosine_kernel(SDRS @ SDRS.T / 33, 2))
    assert np.abs(some @ some.T - all_of_them @ all_of_them.T).mean() < 0.01


def regressed(codes, depth, n_train, ridge):
    """Share of the target learned and squared error on the rest, mean of 20 random splits."""
    features = kernel_features(codes, depth, len(codes))
    features -= features.mean(axis=0)
    features /= np.sqrt((features**2).sum(axis=1).mean())
    target = np.eye(P)[ANSWERS] - 1 / P
    found = []
    for seed in range(20):
        train, test = np.split(np.random.default_rng(seed).permutation(len(codes)), [n_train])
        model = KernelRidge(alpha=ridge).fit(features[train], target[train])
        predicted, wanted = model.predict(features[test]), target[test]
        found.append(((predicted * wanted).sum(), ((predicted - wanted) ** 2).sum()))
    return np.mean(found, axis=0) / (wanted**2).sum()


@pytest.mark.parametrize("depth", [0, 3])
@pytest.mark.parametrize("share", [0.1, 0.3])
@pytest.mark.parametrize("composition", ["overlap", "concatenate"])
def test_expectations_are_those_of_trained_regressions(depth, share, composition):
    """Nearly: the theory takes the features for Gaussian, and SDRs are not."""
    codes = PairEncoder(CLOCKS, composition=composition, k=33).fit_transform(PAIRS)
    n_train = round(share * len(PAIRS))
    learned, error = regressed(codes, depth, n_train, ridge=0.01)
    expected = expected_test(spectrum(codes, ANSWERS, depth=depth), n_train, len(PAIRS), 0.01)
    assert expected.learned == pytest.approx(learned, abs=0.05)
    assert expected.error == pytest.approx(error, rel=0.2)


@pytest.mark.parametrize("depth", [0, 3])
def test_kernel_predictions_are_those_of_scikit_learns_kernel_ridge(depth):
    order = np.random.default_rng(0).permutation(len(SDRS))
    codes, answers = SDRS[order], ANSWERS[order]
    target = np.eye(P)[answers[:200]]
    gram = arc_cosine_kernel(codes @ codes.T / 33, depth)
    model = KernelRidge(alpha=0.01, kernel="precomputed")
    model.fit(gram[:200, :200], target - target.mean(axis=0))
    expected = (model.predict(gram[200:, :200]) + target.mean(axis=0)).argmax(axis=1)
    found = kernel_predictions(codes, answers, 200, depth=depth, ridge=0.01)
    assert np.array_equal(found, expected)
    assert (found == answers[200:]).mean() > 0.3


def test_additive_codes_are_expected_to_learn_the_opposite():
    """With all ordered pairs, what is learned of the training pairs is lost on the others."""
    pairs = make_pairs(23, "full")
    codes = PairEncoder(CLOCKS, composition="concatenate", k=33).fit_transform(pairs)
    found = spectrum(codes, modular_sum(pairs, 23))
    assert found.power.sum() < 1e-6
    assert expected_test(found, 264, len(pairs), ridge=0.01).learned < -0.05


@given(
    values=st.lists(st.floats(1e-6, 1), min_size=1, max_size=20),
    n=st.integers(1, 1000),
    ridge=st.floats(1e-6, 1),
)
def test_more_examples_never_unlearn(values, n, ridge):
    """Of endless inputs, that is: the examples are no part of what is left."""
    eigenvalues = np.sort(values)[::-1] / np.sum(values)
    found = Spectrum(eigenvalues, np.full(len(values), 1 / len(values)), 0.0, 0.0)
    few, many = (expected_test(found, count, 10**12, ridge).learned for count in (n, 2 * n))
    assert -1e-9 <= few <= many + 1e-9 <= 1 + 2e-9

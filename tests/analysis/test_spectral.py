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
from modclock.analysis.spectral import Spectrum, expected_test, spectrum
from modclock.datasets import make_pairs, modular_sum
from modclock.encoders import VarCycleEncoder
from modclock.pairing import PairEncoder

P = 31
PAIRS = make_pairs(P)
ANSWERS = modular_sum(PAIRS, P)
CLOCKS = VarCycleEncoder(100, random_state=0)
SDRS = PairEncoder(CLOCKS, k=33).fit_transform(PAIRS)


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

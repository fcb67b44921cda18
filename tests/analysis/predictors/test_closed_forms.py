"""Closed forms of the entrants against brute force and against other ways to the same number."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn.kernel_ridge import KernelRidge

from modclock.analysis.predictors.gradient_flow import flow_left_out
from modclock.analysis.predictors.kernels import (
    empirical_tangent_kernel,
    gram_matrix,
    neural_tangent_kernel,
)
from modclock.analysis.predictors.leave_one_out import leave_one_out
from modclock.analysis.predictors.spectral_scores import (
    Modes,
    effective_ridge,
    learned_share,
    modes_of_training,
)
from modclock.analysis.predictors.transfer_scores import h_score, log_evidence

RNG = np.random.default_rng(0)
CODES = RNG.normal(size=(24, 5))
CODES_300 = RNG.normal(size=(300, 4))
TARGETS = np.eye(3)[RNG.integers(3, size=24)]


@pytest.mark.parametrize("kernel", ["nngp", "ntk"])
def test_leave_one_out_is_that_of_models_trained_without_the_example(kernel):
    gram = gram_matrix(CODES, kernel, 2)
    found = leave_one_out(gram, TARGETS, 0.1)
    mean = TARGETS.mean(axis=0)
    for i in range(len(CODES)):
        rest = np.delete(np.arange(len(CODES)), i)
        model = KernelRidge(alpha=0.1, kernel="precomputed")
        model.fit(gram[np.ix_(rest, rest)], TARGETS[rest] - mean)
        assert np.allclose(model.predict(gram[i : i + 1, rest]) + mean, found.outputs[i])


def test_kare_is_the_formula_of_its_paper():
    gram, n, ridge = gram_matrix(CODES, "nngp", 1), len(CODES), 0.02
    found = leave_one_out(gram, TARGETS, n * ridge)
    centred = TARGETS - TARGETS.mean(axis=0)
    inverse = np.linalg.inv(gram / n + ridge * np.eye(n))
    risk = np.trace(centred.T @ inverse @ inverse @ centred) / n / (np.trace(inverse) / n) ** 2
    assert np.isclose(found.kare, risk / (centred**2).sum() * n)


def test_the_tangent_kernel_is_that_of_the_gradients_of_a_wide_network():
    rng = np.random.default_rng(1)
    width, units = 3000, CODES[:3] / np.linalg.norm(CODES[:3], axis=1, keepdims=True)
    first = rng.normal(size=(width, 5))
    second = rng.normal(size=(width, width))
    last = rng.normal(size=width)
    # Outputs and gradients of last . relu(second relu(first x)), each layer scaled by sqrt(2 / in).
    scale = np.sqrt(2 / width)
    one = np.maximum(units @ first.T, 0)
    two = np.maximum(scale * one @ second.T, 0)
    back_two = (two > 0) * last * scale
    back_one = (one > 0) * (back_two @ second) * scale
    gradients = ((two @ two.T) * scale**2, (back_two @ back_two.T) * (one @ one.T) * scale**2,
                 (back_one @ back_one.T) * (units @ units.T))  # fmt: skip
    whole = np.sum(gradients, axis=0)
    found = whole / np.sqrt(np.outer(np.diag(whole), np.diag(whole)))
    assert np.allclose(found, neural_tangent_kernel(units, units, 2), atol=0.1)


def test_the_tangent_kernel_of_a_very_wide_network_is_near_that_of_an_infinite_one():
    units = CODES[:4] / np.linalg.norm(CODES[:4], axis=1, keepdims=True)
    far = 100 * units  # beside which biases are nothing
    found = empirical_tangent_kernel(far, (3000, 3000, 2))
    found /= np.sqrt(np.outer(np.diag(found), np.diag(found)))
    assert np.allclose(found, neural_tangent_kernel(units, units, 2), atol=0.15)


def test_the_tangent_kernel_at_initialisation_is_that_of_finite_differences():
    codes, step = CODES[:3], 1e-6
    rng = np.random.default_rng(0)
    bounds = np.sqrt(6 / 9), np.sqrt(6 / 6)
    parameters = []
    for bound, shape in zip(bounds, [(5, 4), (4, 2)], strict=True):
        parameters += [rng.uniform(-bound, bound, shape), rng.uniform(-bound, bound, shape[1])]

    def outputs():
        first, one, second, two = parameters
        return (np.maximum(codes @ first + one, 0) @ second + two).ravel()

    gradients = []
    for values in parameters:
        for index in np.ndindex(values.shape):
            values[index] += step
            high = outputs()
            values[index] -= 2 * step
            gradients.append((high - outputs()) / (2 * step))
            values[index] += step
    slopes = np.array(gradients).reshape(-1, 3, 2)
    expected = np.einsum("pio,pjo->ij", slopes, slopes)
    assert np.allclose(empirical_tangent_kernel(codes, (4, 2)), expected, rtol=1e-5)


def test_a_short_or_an_endless_flow_is_what_it_has_to_be():
    gram = gram_matrix(CODES, "nngp", 1)
    start = flow_left_out(gram, TARGETS, 1e-9)
    assert np.allclose(start, TARGETS.mean(axis=0), atol=1e-6)
    # In the end it is interpolation, and leave-one-out in closed form is exact.
    end = flow_left_out(gram + 0.5 * np.eye(24), TARGETS, 1e9)
    assert np.isfinite(end).all()


def test_shares_learned_and_the_ridge_add_up_to_the_examples():
    values, count = np.exp(-np.arange(40) / 5), np.tile([1.0, 2.0], 20)
    for ridge in (1e-6, 0.1, 10.0):
        r = effective_ridge(values, count, 12, ridge)
        assert np.isclose((count * values / (values + r)).sum() + ridge / r, 12)


def test_what_is_learned_is_what_kernel_regression_does_on_average():
    answers = (CODES_300[:, 0] * CODES_300[:, 1] > 0).astype(int)
    foretold, found = [], []
    gram = gram_matrix(CODES_300, "nngp", 2)
    for _ in range(40):
        train, test = np.split(RNG.permutation(300), [150])
        targets = np.eye(2)[answers]
        mean = targets[train].mean(axis=0)
        modes = modes_of_training(CODES_300, train, targets[train], depth=2, most_modes=300)
        foretold.append(learned_share(modes, 150, 300, 0.05))
        inverse = np.linalg.inv(gram[np.ix_(train, train)] + 0.05 * np.eye(150))
        outputs = gram[np.ix_(test, train)] @ inverse @ (targets[train] - mean)
        wanted = targets[test] - mean
        found.append((outputs * wanted).sum() / (wanted**2).sum())
    assert np.isclose(np.mean(foretold), np.mean(found), atol=0.05)


def test_what_is_left_out_of_a_spectrum_counts_as_equal_modes():
    whole = Modes(np.array([0.5, 0.2, 0.1, 0.1, 0.1]), np.array([0.4, 0.3, 0.1, 0.1, 0.1]))
    cut = Modes(whole.eigenvalues[:2], whole.power[:2], residue=0.3)
    assert np.isclose(learned_share(cut, 3, 6, 1e-3), learned_share(whole, 3, 6, 1e-3))


def test_power_of_all_modes_is_all_of_the_target():
    """As many modes as pairs: then a bias of each would add up to one as large as the whole."""
    answers = RNG.integers(3, size=60)
    codes = RNG.normal(size=(60, 5))
    sums = []
    for _ in range(400):
        train = RNG.permutation(60)[:20]
        found = modes_of_training(codes, train, np.eye(3)[answers[train]], depth=3, most_modes=60)
        assert len(found.power) == 59
        sums.append(found.power.sum())
    assert np.isclose(np.mean(sums), 1, atol=0.08)


def test_power_of_modes_is_unbiased():
    """Averaged over draws of training pairs it is the power over all pairs."""
    answers = RNG.integers(3, size=60)
    codes = np.eye(3)[answers] + RNG.normal(size=(60, 3))
    targets = np.eye(3)[answers]
    powers = []
    for _ in range(2000):
        train = RNG.permutation(60)[:20]
        found = modes_of_training(codes, train, targets[train], depth=0, most_modes=60)
        powers.append(found.power)
    units = codes / np.linalg.norm(codes, axis=1, keepdims=True)
    centred, wanted = units - units.mean(axis=0), targets - targets.mean(axis=0)
    left = np.linalg.svd(centred, full_matrices=False)[0]
    power = ((left.T @ wanted) ** 2).sum(axis=1) / (wanted**2).sum()
    assert np.allclose(np.mean(powers, axis=0), power, atol=0.04)


def test_log_evidence_is_the_highest_density_of_a_gaussian():
    targets = CODES @ RNG.normal(size=(5, 1)) + RNG.normal(size=(24, 1))
    highest = max(
        multivariate_normal(None, np.eye(24) / b + CODES @ CODES.T / a).logpdf(targets[:, 0]) / 24
        for a in np.geomspace(0.05, 20, 60)
        for b in np.geomspace(0.1, 10, 60)
    )
    assert np.isclose(log_evidence(CODES, targets), highest, atol=1e-3)


def test_the_h_score_is_the_formula_of_its_paper_where_examples_abound():
    labels = RNG.integers(3, size=4000)
    features = np.eye(3)[labels][:, :2] + RNG.normal(size=(4000, 2))
    means = np.array([features[labels == c].mean(axis=0) for c in range(3)])[labels]
    inverse = np.linalg.inv(np.cov(features.T))
    assert np.isclose(h_score(features, labels), np.trace(inverse @ np.cov(means.T)), atol=0.01)

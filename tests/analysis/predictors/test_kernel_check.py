"""The theory of kernels against their machines, where it is known to hold and where it can't."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.kernel_ridge import KernelRidge

from modclock.analysis.predictors.kernel_check import check_kernel_theory
from modclock.analysis.predictors.kernels import gram_matrix

RNG = np.random.default_rng(0)
CODES = RNG.normal(size=(900, 6))
ANSWERS = (CODES[:, 0] * CODES[:, 1] > 0).astype(int) + 2 * (CODES[:, 2] > 0)


@pytest.mark.parametrize("depth", [0, 2])
def test_the_machine_is_scikit_learns_kernel_ridge(depth):
    (found,) = check_kernel_theory(
        CODES, ANSWERS, train_fractions=[0.4], depths=[depth], ridge=0.05
    )
    order = np.random.default_rng(0).permutation(900)
    train, test = order[:360], order[360:]
    targets = np.eye(4)[ANSWERS]
    mean = targets[train].mean(axis=0)
    gram = gram_matrix(CODES, "nngp", depth)
    model = KernelRidge(alpha=0.05, kernel="precomputed")
    outputs = model.fit(gram[np.ix_(train, train)], targets[train] - mean).predict(
        gram[np.ix_(test, train)]
    )
    wanted = targets[test] - mean
    assert found.accuracy == ((outputs + mean).argmax(axis=1) == ANSWERS[test]).mean()
    assert np.isclose(found.error, ((outputs - wanted) ** 2).sum() / (wanted**2).sum())


@pytest.mark.parametrize("depth", [0, 1, 5])
def test_codes_drawn_at_random_keep_to_the_theory(depth):
    for found in check_kernel_theory(
        CODES, ANSWERS, train_fractions=[0.2, 0.5], depths=[depth], ridge=0.01
    ):
        assert abs(found.foretold_accuracy - found.accuracy) < 0.06
        assert abs(found.foretold_error - found.error) < 0.1
        assert abs(found.foretold_learned - found.learned) < 0.1


def test_rows_are_there_for_every_share_and_depth():
    found = check_kernel_theory(CODES[:60], ANSWERS[:60], train_fractions=[0.3, 0.7], depths=[0, 1])
    rows = [(row.train_fraction, row.depth) for row in found]
    assert rows == [(0.3, 0), (0.3, 1), (0.7, 0), (0.7, 1)]


def test_answers_of_test_pairs_foretell_nothing():
    order = np.random.default_rng(0).permutation(900)
    other = ANSWERS.copy()
    other[order[270:]] = RNG.permutation(other[order[270:]])
    one, two = (
        check_kernel_theory(CODES, answers, train_fractions=[0.3], depths=[1])[0]
        for answers in (ANSWERS, other)
    )
    assert one.foretold_accuracy == two.foretold_accuracy
    assert one.foretold_error == two.foretold_error
    assert one.foretold_learned == two.foretold_learned
    assert one.accuracy > two.accuracy + 0.2

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import Ridge, RidgeClassifier
from sklearn.utils.estimator_checks import parametrize_with_checks

from modclock.classifiers import (
    PRESETS,
    OneHotRegressorClassifier,
    mlp_classifier,
    mlp_regressor,
)


def test_the_network_of_the_thread():
    network = mlp_classifier()
    assert network.hidden_layer_sizes == (800, 400, 400, 400, 400)
    assert network.max_iter == 25


def test_widths_scale():
    assert mlp_classifier(width_factor=0.25).hidden_layer_sizes == (200, 100, 100, 100, 100)


@pytest.mark.parametrize("factor", [0.001, 0, -1, float("inf"), float("nan"), "wide", None])
def test_a_width_factor_that_makes_no_network_is_refused(factor):
    with pytest.raises(ValueError, match="width_factor is a positive number"):
        mlp_classifier(width_factor=factor)


def test_nearest_neighbor_memorises():
    inputs = np.random.default_rng(0).random((30, 5))
    answers = np.arange(30) % 7
    probe = PRESETS["nearest_neighbor"]().fit(inputs, answers)
    assert np.array_equal(probe.predict(inputs), answers)


def test_the_regressor_of_the_thread():
    model = mlp_regressor()
    assert model.regressor.hidden_layer_sizes == (400, 200, 200, 200, 200, 200)
    assert model.regressor.max_iter == model.regressor.n_iter_no_change == 200


def test_depth_is_the_number_of_hidden_layers():
    assert mlp_classifier(n_hidden=2).hidden_layer_sizes == (800, 400)
    with pytest.raises(ValueError, match="n_hidden is an integer of at least 1"):
        mlp_classifier(n_hidden=0)


def test_one_hot_ridge_regression_equals_the_ridge_classifier():
    rng = np.random.default_rng(0)
    inputs, answers = rng.normal(size=(80, 5)), rng.integers(4, size=80)
    # The ridge classifier's targets are 1 and -1, twice those of one-hot less a constant.
    ours = OneHotRegressorClassifier(Ridge(alpha=2.0)).fit(inputs, answers)
    theirs = RidgeClassifier(alpha=2.0).fit(inputs, answers)
    new = rng.normal(size=(50, 5))
    assert np.array_equal(ours.predict(new), theirs.predict(new))


@parametrize_with_checks([OneHotRegressorClassifier(Ridge())])
def test_scikit_learn_checks(estimator, check):
    check(estimator)

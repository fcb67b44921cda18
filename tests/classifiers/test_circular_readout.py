from __future__ import annotations

import numpy as np
import pytest
from sklearn.utils.estimator_checks import check_estimator

from modclock.classifiers.circular_readout import CircularReadout
from modclock.classifiers.presets import ridge_readout
from modclock.datasets import make_pairs, modular_sum, split_pairs
from modclock.encoders import FourierEncoder
from modclock.pairing import PairEncoder


def test_scikit_learn_checks():
    check_estimator(CircularReadout())


def test_one_slow_clock_is_read_exactly_and_by_a_ridge_on_one_hot_targets_it_is_not():
    train, test = split_pairs(make_pairs(43, "full"), "mirrored", 0.4, 0)
    codes = PairEncoder(FourierEncoder(43, frequencies=[1]), composition="bind").fit(train)
    right = [
        model.fit(codes.transform(train), modular_sum(train, 43)).score(
            codes.transform(test), modular_sum(test, 43)
        )
        for model in (CircularReadout(), ridge_readout())
    ]
    assert right[0] == 1
    assert right[1] < 0.5


def test_mistakes_are_neighbours_around_the_end_too():
    angles = 2 * np.pi * np.arange(50) / 50
    X = np.column_stack([np.cos(angles), np.sin(angles)])
    model = CircularReadout().fit(X, np.arange(50))
    noisy = X + np.random.default_rng(0).normal(0, 0.05, X.shape)
    wrong = (model.predict(noisy) - np.arange(50)) % 50
    assert wrong.any()
    assert set(np.minimum(wrong, 50 - wrong)) <= {0, 1, 2}


def test_a_negative_ridge_is_refused():
    with pytest.raises(ValueError, match="alpha takes a number of at least 0"):
        CircularReadout(-1).fit([[1], [2]], [0, 1])

from __future__ import annotations

import numpy as np
import pytest

from modclock.classifiers import PRESETS, mlp_classifier


def test_the_network_of_the_thread():
    network = mlp_classifier()
    assert network.hidden_layer_sizes == (800, 400, 400, 400, 400)
    assert network.max_iter == 25


def test_widths_scale_and_never_vanish():
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

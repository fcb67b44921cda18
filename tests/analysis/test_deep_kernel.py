"""The deep kernel against wide random networks."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.preprocessing import normalize

from modclock.analysis.deep_kernel import (
    arc_cosine_kernel,
    deep_kernel,
    kernel_features,
)
from modclock.datasets import make_pairs
from modclock.encoders import VarCycleEncoder
from modclock.pairing import PairEncoder

P = 31
PAIRS = make_pairs(P)
SDRS = PairEncoder(VarCycleEncoder(100, random_state=0), k=33).fit_transform(PAIRS)


@pytest.mark.parametrize("depth", [1, 3])
def test_the_kernel_is_that_of_a_wide_random_relu_network(depth):
    rng = np.random.default_rng(0)
    inputs = hidden = normalize(np.vstack([rng.normal(size=(6, 30)), np.zeros(30)]))
    for _ in range(depth):
        hidden = np.maximum(hidden @ rng.normal(size=(hidden.shape[1], 4000)), 0)
    cosine = normalize(hidden) @ normalize(hidden).T
    assert np.allclose(cosine, deep_kernel(inputs, inputs, depth), atol=0.05)


def test_landmarks_stand_for_the_whole_kernel():
    some, all_of_them = (kernel_features(SDRS, 2, n_landmarks) for n_landmarks in (300, len(PAIRS)))
    assert np.allclose(all_of_them @ all_of_them.T, arc_cosine_kernel(SDRS @ SDRS.T / 33, 2))
    assert np.abs(some @ some.T - all_of_them @ all_of_them.T).mean() < 0.01

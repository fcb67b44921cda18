from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import hadamard
from sklearn.utils.estimator_checks import parametrize_with_checks

from modclock.networks.fast_transform import FastTransformClassifier
from modclock.networks.walsh_hadamard import walsh_hadamard


@given(exponent=st.integers(0, 6), seed=st.integers(0, 100))
def test_the_transform_equals_the_hadamard_matrix(exponent, seed):
    size = 2**exponent
    x = np.random.default_rng(seed).normal(size=(3, size)).astype(np.float32)
    assert np.allclose(
        walsh_hadamard(jnp.asarray(x)), x @ hadamard(size) / np.sqrt(size), atol=1e-5
    )


def test_the_transform_makes_no_matrix():
    operations = jax.make_jaxpr(walsh_hadamard)(jnp.zeros((2, 64))).jaxpr.eqns
    assert "dot_general" not in {operation.primitive.name for operation in operations}


def test_with_equal_slopes_the_network_is_linear():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, 8)), rng.integers(3, size=20)
    model = FastTransformClassifier(max_iter=1, random_state=0).fit(X, y)
    model.network_ = eqx.tree_at(lambda n: n.below, model.network_, model.network_.above)
    total = model._logits(X[:1]) + model._logits(X[1:2])
    assert np.allclose(model._logits(X[:1] + X[1:2]), total, atol=1e-4)


def test_it_learns_what_no_linear_model_can():
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]] * 10, dtype=float)
    y = X[:, 0].astype(int) ^ X[:, 1].astype(int)
    model = FastTransformClassifier(width=16, max_iter=300, random_state=0).fit(X, y)
    assert model.score(X, y) == 1


def test_weight_decay_makes_the_slopes_smaller():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(50, 8)), rng.integers(3, size=50)
    norms = [
        FastTransformClassifier(weight_decay=w, random_state=0).fit(X, y).weight_norm_
        for w in (0.0, 0.1, 1.0)
    ]
    assert norms == sorted(norms, reverse=True)


def test_it_stops_when_the_loss_no_longer_falls():
    X, y = np.eye(4), [0, 1, 1, 0]
    model = FastTransformClassifier(max_iter=5000, n_iter_no_change=5, tol=1e-2, random_state=0)
    assert 5 < model.fit(X, y).n_iter_ < 5000


@pytest.mark.parametrize("width", [3, 2])
def test_a_width_that_is_no_power_of_two_or_too_small_is_refused(width):
    with pytest.raises(ValueError, match=f"power of two of at least 4, got {width}"):
        FastTransformClassifier(width=width).fit(np.eye(4), [0, 1, 1, 0])


@parametrize_with_checks([FastTransformClassifier(max_iter=100)])
def test_scikit_learn_checks(estimator, check):
    check(estimator)

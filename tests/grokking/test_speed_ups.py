from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modclock.grokking.speed_ups import fixed_norm, orthogonal_gradients, stablemax_cross_entropy
from modclock.networks.optimizers import amplify_slow

SEEDS = st.integers(0, 2**16)


def _stablemax_loss(logits, answers):
    """By the formulas of the paper, one example at a time, in double precision."""
    losses = []
    for row, answer in zip(logits, answers, strict=True):
        shares = [x + 1 if x >= 0 else 1 / (1 - x) for x in row]
        losses.append(-np.log(shares[answer] / sum(shares)))
    return np.mean(losses)


@given(SEEDS)
def test_stablemax_and_its_gradient_equal_differences_of_the_plain_formula(seed):
    rng = np.random.default_rng(seed)
    logits, answers = rng.normal(scale=3, size=(4, 5)), rng.integers(5, size=4)
    value, gradient = jax.value_and_grad(stablemax_cross_entropy)(jnp.asarray(logits), answers)
    assert float(value) == pytest.approx(_stablemax_loss(logits, answers), rel=1e-5)
    for place in np.ndindex(logits.shape):
        step = np.zeros_like(logits)
        step[place] = 1e-6
        ends = [_stablemax_loss(logits + sign * step, answers) for sign in (1, -1)]
        assert float(gradient[place]) == pytest.approx((ends[0] - ends[1]) / 2e-6, abs=1e-4)


@given(SEEDS)
def test_orthogonal_gradients_are_orthogonal_to_each_array_of_weights_and_keep_their_length(seed):
    rng = np.random.default_rng(seed)
    shapes = {"first": (3, 4), "second": (5,)}
    weights, gradients = (
        {name: jnp.asarray(rng.normal(size=shape)) for name, shape in shapes.items()}
        for _ in range(2)
    )
    rule = orthogonal_gradients()
    turned, _ = rule.update(gradients, rule.init(weights), weights)
    for name in shapes:
        assert float(jnp.vdot(turned[name], weights[name])) == pytest.approx(0, abs=1e-4)
        lengths = [float(jnp.linalg.norm(part[name])) for part in (turned, gradients)]
        assert lengths[0] == pytest.approx(lengths[1], rel=1e-4)
        # What is left lies in the plane of the two: nothing else was added.
        plane = np.stack([weights[name].ravel(), gradients[name].ravel()], axis=1)
        rest = np.linalg.lstsq(plane, np.ravel(turned[name]), rcond=None)[0]
        assert np.allclose(plane @ rest, np.ravel(turned[name]), atol=1e-4)


@given(SEEDS)
def test_weights_keep_their_common_length(seed):
    rng = np.random.default_rng(seed)
    weights = [jnp.asarray(rng.normal(size=shape)) for shape in ((3, 4), (5,))]
    before = np.sqrt(sum(float((part**2).sum()) for part in weights))
    rule = fixed_norm()
    for _ in range(5):
        updates = [jnp.asarray(rng.normal(size=part.shape)) for part in weights]
        moved = [part + update for part, update in zip(weights, updates, strict=True)]
        found, _ = rule.update(updates, rule.init(weights), weights)
        weights = [part + update for part, update in zip(weights, found, strict=True)]
        assert np.allclose(weights[0] / weights[1][0], moved[0] / moved[1][0], rtol=1e-2)
        after = np.sqrt(sum(float((part**2).sum()) for part in weights))
        assert after == pytest.approx(before, rel=1e-4)


def test_the_slow_part_of_gradients_is_an_average_over_all_of_them():
    rng = np.random.default_rng(0)
    gradients = rng.normal(size=(20, 3))
    rule, decay, strength = amplify_slow(decay=0.9, strength=2.0), 0.9, 2.0
    state = rule.init(jnp.zeros(3))
    for step, gradient in enumerate(gradients):
        found, state = rule.update(jnp.asarray(gradient), state)
        shares = (1 - decay) * decay ** np.arange(step, -1, -1)
        slow = shares @ gradients[: step + 1]
        assert np.allclose(found, gradient + strength * slow, atol=1e-5)

from __future__ import annotations

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from modclock.datasets import make_pairs, modular_sum, split_pairs
from modclock.networks.optimizers import AdamW, amplify_slow
from modclock.networks.training import Examples, Run, cross_entropy, train
from modclock.networks.transformer import Transformer

P = 5


def examples(pairs) -> Examples:
    return Examples(jnp.asarray(pairs), jnp.asarray(modular_sum(pairs, P)))


TRAIN, TEST = map(examples, split_pairs(make_pairs(P, "full"), random_state=0))


def small() -> Transformer:
    return Transformer(
        P, layers=1, heads=2, width=8, mlp_width=16, layer_norm=False, random_state=0
    )


def trained(optimizer=None, **settings) -> Run:
    chosen: dict[str, Any] = {"n_steps": 40, "evaluate_every": 10} | settings
    return train(small(), TRAIN, TEST, optimizer or optax.adamw(1e-2), **chosen)


def test_the_first_evaluation_is_that_of_the_network_given():
    run = trained()
    logits = np.asarray(eqx.filter_jit(small())(TRAIN.inputs), dtype=np.float64)
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    loss = -np.log(shares[np.arange(len(logits)), TRAIN.answers]).mean()
    assert [evaluation.step for evaluation in run.evaluations] == [0, 10, 20, 30, 40]
    assert run.evaluations[0].train_loss == pytest.approx(loss, rel=1e-5)
    assert run.evaluations[0].train_accuracy == pytest.approx(
        (logits.argmax(axis=1) == TRAIN.answers).mean()
    )
    squares = [np.square(leaf).sum() for leaf in jax.tree.leaves(small())]
    assert run.evaluations[0].weight_norm == pytest.approx(np.sqrt(sum(squares)), rel=1e-5)


def test_one_step_of_plain_descent_follows_the_gradient():
    run = trained(optax.sgd(0.1), n_steps=1, evaluate_every=1)
    before = small()
    gradient = jax.grad(lambda network: cross_entropy(network(TRAIN.inputs), TRAIN.answers))(before)
    leaves = map(jax.tree.leaves, (before, gradient, run.network))
    for old, slope, new in zip(*leaves, strict=True):
        assert np.allclose(new, old - 0.1 * slope, atol=1e-6)


def test_training_learns_the_training_pairs():
    assert trained(n_steps=400, evaluate_every=100).evaluations[-1].train_accuracy == 1


def test_the_same_key_gives_the_same_run_to_the_last_bit():
    first, second = (trained(batch_size=4) for _ in range(2))
    assert first.evaluations == second.evaluations
    other = trained(batch_size=4, random_state=2)
    assert first.evaluations[-1].train_loss != other.evaluations[-1].train_loss


def test_it_stops_at_the_target_and_keeps_the_last_network():
    run = trained(target=0.0)
    assert [evaluation.step for evaluation in run.evaluations] == [0]
    assert list(run.checkpoints) == [0]


def test_checkpoints_are_the_networks_at_their_steps():
    run = trained(checkpoint_steps={0, 20})
    assert list(run.checkpoints) == [0, 20, 40]
    shorter = trained(n_steps=20)
    for kept, last in zip(
        *map(jax.tree.leaves, (run.checkpoints[20], shorter.network)), strict=True
    ):
        assert np.array_equal(kept, last)
    assert run.checkpoints[40] is run.network


def test_a_loss_that_is_no_number_ends_the_run_with_its_step():
    run = trained(optax.sgd(1e30), n_steps=100)
    assert run.error == "the training loss is nan at step 10"
    assert [evaluation.step for evaluation in run.evaluations] == [0]


@pytest.mark.parametrize(("sides", "side"), [((0, 5), "training"), ((5, 0), "test")])
def test_an_empty_side_is_refused(sides, side):
    learned, asked = (Examples(TRAIN.inputs[:n], TRAIN.answers[:n]) for n in sides)
    with pytest.raises(ValueError, match=f"there are no {side} examples"):
        train(small(), learned, asked, optax.sgd(0.1), n_steps=1, evaluate_every=1)


def test_a_batch_of_more_than_there_is_is_refused():
    few = Examples(TRAIN.inputs[:5], TRAIN.answers[:5])
    options: dict[str, Any] = {"n_steps": 1, "evaluate_every": 1, "batch_size": 6}
    with pytest.raises(ValueError, match="batch_size: 6 is more than the 5 training examples"):
        train(small(), few, few, optax.sgd(0.1), **options)


def test_the_filter_adds_the_moving_average():
    rng = np.random.default_rng(0)
    slow = amplify_slow(decay=0.9, strength=5.0)
    state = slow.init(jnp.zeros(3))
    average = np.zeros(3)
    for gradient in rng.normal(size=(6, 3)):
        filtered, state = slow.update(jnp.asarray(gradient), state)
        average = 0.9 * average + 0.1 * gradient
        assert np.allclose(filtered, gradient + 5 * average, atol=1e-5)


def adamw_by_hand(gradients, weights, rate, decay, beta_2, warmup, strength):
    first = second = average = np.zeros_like(weights)
    for count, gradient in enumerate(gradients):
        average = 0.98 * average + 0.02 * gradient
        filtered = gradient + strength * average
        first = 0.9 * first + 0.1 * filtered
        second = beta_2 * second + (1 - beta_2) * filtered**2
        unbiased = first / (1 - 0.9 ** (count + 1))
        scale = np.sqrt(second / (1 - beta_2 ** (count + 1))) + 1e-8
        now = rate * min(1, count / warmup) if warmup else rate
        weights = weights - now * (unbiased / scale + decay * weights)
    return weights


@pytest.mark.parametrize(("warmup", "strength"), [(0, 0.0), (4, 0.0), (4, 2.0)])
def test_adamw_equals_the_formulas(warmup, strength):
    rng = np.random.default_rng(1)
    gradients, weights = rng.normal(size=(8, 3)), rng.normal(size=3)
    optimizer = AdamW(0.05, 0.7, beta_2=0.98, warmup_steps=warmup, slow_gradient=strength)
    found = jnp.asarray(weights)
    state = optimizer.init(found)
    for gradient in gradients:
        updates, state = optimizer.update(jnp.asarray(gradient), state, found)
        found = optax.apply_updates(found, updates)
    expected = adamw_by_hand(gradients, weights, 0.05, 0.7, 0.98, warmup, strength)
    assert np.allclose(found, expected, atol=1e-5)

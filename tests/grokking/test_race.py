from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from modclock.grokking.entrants import NetworkEntrant, Problem
from modclock.grokking.methods import METHODS, draw_settings
from modclock.grokking.multiplications import of_network_step
from modclock.grokking.pair_network import ACTIVATIONS, PairNetwork
from modclock.grokking.race import Track
from modclock.grokking.race_names import ACTIVATION_NAMES, METHOD_NAMES
from modclock.networks.training import Examples, cross_entropy


@pytest.mark.parametrize("activation", ["square", "relu"])
@pytest.mark.parametrize(("n_codes", "n_places"), [(4, 2), (40, 1)])
def test_logits_are_those_of_codes_side_by_side(activation, n_codes, n_places):
    rng = np.random.default_rng(0)
    codes = rng.normal(size=(n_codes, 3))
    network = PairNetwork(codes, n_places=n_places, n_classes=5, width=7, activation=activation)
    indices = rng.integers(n_codes, size=(12, n_places))
    hidden = codes[indices].reshape(12, -1) @ np.concatenate(network.first)
    hidden = hidden**2 if activation == "square" else np.maximum(hidden, 0)
    assert np.allclose(network(jnp.asarray(indices)), hidden @ network.second, atol=1e-4)


def test_at_the_start_what_comes_in_and_the_logits_have_the_variance_that_is_promised():
    network = PairNetwork(np.eye(50), n_places=2, n_classes=400, width=500, random_state=3)
    length = sum(float((matrix**2).sum(axis=0).mean()) for matrix in network.first)
    assert length == pytest.approx(50, rel=0.05)  # 50 numbers in 2 places, 1/2 each
    assert float(network.second.var()) == pytest.approx(1 / 500, rel=0.05)


@pytest.mark.parametrize("learn_codes", [False, True])
@pytest.mark.parametrize("batch_size", [20, 400])
def test_work_is_what_the_compiler_counts(batch_size, learn_codes):
    network = PairNetwork(np.eye(29), n_places=2, n_classes=29, width=64)
    batch = jnp.zeros((batch_size, 2), int), jnp.zeros(batch_size, int)

    def loss(codes, first, second, batch):
        inputs, answers = batch
        tree = (network.codes if codes is None else codes, first, second)
        moved = jax.tree.unflatten(jax.tree.structure(network), jax.tree.leaves(tree))
        return cross_entropy(moved(inputs), answers)

    places = (0, 1, 2) if learn_codes else (1, 2)
    gradient = jax.jit(partial(jax.grad(loss, places)))
    given = network.codes if learn_codes else None
    counted = gradient.lower(given, network.first, network.second, batch).compile()
    cost = counted.cost_analysis()
    assert cost is not None
    expected = 2 * of_network_step(network, batch_size, learn_codes, METHODS["AdamW"])
    assert cost["flops"] == pytest.approx(expected, rel=0.2)


def _addition(p):
    pairs = np.stack(np.divmod(np.arange(p * p), p), axis=1)
    return Examples(jnp.asarray(pairs), jnp.asarray(pairs.sum(axis=1) % p))


def test_the_names_known_without_jax_are_those_of_what_can_race():
    assert tuple(METHODS) == METHOD_NAMES
    assert tuple(ACTIVATIONS) == ACTIVATION_NAMES


@pytest.mark.parametrize("method", METHODS)
def test_every_method_learns_its_examples_and_comes_out_alike(method):
    pairs = _addition(5)
    settings = {name: np.sqrt(low * high) for name, (low, high) in METHODS[method].ranges.items()}
    settings |= {"weight_decay": 0.0} if "weight_decay" in settings else {}
    network = PairNetwork(np.eye(5), n_places=2, n_classes=5, width=32)
    track = Track(METHODS[method], network, batch_size=25, evaluate_every=20)
    runs = [track.run(network, pairs, pairs, settings, n_steps=400, target=0.99) for _ in range(2)]
    assert runs[0].train_accuracy == 1
    assert [run.steps for run in runs] == [runs[0].steps] * 2
    assert np.array_equal(runs[0].network.second, runs[1].network.second)
    assert np.array_equal(runs[0].network.codes, np.eye(5))


def test_a_race_that_can_not_be_won_ends_with_its_steps_and_says_so():
    pairs = _addition(5)
    wrong = Examples(pairs.inputs, (pairs.answers + 1) % 5)
    network = PairNetwork(np.eye(5), n_places=2, n_classes=5, width=8)
    track = Track(METHODS["AdamW"], network, batch_size=25, evaluate_every=10)
    settings = {"learning_rate": 0.01, "weight_decay": 0.1}
    race = track.run(network, pairs, wrong, settings, n_steps=55, target=0.99)
    assert race.steps == 50
    assert race.test_accuracy < 0.99


def test_draws_lie_in_their_ranges_and_are_even_on_a_log_scale():
    ranges = {"one": (1e-3, 1e1), "other": (2.0, 3.0)}
    drawn = draw_settings(ranges, 2000, 1)
    for name, (low, high) in ranges.items():
        values = np.array([row[name] for row in drawn])
        assert low <= values.min() <= values.max() <= high
        assert np.log(values).mean() == pytest.approx(np.log(low * high) / 2, abs=0.2)


def test_grok_transfer_counts_the_steps_and_the_work_of_both_networks():
    inputs, answers = (np.asarray(part) for part in _addition(5))
    problem = Problem(np.eye(5), inputs, answers, inputs, answers, 5)
    entrant = NetworkEntrant(
        "GrokTransfer", problem, width=48, activation="square", batch_size=25, evaluate_every=10
    )
    settings = {"learning_rate": 1e-6, "weight_decay": 0.1, "weak_steps": 30.0}
    race = entrant.run(problem, settings, n_steps=100, target=2.0)
    products = [
        of_network_step(
            PairNetwork(np.zeros((5, 8)), n_places=2, n_classes=5, width=width),
            25, learn_codes=True, method=METHODS["GrokTransfer"],
        )
        for width in (32, 48)
    ]  # fmt: skip
    assert race.steps == 100
    assert race.products == 30 * products[0] + 70 * products[1]

"""Progress measures of a transformer whose weights are set by hand."""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pytest

from modclock.datasets import make_pairs, modular_sum, split_pairs
from modclock.grokking.progress import circles, neuron_spectra, progress
from modclock.networks.transformer import Transformer

P, FREQUENCY = 7, 2
TRAIN, TEST = split_pairs(make_pairs(P, "full"), random_state=0)


def untrained() -> Transformer:
    return Transformer(
        P, layers=1, heads=1, width=6, mlp_width=10, layer_norm=False, random_state=0
    )


def of_one_frequency() -> Transformer:
    """Its embedding is one circle, so everything that it computes has that frequency."""
    angle = 2 * np.pi * FREQUENCY * np.arange(P) / P
    circle = np.zeros((P + 1, 6), dtype=np.float32)
    circle[:P, :2] = np.column_stack([np.cos(angle), np.sin(angle)])
    return eqx.tree_at(lambda network: network.embedding, untrained(), jnp.asarray(circle))


def constant() -> Transformer:
    network = untrained()
    return eqx.tree_at(lambda n: n.unembedding, network, jnp.zeros_like(network.unembedding))


def test_a_network_that_says_nothing_has_the_loss_of_guessing():
    found = progress(constant(), TRAIN, TEST, np.array([FREQUENCY]))
    assert found.restricted_loss == pytest.approx(np.log(P))
    assert found.excluded_loss == pytest.approx(np.log(P))


def test_restricted_and_excluded_loss_follow_from_the_waves_of_the_sum():
    network = untrained()
    found = progress(network, TRAIN, TEST, np.array([FREQUENCY]))
    logits = np.asarray(network(jnp.asarray(make_pairs(P, "full"))), dtype=np.float64)
    answers = modular_sum(make_pairs(P, "full"), P)
    # Averaged over the pairs of an answer, and then over the waves of one frequency.
    by_sum = np.array([logits[answers == s].mean(axis=0) for s in range(P)])
    angle = 2 * np.pi * FREQUENCY * np.arange(P) / P
    basis = [wave(angle) for wave in (np.cos, np.sin)]
    waves = np.sum([np.outer(wave, wave @ by_sum) * 2 / P for wave in basis], axis=0)[answers]

    def loss(values, pairs):
        chosen = values[pairs @ [P, 1]]
        right = chosen[np.arange(len(pairs)), modular_sum(pairs, P)]
        return (np.log(np.exp(chosen).sum(axis=1)) - right).mean()

    restricted = waves + logits.mean(axis=0)
    assert found.restricted_loss == pytest.approx(loss(restricted, TEST), rel=1e-5)
    assert found.excluded_loss == pytest.approx(loss(logits - waves, TRAIN), rel=1e-5)


def test_an_embedding_of_one_circle_is_as_sparse_as_can_be():
    found = progress(of_one_frequency(), TRAIN, TEST, np.array([FREQUENCY]))
    assert found.gini == pytest.approx(1 - 1 / (P // 2))


def test_the_numbers_stand_on_their_circle_in_order():
    table = circles(of_one_frequency(), np.array([FREQUENCY]))
    points = np.array([row["x"] + 1j * row["y"] for row in table])
    assert np.abs(points) == pytest.approx(np.ones(P), abs=1e-6)
    turns = points[1:] / points[:-1]
    assert np.abs(np.angle(turns)) == pytest.approx(
        np.full(P - 1, 2 * np.pi * FREQUENCY / P), abs=1e-5
    )


def test_neurons_on_a_product_of_circles_are_not_called_pure():
    """Attention multiplies what it has of a and of b, so even the purest is not quite pure."""
    shares = [row["share"] for row in neuron_spectra(of_one_frequency())]
    assert len(shares) == 10
    assert min(shares) >= 0
    assert 0.9 < max(shares) < 1 - 1e-3

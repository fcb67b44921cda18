"""The measures of clock and pizza, on networks that are one or the other by construction."""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pytest

from modclock.grokking.algorithms import (
    distance_irrelevance,
    gradient_symmetricity,
    right_logits,
)
from modclock.grokking.frozen import queries
from modclock.networks.transformer import Transformer

SIZES = {"layers": 1, "heads": 2, "width": 8, "mlp_width": 12}


def network(seed: int = 0) -> Transformer:
    return Transformer(7, layer_norm=False, random_state=seed, **SIZES)


def test_an_ideal_pizza_depends_on_the_distance_alone_and_a_mixture_lies_between():
    i, j = np.indices((11, 11))
    clock = np.cos(2 * np.pi * 3 * (i + j) / 11)
    pizza = np.abs(np.cos(2 * np.pi * 3 * ((i - j) % 11) / 22))
    assert distance_irrelevance(pizza) < 1e-12
    assert distance_irrelevance(clock) == pytest.approx(1)
    assert 0.2 < distance_irrelevance(clock + 2 * pizza) < 0.9
    assert np.isnan(distance_irrelevance(np.ones((11, 11))))


def test_the_distance_is_taken_modulo_p_also_for_an_even_one():
    values = np.random.default_rng(0).normal(size=(6, 6))
    groups = [[values[i, (i - d) % 6] for i in range(6)] for d in range(6)]
    expected = np.mean([np.std(group) for group in groups]) / values.std()
    assert distance_irrelevance(values) == pytest.approx(expected)


def test_with_constant_attention_and_no_places_the_gradients_are_equal():
    plain = network()
    same = eqx.tree_at(queries, plain, [jnp.zeros_like(part) for part in queries(plain)])
    assert gradient_symmetricity(same, n_samples=50) == pytest.approx(1, abs=1e-5)
    assert gradient_symmetricity(plain, n_samples=50) < 0.999


def test_the_gradients_are_those_of_finite_differences():
    from modclock.grokking.algorithms import _gradients

    plain, triple = network(3), np.array([[2, 5, 4]])
    gradients = np.asarray(_gradients(plain, jnp.asarray(triple)))[0]

    def logit(first: np.ndarray, second: np.ndarray) -> float:
        rows = jnp.asarray(np.vstack([first, second, plain.embedding[-1]]), dtype=jnp.float32)
        moved = eqx.tree_at(lambda model: model.embedding, plain, rows)
        return float(moved(jnp.array([[0, 1]]))[0, 4])

    numbers = np.asarray(plain.numbers, dtype=np.float64)[[2, 5]]
    assert logit(*numbers) == pytest.approx(float(plain(jnp.array([[2, 5]]))[0, 4]), abs=1e-6)
    step = 1e-2
    for place in (0, 1):
        for value in (0, 7):
            moved = np.zeros_like(numbers)
            moved[place, value] = step
            slope = (logit(*(numbers + moved)) - logit(*(numbers - moved))) / (2 * step)
            assert gradients[place, value] == pytest.approx(slope, abs=2e-3)


def test_right_logits_are_those_of_the_sum_less_the_mean_of_the_pair():
    plain = network(1)
    logits = np.asarray(plain(jnp.array([[3, 6]])), dtype=np.float64)[0]
    assert right_logits(plain)[3, 6] == pytest.approx(logits[2] - logits.mean(), abs=1e-6)

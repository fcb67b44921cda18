"""The network whose weights are written down, against the theorem about it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from modclock.analysis.closed_form import (
    N_PHASES,
    closed_form_network,
    exact_network,
    random_network,
)
from modclock.datasets import make_pairs, modular_sum


@pytest.mark.parametrize("p", [3, 4, 9, 31, 64, 97])
def test_its_logits_are_three_cosines_of_what_is_left(p):
    frequencies = [1, (p - 1) // 2] if p > 4 else [1]
    pairs, answer = make_pairs(p, "full"), np.arange(p)
    left = pairs.sum(axis=1)[:, np.newaxis] - answer
    expected = sum(3 * np.cos(2 * np.pi * k * left / p) for k in frequencies)
    network = exact_network(p, frequencies)
    assert network.first.shape == (p, N_PHASES * len(frequencies))
    assert np.abs(network.logits(pairs) - expected).max() < 1e-12


def test_a_frequency_that_shares_a_factor_with_the_modulus_leaves_ties():
    logits = exact_network(9, [3]).logits(make_pairs(9, "full"))
    best = np.isclose(logits, logits.max(axis=1, keepdims=True)).sum(axis=1)
    assert set(best.tolist()) == {3}


def test_no_fewer_equally_spaced_phases_will_do():
    pairs, answer = make_pairs(11, "full"), np.arange(11)
    wave = np.cos(2 * np.pi * (pairs.sum(axis=1)[:, np.newaxis] - answer) / 11)

    def is_exact(count: int, first: int, second: int) -> bool:
        place = np.arange(count)
        network = closed_form_network(
            11, np.ones(count), first * place / count, second * place / count
        )
        return bool(np.abs(network.logits(pairs) - count / 2 * wave).max() < 1e-9)

    exact = [
        count
        for count in range(1, 9)
        if any(is_exact(count, *steps) for steps in product(range(count), repeat=2))
    ]
    assert exact == [6, 7, 8]


@pytest.mark.parametrize("p", [31, 64, 96])
def test_with_a_constant_for_each_answer_four_neurons_are_enough(p):
    first, second = [0, -0.25, -0.25, 0], [0, 0.25, 0, -0.25]
    logits = closed_form_network(p, [1, 1, 1, 1], first, second).logits(make_pairs(p, "full"))
    angle = 2 * np.pi * np.arange(p) / p
    left = make_pairs(p, "full").sum(axis=1)[:, np.newaxis] - np.arange(p)
    constants = 2 * np.cos(angle) + 2 * np.sin(angle)
    assert np.abs(logits - constants - 2 * np.cos(2 * np.pi * left / p)).max() < 1e-12
    said = (logits - constants).argmax(axis=1)
    assert np.array_equal(said, modular_sum(make_pairs(p, "full"), p))
    assert (logits.argmax(axis=1) == modular_sum(make_pairs(p, "full"), p)).mean() < 0.1


def test_random_phases_come_near_it_with_width():
    pairs = make_pairs(23, "full")
    answers = modular_sum(pairs, 23)

    def accuracy(width: int) -> float:
        said = [random_network(23, width, seed).logits(pairs).argmax(axis=1) for seed in range(5)]
        return float(np.mean([(one == answers).mean() for one in said]))

    narrow, middle, wide = map(accuracy, (6, 60, 1000))
    assert narrow < 0.3 < middle < wide
    assert wide > 0.99


def test_random_networks_differ_by_seed_alone():
    first, again, other = (random_network(7, 5, seed) for seed in (0, 0, 1))
    assert np.array_equal(first.first, again.first)
    assert not np.array_equal(first.first, other.first)


@pytest.mark.parametrize(
    ("p", "frequencies", "words"),
    [
        (2, [1], "at least 3"),
        (8, [4], "1 to 3"),
        (7, [4], "1 to 3"),
        (7, [], "1 to 3"),
        (7, [1, 1], "different"),
    ],
)
def test_other_frequencies_are_refused(p, frequencies, words):
    with pytest.raises(ValueError, match=words):
        exact_network(p, frequencies)

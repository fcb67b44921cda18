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


@pytest.mark.parametrize("p", [3, 9, 31, 97])
def test_its_logits_are_three_cosines_of_what_is_left(p):
    frequencies = [1, (p - 1) // 2] if p > 3 else [1]
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
    [(8, [1], "odd"), (7, [4], "1 to 3"), (7, [], "1 to 3"), (7, [1, 1], "different")],
)
def test_other_frequencies_are_refused(p, frequencies, words):
    with pytest.raises(ValueError, match=words):
        exact_network(p, frequencies)

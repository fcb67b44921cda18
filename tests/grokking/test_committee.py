from __future__ import annotations

import numpy as np
import pytest

from modclock.grokking.committee import (
    committee_output,
    equilibrium,
    generalization_error,
    sample_lengths,
)


@pytest.mark.parametrize("seed", range(3))
def test_the_error_equals_an_average_over_random_inputs(seed):
    rng = np.random.default_rng(seed)
    n_inputs = 6
    student, teacher = rng.normal(size=(2, n_inputs)), np.eye(2, n_inputs)
    inputs = rng.normal(size=(400_000, n_inputs))
    difference = committee_output(student, inputs) - committee_output(teacher, inputs)
    sampled = (difference**2 / 2).mean()
    exact = generalization_error(student @ student.T, student @ teacher.T)
    assert exact == pytest.approx(sampled, rel=0.02)


def test_without_examples_the_length_is_that_of_a_gaussian():
    found = equilibrium(0.0, 0.25, n_hidden=3, start_length=1.0)
    assert found.length == pytest.approx(2.0, rel=1e-3)
    assert found.own == pytest.approx(0, abs=1e-3)


def test_many_examples_pull_the_student_to_the_teacher():
    found = equilibrium(1000.0, 0.01, start_length=1.0)
    assert found.length == pytest.approx(1, abs=0.05)
    assert found.own == pytest.approx(1, abs=0.05)
    assert found.other == pytest.approx(0, abs=0.05)


def test_less_decay_leaves_longer_weights():
    lengths = [equilibrium(1.0, decay, start_length=1.0).length for decay in (1.0, 0.1, 0.01)]
    assert lengths == sorted(lengths)


@pytest.mark.parametrize("decay", [0.5, 2.0])
def test_a_trained_student_has_the_length_of_the_theory(decay):
    expected = equilibrium(1.0, decay, start_length=1.0).length
    lengths = sample_lengths(
        1.0, decay, n_inputs=100, n_examples=2000, start_length=1.0, n_steps=2000, step_size=5e-4
    )
    assert lengths[-5:].mean() == pytest.approx(expected, rel=0.1)

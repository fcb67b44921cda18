"""Recursive feature machines against finite differences and tasks with known features."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.utils.estimator_checks import check_estimator

from modclock.datasets import make_pairs, modular_sum
from modclock.encoders import OneHotNumberEncoder
from modclock.feature_learning import RecursiveFeatureMachine
from modclock.feature_learning.feature_kernels import FEATURE_KERNELS
from modclock.pairing import PairEncoder

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("kernel", FEATURE_KERNELS)
def test_gradients_are_those_of_finite_differences(kernel):
    inputs, weights = RNG.normal(size=(9, 4)), RNG.normal(size=(9, 3))
    root = RNG.normal(size=(4, 4))
    matrix = root @ root.T / 10
    between = FEATURE_KERNELS[kernel].between
    step = 1e-5
    slopes = np.array(
        [
            (between(inputs + step * unit, inputs, matrix) @ weights
             - between(inputs - step * unit, inputs, matrix) @ weights) / (2 * step)
            for unit in np.eye(4)
        ]
    )  # fmt: skip
    expected = np.einsum("dnc,enc->de", slopes, slopes) / 9
    found = FEATURE_KERNELS[kernel].gradient_outer_product(inputs, weights, matrix)
    assert np.allclose(found, expected, rtol=1e-6)


@pytest.mark.parametrize("kernel", FEATURE_KERNELS)
def test_scaled_kernels_are_of_size_one(kernel):
    inputs = RNG.normal(size=(40, 6)) * 30
    machine = RecursiveFeatureMachine(kernel, n_steps=2).fit(inputs, inputs[:, 0] > 0)
    for matrix in machine.history_:
        if kernel == "quadratic":
            assert np.isclose(np.einsum("nd,de,ne->n", inputs, matrix, inputs).mean(), 1)
        else:
            apart = inputs[:, np.newaxis] - inputs
            assert np.isclose(np.einsum("nmd,de,nme->nm", apart, matrix, apart).mean(), 1)


@pytest.mark.parametrize("kernel", FEATURE_KERNELS)
def test_no_steps_are_kernel_ridge_regression_and_more_go_on_from_fewer(kernel):
    inputs = RNG.normal(size=(30, 5))
    answers = RNG.integers(3, size=30)
    machine = RecursiveFeatureMachine(kernel, n_steps=0, ridge=0.1).fit(inputs, answers)
    gram = FEATURE_KERNELS[kernel].between(inputs, inputs, machine.matrix_)
    targets = np.eye(3)[answers] - np.eye(3)[answers].mean(axis=0)
    assert np.allclose((gram + 0.1 * np.eye(30)) @ machine.dual_weights_, targets)
    assert np.allclose(machine.matrix_, np.eye(5) * machine.matrix_[0, 0])
    longer = RecursiveFeatureMachine(kernel, n_steps=3, ridge=0.1).fit(inputs, answers)
    shorter = RecursiveFeatureMachine(kernel, n_steps=2, ridge=0.1).fit(inputs, answers)
    assert np.allclose(longer.history_[:3], shorter.history_)


def test_steps_that_are_taken_one_by_one_are_those_of_shorter_fits():
    inputs, answers = RNG.normal(size=(30, 5)), RNG.integers(3, size=30)
    for n_steps, machine in enumerate(
        RecursiveFeatureMachine(n_steps=3).fit_steps(inputs, answers)
    ):
        whole = RecursiveFeatureMachine(n_steps=n_steps).fit(inputs, answers)
        assert np.allclose(machine.decision_function(inputs), whole.decision_function(inputs))
        assert np.allclose(machine.history_, whole.history_)
        if n_steps == 2:
            break
    assert machine.history_.shape == (3, 5, 5)


@pytest.mark.parametrize("kernel", FEATURE_KERNELS)
def test_a_singular_kernel_is_refused_with_a_ridge_that_helps(kernel):
    inputs = np.repeat(RNG.normal(size=(10, 2)), 40, axis=0)  # many examples that are the same
    answers = np.tile([0, 1], 200)
    with pytest.raises(
        ValueError, match="the kernel of the training examples is singular"
    ) as error:
        RecursiveFeatureMachine(kernel, n_steps=1, ridge=1e-300).fit(inputs, answers)
    helps = float(str(error.value).partition("; ridge=")[2].split()[0])
    assert helps < 1e-6
    RecursiveFeatureMachine(kernel, n_steps=1, ridge=helps).fit(inputs, answers)


@pytest.mark.filterwarnings("error")
def test_a_class_without_examples_is_never_predicted():
    inputs = np.eye(6)[:4]
    machine = RecursiveFeatureMachine(n_steps=1).fit(
        inputs, [0, 1, 3, 4]
    )  # more than half are classes
    assert machine.classes_.tolist() == [0, 1, 3, 4]
    assert set(machine.predict(np.eye(6))) <= {0, 1, 3, 4}


def test_it_finds_the_columns_that_matter():
    """A parity of two bits of twenty, of which 100 examples are not enough without features."""
    bits = np.random.default_rng(0).choice([-1.0, 1.0], size=(350, 20))
    answers = bits[:, 3] * bits[:, 7]
    accuracies = []
    for n_steps in (0, 5):
        machine = RecursiveFeatureMachine("gaussian", n_steps=n_steps)
        machine.fit(bits[:100], answers[:100])
        accuracies.append(machine.score(bits[100:], answers[100:]))
    assert accuracies[0] < 0.85
    assert accuracies[1] > 0.95
    assert set(np.argsort(np.diag(machine.matrix_))[-2:]) == {3, 7}
    moved = machine.transform(bits).std(axis=0)
    assert set(np.argsort(moved)[-2:]) == {3, 7}


def test_transformed_inputs_have_the_kernel_of_the_machine():
    inputs = RNG.normal(size=(40, 6))
    machine = RecursiveFeatureMachine("quadratic").fit(inputs, inputs[:, 0] * inputs[:, 1] > 0)
    gram = FEATURE_KERNELS["quadratic"].between(inputs, inputs, machine.matrix_)
    assert np.allclose((machine.transform(inputs) @ machine.transform(inputs).T) ** 2, gram)


def test_addition_modulo_p_is_learned_from_numbers_side_by_side():
    """The result of arXiv 2407.20199, small: features turn nothing into everything."""
    p = 23
    pairs = make_pairs(p, "full")
    order = np.random.default_rng(0).permutation(len(pairs))
    encoder = PairEncoder(OneHotNumberEncoder(p), composition="concatenate")
    codes, answers = encoder.fit_transform(pairs)[order], modular_sum(pairs, p)[order]
    accuracies = [
        RecursiveFeatureMachine("quadratic", n_steps=n_steps, ridge=1e-8)
        .fit(codes[:370], answers[:370])
        .score(codes[370:], answers[370:])
        for n_steps in (0, 60)
    ]
    assert accuracies[0] < 0.1
    assert accuracies[1] > 0.9


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("kernel", "cubic"), ("n_steps", -1), ("power", 0.0), ("ridge", 0.0)],
)
def test_parameters_that_can_not_be_are_refused(parameter, value):
    machine = RecursiveFeatureMachine(**{parameter: value})
    with pytest.raises(ValueError, match=f"RecursiveFeatureMachine: {parameter} takes"):
        machine.fit([[0.0], [1.0]], [0, 1])


def test_it_is_an_estimator_of_scikit_learn():
    check_estimator(RecursiveFeatureMachine("gaussian"))

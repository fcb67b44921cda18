"""Soft-committee machines at a temperature: how long weight decay lets the weights become.

A student of K hidden units learns from a teacher of the same kind. Source: Ahr, Biehl and
Schlösser, "Weight-decay induced phase transitions in multilayer neural networks", arXiv
cond-mat/9901179 (claim C23).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import erf

FloatArray = NDArray[np.float64]

STEP_SIZE = 2e-3  # of the descent, small enough for the lengths of theory

_FIRST_STEP = 0.1


def committee_output(weights: ArrayLike, inputs: ArrayLike) -> FloatArray:
    """Output of a soft committee: the sum of erf(x / sqrt 2) over its K units, over sqrt K.

    Parameters
    ----------
    weights : float array-like, shape (K, N).
    inputs : float array-like, shape (n_samples, N).

    Returns
    -------
    float64 array, shape (n_samples,).

    Examples
    --------
    >>> committee_output([[1.0, 0.0]], [[0.0, 5.0]]).tolist()
    [0.0]
    """
    weights = np.asarray(weights, dtype=np.float64)
    fields = np.asarray(inputs, dtype=np.float64) @ weights.T
    return erf(fields / np.sqrt(2)).sum(axis=1) / np.sqrt(len(weights))


def generalization_error(overlaps: ArrayLike, teacher_overlaps: ArrayLike) -> float:
    """Mean of half the squared difference to an orthonormal teacher, over Gaussian inputs.

    Parameters
    ----------
    overlaps : float array-like, shape (K, K); products Q of the student's weight vectors.
    teacher_overlaps : float array-like, shape (K, K); products R of student and teacher.

    Returns
    -------
    float, in closed form by arcsines.

    Examples
    --------
    >>> round(generalization_error(np.eye(2), np.eye(2)), 12) + 0.0  # the teacher itself
    0.0
    """
    q = np.asarray(overlaps, dtype=np.float64)
    r = np.asarray(teacher_overlaps, dtype=np.float64)
    count = len(q)
    root = np.sqrt(1 + np.diag(q))
    own = np.arcsin(q / np.outer(root, root)).sum()
    cross = np.arcsin(r / (root[:, np.newaxis] * np.sqrt(2))).sum()
    teacher = count * np.arcsin(1 / 2)
    return float((own + teacher - 2 * cross) / (np.pi * count))


class Equilibrium(NamedTuple):
    """A minimum of the free energy.

    Attributes
    ----------
    length : length of a weight vector of the student; the teacher's is 1.
    own : product of a student's vector with its own teacher vector.
    other : product of a student's vector with another teacher vector.
    free_energy : per input dimension.
    """

    length: float
    own: float
    other: float
    free_energy: float


def equilibrium(
    examples: float, weight_decay: float, *, n_hidden: int = 2, start_length: float
) -> Equilibrium:
    """The state of long training at high temperature, reached from a student of some length.

    The free energy is that of the high-temperature limit, where training and generalization
    error agree: examples * error + weight_decay / 2 * squared lengths - entropy, the entropy
    being half the logarithm of the volume of weights with the same overlaps.

    Parameters
    ----------
    examples : number of examples over input dimension and temperature.
    weight_decay : strength of the decay over temperature.
    n_hidden : hidden units of student and teacher.
    start_length : where the minimum is looked for; several minima may coexist.

    Returns
    -------
    Equilibrium, with all student vectors alike.
    """

    def unpacked(state: FloatArray) -> tuple[FloatArray, FloatArray]:
        own, other, uniform, rest = state
        teacher = other * np.ones((n_hidden, n_hidden)) + (own - other) * np.eye(n_hidden)
        ones = np.full((n_hidden, n_hidden), 1 / n_hidden)
        free = np.exp(rest) * np.eye(n_hidden) + (np.exp(uniform) - np.exp(rest)) * ones
        return free + teacher @ teacher.T, teacher

    def free_energy(state: FloatArray) -> float:
        q, r = unpacked(state)
        entropy = (state[2] + (n_hidden - 1) * state[3]) / 2
        error = generalization_error(q, r)
        return float(examples * error + weight_decay / 2 * np.trace(q) - entropy)

    first = np.array([0.5 * start_length, 0.1 * start_length, *[2 * np.log(start_length)] * 2])
    # Small steps downhill, so that the minimum is that of the valley it starts in.
    simplex = first + np.vstack([np.zeros(4), _FIRST_STEP * np.eye(4)])
    options = {"maxfev": 4000, "initial_simplex": simplex}
    found = minimize(free_energy, first, method="Nelder-Mead", options=options)
    q, r = unpacked(found.x)
    return Equilibrium(float(np.sqrt(q[0, 0])), float(r[0, 0]), float(r[0, 1]), float(found.fun))


def sample_lengths(
    examples: float,
    weight_decay: float,
    *,
    n_inputs: int = 50,
    n_hidden: int = 2,
    n_examples: int = 1000,
    start_length: float,
    n_steps: int = 20000,
    step_size: float = STEP_SIZE,
    record_every: int = 200,
    random_state: int = 0,
) -> FloatArray:
    """Train a student by gradient descent with thermal noise, and record its lengths.

    Parameters
    ----------
    examples, weight_decay, n_hidden, start_length : see `equilibrium`.
    n_inputs : input dimension N.
    n_examples : size of the training set; the temperature follows from it and `examples`.
    n_steps, step_size : of the descent.
    record_every : steps from one record to the next.
    random_state : seed of the teacher's examples, the start and the noise.

    Returns
    -------
    float64 array, shape (n_steps // record_every,): root of the mean squared length of the
    student's vectors.
    """
    rng = np.random.default_rng(random_state)
    inputs = rng.normal(size=(n_examples, n_inputs))
    answers = committee_output(np.eye(n_hidden, n_inputs), inputs)
    weights = rng.normal(size=(n_hidden, n_inputs)) * start_length / np.sqrt(n_inputs)
    inverse_temperature = examples * n_inputs / n_examples
    lengths = []
    for step in range(1, n_steps + 1):
        fields = inputs @ weights.T
        wrong = erf(fields / np.sqrt(2)).sum(axis=1) / np.sqrt(n_hidden) - answers
        slope = np.exp(-(fields**2) / 2) * np.sqrt(2 / (np.pi * n_hidden))
        gradient = (wrong[:, np.newaxis] * slope).T @ inputs
        noise = rng.normal(size=weights.shape)
        weights = weights + np.sqrt(2 * step_size) * noise
        weights -= step_size * (inverse_temperature * gradient + n_inputs * weight_decay * weights)
        if step % record_every == 0:
            lengths.append(np.sqrt((weights**2).sum() / n_hidden))
    return np.array(lengths)

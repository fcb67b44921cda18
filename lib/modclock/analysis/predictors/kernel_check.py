"""The theory of kernel regression against the kernel machine itself, before it meets a network."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import solve

from modclock.analysis.predictors.entrants import MOST_MODES, RIDGE
from modclock.analysis.predictors.kernels import gram_matrix
from modclock.analysis.predictors.leave_one_out import accuracy, leave_one_out
from modclock.analysis.predictors.problem import Budget, check_problem
from modclock.analysis.predictors.spectral_scores import learned_share, modes_of_training


class KernelCheck(NamedTuple):
    """What training pairs say of a kernel machine, and what it does on the test pairs.

    Attributes
    ----------
    train_fraction, depth, ridge : the setting.
    foretold_accuracy, accuracy : leave-one-out, and on test pairs.
    foretold_error, error : KARE, and the mean squared error over the variance of the targets.
    foretold_learned, learned : eigenlearning's share of the target in the prediction, and the
        product of prediction and target on test pairs, over the square of the target.
    """

    train_fraction: float
    depth: int
    ridge: float
    foretold_accuracy: float
    accuracy: float
    foretold_error: float
    error: float
    foretold_learned: float
    learned: float


def check_kernel_theory(
    codes: ArrayLike,
    answers: ArrayLike,
    *,
    train_fractions: Iterable[float],
    depths: Iterable[int],
    kernel: str = "nngp",
    ridge: float = RIDGE,
    random_state: int = 0,
) -> list[KernelCheck]:
    """Train the kernel machine on random shares of the pairs, and compare with what was foretold.

    Parameters
    ----------
    codes : float array-like, shape (n_pairs, width), of all pairs.
    answers : array-like, shape (n_pairs,), of all pairs; those of test pairs only judge.
    train_fractions : shares of the pairs to train on.
    depths : hidden layers.
    kernel : a name of `KERNELS`. Eigenlearning is told of "nngp" alone.
    ridge : positive, in units of the kernel of a code with itself.
    random_state : of the order of the pairs, the first of which are trained on.

    Returns
    -------
    list of KernelCheck, one a share and depth.

    Examples
    --------
    Two codes that are the answers: all is learned, and that is foretold.

    >>> answers = np.arange(20) % 2
    >>> found, = check_kernel_theory(
    ...     np.eye(2)[answers], answers, train_fractions=[0.5], depths=[1])
    >>> found.foretold_accuracy, found.accuracy, round(found.foretold_learned, 1)
    (1.0, 1.0, 1.0)
    """
    values, labels = np.asarray(codes, dtype=np.float64), np.asarray(answers)
    order = np.random.default_rng(random_state).permutation(len(values))
    return [
        _check(values, labels, order, float(fraction), depth, kernel, ridge)
        for fraction in train_fractions
        for depth in depths
    ]


def _check(
    codes: NDArray[np.float64],
    answers: NDArray[np.int64],
    order: NDArray[np.int64],
    fraction: float,
    depth: int,
    kernel: str,
    ridge: float,
) -> KernelCheck:
    train, test = np.split(order, [round(fraction * len(order))])
    problem = check_problem(codes, answers[train], train, Budget())
    gram = gram_matrix(problem.known, kernel, depth)
    foretold = leave_one_out(gram, problem.targets, ridge)
    mean = problem.targets.mean(axis=0)
    weights = solve(gram + ridge * np.eye(len(gram)), problem.targets - mean, assume_a="pos")
    outputs = gram_matrix(codes[test], kernel, depth, problem.known) @ weights
    classes = np.unique(answers[train])
    # A class that was never seen is a row of zeros, less the mean.
    wanted = (answers[test][:, np.newaxis] == classes).astype(float) - mean
    modes = modes_of_training(codes, train, problem.targets, depth=depth, most_modes=MOST_MODES)
    power = float((wanted**2).sum())
    return KernelCheck(
        train_fraction=fraction,
        depth=depth,
        ridge=ridge,
        foretold_accuracy=accuracy(foretold.outputs, problem.labels),
        accuracy=float((classes[(outputs + mean).argmax(axis=1)] == answers[test]).mean()),
        foretold_error=foretold.kare,
        error=float(((outputs - wanted) ** 2).sum()) / power,
        foretold_learned=learned_share(modes, len(train), len(codes), ridge),
        learned=float((outputs * wanted).sum()) / power,
    )

"""Kernel machines that learn features in a few steps, tried on training pairs left out."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from modclock.analysis.predictors.problem import Problem
from modclock.feature_learning import RecursiveFeatureMachine

N_STEPS = 5
RIDGE = 1e-3
_MOST_PAIRS = 1000  # of these, as time grows with their third power
_LEFT_OUT = 5  # every fifth is left out


@lru_cache(maxsize=2)
def feature_machine_accuracies(problem: Problem, kernel: str) -> tuple[float, ...]:
    """Accuracy on a fifth of the training pairs after 0, 1, ... 5 steps of feature learning.

    Parameters
    ----------
    problem : what is known. Of more than 1000 training pairs a random part is looked at.
    kernel : "quadratic" or "gaussian", see `RecursiveFeatureMachine`.

    Returns
    -------
    six floats in [0, 1].
    """
    order = np.random.default_rng(0).permutation(len(problem.train))[:_MOST_PAIRS]
    codes, labels = problem.known[order], problem.labels[order]
    test = np.arange(len(order)) % _LEFT_OUT == 0
    if len(set(labels[~test])) < 2:
        return (0.0,) * (N_STEPS + 1)
    machine = RecursiveFeatureMachine(kernel, n_steps=N_STEPS, ridge=RIDGE)
    machine.fit(codes[~test], labels[~test])
    found = []
    for matrix in machine.history_:
        # A machine of no steps on transformed codes is one that was stopped there.
        machine.matrix_ = matrix
        moved = machine.transform(codes)
        stopped = RecursiveFeatureMachine(kernel, n_steps=0, ridge=RIDGE)
        stopped.fit(moved[~test], labels[~test])
        found.append(float((stopped.predict(moved[test]) == labels[test]).mean()))
    return tuple(found)


def feature_machine(problem: Problem, *, kernel: str, n_steps: int) -> float:
    """The accuracy after so many steps."""
    return feature_machine_accuracies(problem, kernel)[n_steps]

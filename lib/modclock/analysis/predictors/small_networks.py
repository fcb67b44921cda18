"""Networks that are tried on training pairs left out: smaller ones, and the one in question.

Source: Yang et al., arXiv 2203.03466: networks of different widths learn alike if the step size of
Adam is in inverse proportion to the width.
"""

from __future__ import annotations

import warnings
from functools import lru_cache
from math import ceil
from typing import NamedTuple

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import KFold

from modclock.analysis.predictors.problem import Problem
from modclock.classifiers.presets import mlp_classifier

N_FOLDS = 5
NARROWING = 4  # the narrow network has so many times fewer units in every layer ...
NARROWEST = 1 / 16  # ... but no fewer than 25, so that a layer can tell the classes apart
_LEFT_OUT = 200  # training pairs that are left out at least, if there are as many


class Runs(NamedTuple):
    """What networks do that are each trained without a fold of the training pairs.

    Attributes
    ----------
    left_out : their accuracy on the pairs left out.
    fitted : on the pairs that they were trained on.
    """

    left_out: float
    fitted: float


def run_networks(
    problem: Problem, *, width_factor: float, epochs: int, step: float, n_folds: int
) -> Runs:
    """Train a network of the thread's form without each of the first folds of five.

    Parameters
    ----------
    problem : what is known; batch size and learning rate are those of its budget.
    width_factor : see `mlp_classifier`; no layer gets fewer than two units.
    epochs : passes over the training pairs.
    step : the learning rate is multiplied by it.
    n_folds : how many of the five folds are left out, one after the other.

    Returns
    -------
    Runs, each value the mean over networks or pairs.
    """
    known, labels = problem.known.astype(np.float32), problem.labels
    folds = KFold(min(N_FOLDS, len(labels)), shuffle=True, random_state=0).split(known)
    right, fitted = [], []
    for seed, (train, test) in zip(range(n_folds), folds, strict=False):
        network = mlp_classifier(
            width_factor=max(width_factor, 2 / 400), max_iter=epochs, random_state=seed
        ).set_params(
            batch_size=min(problem.budget.batch_size, len(train)),
            learning_rate_init=step * problem.budget.learning_rate,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # it stops early on purpose
            network.fit(known[train], labels[train])
        right.extend(network.predict(known[test]) == labels[test])
        fitted.append(network.score(known[train], labels[train]))
    return Runs(float(np.mean(right)), float(np.mean(fitted)))


@lru_cache(maxsize=1)
def narrow_networks(problem: Problem) -> Runs:
    """Networks a quarter as wide, trained as long, with steps as much larger as they are narrower.

    As many of them are trained as leave out 200 pairs in all: from 1000 training pairs on it is
    one, up to 200 it is five. The last problem is remembered, as several entrants look at it.
    """
    budget = problem.budget
    factor = _narrow_factor(problem)
    n_folds = int(np.clip(ceil(N_FOLDS * _LEFT_OUT / len(problem.train)), 1, N_FOLDS))
    return run_networks(
        problem,
        width_factor=factor,
        epochs=budget.epochs,
        step=budget.width_factor / factor,
        n_folds=n_folds,
    )


def narrow_network(problem: Problem) -> float:
    """Accuracy of the narrow networks on the pairs that each was not trained on."""
    return narrow_networks(problem).left_out


def narrow_fit(problem: Problem) -> float:
    """Accuracy of the narrow networks on their training pairs: does the budget suffice?"""
    return narrow_networks(problem).fitted


def narrow_slow(problem: Problem) -> float:
    """The narrow networks with steps as small as those of the network itself: a control."""
    return _one_network(problem, width_factor=_narrow_factor(problem))


def held_out(problem: Problem) -> float:
    """The network itself, without one of five folds, on that fold: costs as much as training it."""
    return _one_network(problem, width_factor=problem.budget.width_factor)


def tiny_network(problem: Problem) -> float:
    """A sixteenth as wide as the network, trained for two epochs; all five folds."""
    factor = problem.budget.width_factor / 16
    return run_networks(problem, width_factor=factor, epochs=2, step=1.0, n_folds=N_FOLDS).left_out


def _one_network(problem: Problem, *, width_factor: float) -> float:
    epochs = problem.budget.epochs
    return run_networks(
        problem, width_factor=width_factor, epochs=epochs, step=1.0, n_folds=1
    ).left_out


def _narrow_factor(problem: Problem) -> float:
    factor = problem.budget.width_factor
    return min(factor, max(factor / NARROWING, NARROWEST))

"""Networks that are much smaller than the one whose accuracy is foretold, on left-out pairs."""

from __future__ import annotations

import warnings

from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import KFold

from modclock.analysis.predictors.problem import Problem
from modclock.classifiers.presets import mlp_classifier


def small_network_accuracy(
    problem: Problem, *, width_factor: float, epochs: int, n_folds: int
) -> float:
    """Cross-validated accuracy, on the training pairs, of a small network of the thread's form.

    Parameters
    ----------
    problem : see `Problem`; batch size and learning rate are those of its budget.
    width_factor : see `mlp_classifier`; no layer gets fewer than two units.
    epochs : passes over the training pairs.
    n_folds : of these, at most as many as there are training pairs.

    Returns
    -------
    float in [0, 1].
    """
    known, labels = problem.known, problem.labels
    folds = KFold(min(n_folds, len(labels)), shuffle=True, random_state=0)
    n_right = 0
    for train, test in folds.split(known):
        network = mlp_classifier(
            width_factor=max(width_factor, 2 / 400), max_iter=epochs, random_state=0
        )
        network.set_params(
            batch_size=min(problem.budget.batch_size, len(train)),
            learning_rate_init=problem.budget.learning_rate,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # it stops early on purpose
            network.fit(known[train], labels[train])
        n_right += int((network.predict(known[test]) == labels[test]).sum())
    return n_right / len(labels)


def tiny_network(problem: Problem) -> float:
    """A sixteenth as wide as the network, trained for two epochs."""
    return small_network_accuracy(
        problem, width_factor=problem.budget.width_factor / 16, epochs=2, n_folds=5
    )


def quarter_network(problem: Problem) -> float:
    """A quarter as wide as the network, trained as long, on half of the folds."""
    return small_network_accuracy(
        problem,
        width_factor=problem.budget.width_factor / 4,
        epochs=problem.budget.epochs,
        n_folds=2,
    )

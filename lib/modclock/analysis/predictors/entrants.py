"""The entrants of the contest: functions of a checked problem, with their knobs in the open."""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import RidgeClassifier
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.preprocessing import normalize

from modclock.analysis.predictors.gradient_flow import flow_left_out
from modclock.analysis.predictors.kernels import empirical_tangent_kernel, gram_matrix
from modclock.analysis.predictors.leave_one_out import accuracy, leave_one_out
from modclock.analysis.predictors.problem import Problem
from modclock.analysis.predictors.spectral_scores import learned_share, modes_of_training
from modclock.analysis.predictors.transfer_scores import h_score, log_evidence
from modclock.analysis.properties import measure_properties

DEPTH = 5  # hidden layers of the thread's network
RIDGE = 1e-3  # of kernels, in units of the kernel of a code with itself
RIDGE_OF_NETWORK = 1e-6  # of the first score: next to none, as networks have no penalty
FLOW_RATE = 1.0  # time of the flow that a step of the optimiser makes at a learning rate of 1e-3
MOST_MODES = 1000
NARROW = 1 / 16  # width of the network of which the tangent kernel is taken, over the thread's


def training_share(problem: Problem) -> float:
    """The share of the pairs that are training pairs: no look at the codes."""
    return len(problem.train) / len(problem.codes)


def nearest_neighbour(problem: Problem) -> float:
    """Leave-one-out accuracy of the answer of the most similar other training pair."""
    units = normalize(problem.known)
    similarity = units @ units.T
    np.fill_diagonal(similarity, -np.inf)
    return float((problem.labels[similarity.argmax(axis=1)] == problem.labels).mean())


def ridge_readout(problem: Problem) -> float:
    """Accuracy of a linear readout on the training pairs, by five folds."""
    folds = KFold(min(5, len(problem.labels)), shuffle=True, random_state=0)
    predicted = cross_val_predict(RidgeClassifier(), problem.known, problem.labels, cv=folds)
    return float((predicted == problem.labels).mean())


def kernel_accuracy(problem: Problem, *, kernel: str, depth: int, ridge: float = RIDGE) -> float:
    """Leave-one-out accuracy of kernel ridge regression."""
    found = leave_one_out(gram_matrix(problem.known, kernel, depth), problem.targets, ridge)
    return accuracy(found.outputs, problem.labels)


def empirical_kernel_accuracy(problem: Problem) -> float:
    """Leave-one-out accuracy with the tangent kernel of a narrow network before training."""
    n_outputs = problem.targets.shape[1]
    narrow = tuple(round(NARROW * width) for width in (800, 400, 400, 400, 400))
    gram = empirical_tangent_kernel(problem.known, (*narrow, n_outputs))
    ridge = RIDGE * np.diag(gram).mean()
    return accuracy(leave_one_out(gram, problem.targets, ridge).outputs, problem.labels)


def kernel_gcv_accuracy(problem: Problem, *, kernel: str, depth: int) -> float:
    """The same by generalised cross-validation."""
    found = leave_one_out(gram_matrix(problem.known, kernel, depth), problem.targets, RIDGE)
    return accuracy(found.smoothed, problem.labels)


def kernel_error(problem: Problem, *, kernel: str, depth: int) -> float:
    """KARE, the error that is expected on new pairs; less of it is better, so with a minus."""
    gram = gram_matrix(problem.known, kernel, depth)
    return -leave_one_out(gram, problem.targets, RIDGE).kare


def trained_kernel(problem: Problem, *, kernel: str, depth: int) -> float:
    """Accuracy on pairs left out of a kernel machine that is trained as long as the network."""
    budget = problem.budget
    time = FLOW_RATE * budget.learning_rate / 1e-3 * budget.n_steps(len(problem.train))
    gram = gram_matrix(problem.known, kernel, depth)
    return accuracy(flow_left_out(gram, problem.targets, time), problem.labels)


def eigenlearning(problem: Problem, *, depth: int) -> float:
    """The share of the task that kernel regression learns: power of modes by learnability."""
    modes = modes_of_training(
        problem.codes, problem.train, problem.targets, depth=depth, most_modes=MOST_MODES
    )
    return learned_share(modes, len(problem.train), len(problem.codes), RIDGE)


def truncated_spectrum(problem: Problem, *, depth: int, kept: float) -> float:
    """The same with landmarks that are a share `kept` of the pairs: the study's first score.

    All finer modes count as equal. How many are kept is a knob that matters.
    """
    most = max(2, min(MOST_MODES, round(kept * len(problem.codes))))
    modes = modes_of_training(
        problem.codes, problem.train, problem.targets, depth=depth, most_modes=most
    )
    return learned_share(modes, len(problem.train), len(problem.codes), RIDGE_OF_NETWORK)


def evidence(problem: Problem) -> float:
    """LogME of the codes."""
    return log_evidence(problem.known - problem.known.mean(axis=0), problem.targets)


def class_separation(problem: Problem) -> float:
    """H-score of the codes."""
    return h_score(problem.known, problem.labels)


def thread_property(problem: Problem, *, name: str) -> float:
    """A property of the training pairs that the thread guesses to matter."""
    return float(measure_properties(problem.known, problem.labels)[name])

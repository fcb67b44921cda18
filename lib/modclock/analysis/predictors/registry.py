"""All entrants by name, and the winner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from modclock.analysis.predictors import entrants, feature_machines, small_networks
from modclock.analysis.predictors.problem import Budget, Problem, check_problem
from modclock.analysis.predictors.winner import narrow_or_kernel
from modclock.feature_learning.feature_kernels import FEATURE_KERNELS
from modclock.validation import check_choice

LEARNERS = ("mlp",)


@dataclass(frozen=True)
class Predictor:
    """An entrant: called with a task, it says how well a network will do, or gives a raw score.

    Attributes
    ----------
    title : what it is called in tables and figures.
    function : what computes it, from a `Problem`.
    gives_accuracy : whether it says an accuracy in [0, 1]. Another score only ranks, the higher the
        better or the other way round, and has to be mapped to an accuracy.
    """

    title: str
    function: Callable[[Problem], float]
    gives_accuracy: bool = True

    def __call__(
        self, codes: ArrayLike, answers: ArrayLike, train: ArrayLike, budget: Budget
    ) -> float:
        """The prediction for a task; arguments and errors as those of `check_problem`."""
        return float(self.function(check_problem(codes, answers, train, budget)))


def _baselines() -> dict[str, Predictor]:
    return {
        "training_share": Predictor("training share alone", entrants.training_share, False),
        "nearest_neighbour": Predictor("nearest neighbour", entrants.nearest_neighbour),
        "ridge_readout": Predictor("ridge readout", entrants.ridge_readout),
        "tiny_network": Predictor("tiny network, two epochs", small_networks.tiny_network),
        "logme": Predictor("LogME", entrants.evidence, False),
        "h_score": Predictor("H-score", entrants.class_separation, False),
    } | {
        name: Predictor(f"thread: {name}", partial(entrants.thread_property, name=name), False)
        for name in ("width", "directions", "constancy", "neighbours", "similarity")
    }


def _kernel_machines() -> dict[str, Predictor]:
    found = {}
    for kernel, depths in (("nngp", (0, 1, 3, 5)), ("ntk", (1, 3, 5))):
        for depth in depths:
            found[f"{kernel}_{depth}"] = Predictor(
                f"{kernel.upper()} of depth {depth}, leave-one-out",
                partial(entrants.kernel_accuracy, kernel=kernel, depth=depth),
            )
    depth = entrants.DEPTH
    for kernel in ("nngp", "ntk"):
        kinds: list[tuple[str, str, Callable[..., float], bool]] = [
            ("gcv", "generalised cross-validation", entrants.kernel_gcv_accuracy, True),
            ("kare", "KARE", entrants.kernel_error, False),
            ("flow", "trained as long", entrants.trained_kernel, True),
        ]
        for name, words, function, is_accuracy in kinds:
            found[f"{kernel}_{name}"] = Predictor(
                f"{kernel.upper()} of depth {depth}, {words}",
                partial(function, kernel=kernel, depth=depth),
                is_accuracy,
            )
    found["empirical_ntk"] = Predictor("NTK at initialisation", entrants.empirical_kernel_accuracy)
    for kernel in FEATURE_KERNELS:
        for n_steps in range(1, feature_machines.N_STEPS + 1):
            found[f"rfm_{kernel}_{n_steps}"] = Predictor(
                f"{kernel} kernel after {n_steps} steps of feature learning",
                partial(feature_machines.feature_machine, kernel=kernel, n_steps=n_steps),
            )
    return found


def _spectral_scores() -> dict[str, Predictor]:
    found = {}
    for depth in (0, entrants.DEPTH):
        found[f"eigenlearning_{depth}"] = Predictor(
            f"eigenlearning, depth {depth}", partial(entrants.eigenlearning, depth=depth), False
        )
        found[f"truncated_{depth}"] = Predictor(
            f"eigenlearning of a quarter of the modes, depth {depth}",
            partial(entrants.truncated_spectrum, depth=depth, kept=0.25),
            False,
        )
    return found


def _small_networks() -> dict[str, Predictor]:
    return {
        "narrow_network": Predictor("narrow network", small_networks.narrow_network),
        "narrow_fit": Predictor(
            "narrow network on its training pairs", small_networks.narrow_fit, False
        ),
        "narrow_slow": Predictor("narrow network, small steps", small_networks.narrow_slow),
        "narrow_or_kernel": Predictor("narrow network or kernel", narrow_or_kernel),
        "held_out": Predictor("the network itself, one fold left out", small_networks.held_out),
    }


PREDICTORS: dict[str, Predictor] = (
    _baselines() | _kernel_machines() | _spectral_scores() | _small_networks()
)
"""All entrants, by the names that tables use."""

WINNER = "narrow_or_kernel"
OF_THREAD = Budget()


def predict_all(
    codes: ArrayLike, answers: ArrayLike, train: ArrayLike, budget: Budget
) -> dict[str, float]:
    """What all entrants say, by their names; what several of them need is computed once.

    Parameters, errors : see `check_problem`.

    Examples
    --------
    >>> answers = np.arange(60) % 3
    >>> found = predict_all(np.eye(3)[answers], answers[:40], np.arange(40), Budget(epochs=5))
    >>> list(found) == list(PREDICTORS), round(found["nearest_neighbour"], 2)
    (True, 1.0)
    """
    problem = check_problem(codes, answers, train, budget)
    return {name: float(entrant.function(problem)) for name, entrant in PREDICTORS.items()}


def predict_accuracy(
    codes: ArrayLike,
    answers: ArrayLike,
    train: ArrayLike,
    *,
    learner: str = "mlp",
    budget: Budget = OF_THREAD,
) -> float:
    """The accuracy on test pairs that a network is expected to reach, before it is trained.

    Parameters
    ----------
    codes : float array-like, shape (n_pairs, width), codes of all pairs.
    answers : array-like, shape (n_train,), answers of the training pairs alone.
    train : int array-like, shape (n_train,), their indices, in the same order.
    learner : "mlp", the thread's network with five hidden layers.
    budget : what it will be given; the thread's own unless stated.

    Returns
    -------
    float in [0, 1].

    Raises
    ------
    ValueError : for an unknown learner, or what `check_problem` refuses.

    Examples
    --------
    Codes that are the answers:

    >>> answers = np.arange(300) % 3
    >>> predict_accuracy(np.eye(3)[answers], answers[:200], np.arange(200)) > 0.9
    True
    """
    check_choice("learner", learner, LEARNERS)
    winner = PREDICTORS[WINNER]
    return float(np.clip(winner(codes, answers, train, budget), 0.0, 1.0))

"""All entrants by name, and the winner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from modclock.analysis.predictors import entrants, small_networks
from modclock.analysis.predictors.problem import Budget, Problem, check_problem
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


def _entrants() -> dict[str, Predictor]:
    found = {
        "training_share": Predictor("training share alone", entrants.training_share, False),
        "nearest_neighbour": Predictor("nearest neighbour", entrants.nearest_neighbour),
        "ridge_readout": Predictor("ridge readout", entrants.ridge_readout),
        "tiny_network": Predictor("tiny network, two epochs", small_networks.tiny_network),
        "quarter_network": Predictor("network a quarter as wide", small_networks.quarter_network),
        "logme": Predictor("LogME", entrants.evidence, False),
        "h_score": Predictor("H-score", entrants.class_separation, False),
    }
    for name in ("width", "directions", "constancy", "neighbours", "similarity"):
        function = partial(entrants.thread_property, name=name)
        found[name] = Predictor(f"thread: {name}", function, False)
    for kernel, depths in (("nngp", (0, 1, 3, 5)), ("ntk", (1, 3, 5))):
        for depth in depths:
            function = partial(entrants.kernel_accuracy, kernel=kernel, depth=depth)
            title = f"{kernel.upper()} of depth {depth}, leave-one-out"
            found[f"{kernel}_{depth}"] = Predictor(title, function)
        depth = entrants.DEPTH
        title = f"{kernel.upper()} of depth {depth}"
        found |= {
            f"{kernel}_gcv": Predictor(
                f"{title}, generalised cross-validation",
                partial(entrants.kernel_gcv_accuracy, kernel=kernel, depth=depth),
            ),
            f"{kernel}_kare": Predictor(
                f"{title}, KARE",
                partial(entrants.kernel_error, kernel=kernel, depth=depth),
                gives_accuracy=False,
            ),
            f"{kernel}_flow": Predictor(
                f"{title}, trained as long",
                partial(entrants.trained_kernel, kernel=kernel, depth=depth),
            ),
        }
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


PREDICTORS: dict[str, Predictor] = _entrants()
"""All entrants, by the names that tables use."""

WINNER = "quarter_network"
OF_THREAD = Budget()


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

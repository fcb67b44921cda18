"""KnobSweep: what kernels say of an encoded task, over the settings that they depend on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modclock.analysis.predictors import Budget, Problem, check_problem
from modclock.analysis.predictors.entrants import (
    DEPTH,
    RIDGE,
    kernel_accuracy,
    trained_kernel,
    truncated_spectrum,
)
from modclock.study.trials.base import one_thread_quietly
from modclock.study.trials.encoded_task import EncodedTask

_LEARNING_RATE = 1e-3

KNOBS: dict[str, tuple[tuple[float, ...], Callable[[Problem, float], float]]] = {
    "share of the modes": (
        (0.05, 0.1, 0.25, 0.5, 1.0),
        lambda problem, kept: truncated_spectrum(problem, depth=DEPTH, kept=kept),
    ),
    "ridge": (
        (1e-6, 1e-4, RIDGE, 1e-2, 1e-1, 1.0),
        lambda problem, ridge: kernel_accuracy(problem, kernel="nngp", depth=DEPTH, ridge=ridge),
    ),
    "depth": (
        (0, 1, 2, 3, 4, 5, 6),
        lambda problem, depth: kernel_accuracy(problem, kernel="nngp", depth=int(depth)),
    ),
    "training time": (
        (0.01, 0.1, 1.0, 10.0, 100.0),
        lambda problem, times: trained_kernel(
            _with_time(problem, times), kernel="ntk", depth=DEPTH
        ),
    ),
}
"""Values of each knob, and the score with one of them."""


class KnobSweep(EncodedTask):
    """Scores over the knobs in `KNOBS`; parameters are those of an `EncodedTask`.

    Examples
    --------
    >>> sweep = KnobSweep(size=11, encoder_params={"n_clocks": 30}, k=10).run()["sweep"]
    >>> sorted(sweep[0])
    ['knob', 'score', 'value']
    """

    def run(self) -> dict[str, Any]:
        """The key "sweep" holds a dict with knob, value and score for each."""
        codes, answers, train, _ = self.encoded()
        budget = Budget(self.epochs, learning_rate=_LEARNING_RATE, width_factor=self.width_factor)
        problem = check_problem(codes, answers[train], train, budget)
        with one_thread_quietly():
            sweep = [
                {"knob": knob, "value": float(value), "score": score(problem, value)}
                for knob, (values, score) in KNOBS.items()
                for value in values
            ]
        return {"sweep": sweep}


def _with_time(problem: Problem, times: float) -> Problem:
    """The same for a network that goes so many times as far in each step."""
    budget = problem.budget
    longer = Budget(
        budget.epochs, learning_rate=_LEARNING_RATE * times, width_factor=budget.width_factor
    )
    return Problem(problem.codes, problem.train, problem.labels, longer)

"""The winner of the contest: what a narrow network or a kernel gets right of pairs left out.

Two things decide what the thread's network does with codes. Either pairs with the same answer have
similar codes as they stand: then a kernel, which compares codes as they are, gets left-out pairs
right, and a wide network does no worse. Or layer upon layer has to make features that pull pairs
with the same answer together. No kernel does that, but a network a quarter as wide does: with
steps as much larger as it is narrower it goes the same way as the wide one, and stops as far. So
the higher of the two is taken. A kernel always fits its training pairs, but a network may run out
of epochs; so the kernel's share counts as far as the narrow network fits its own.

Nothing in it is fitted to accuracies of networks.
"""

from __future__ import annotations

from dataclasses import replace

from modclock.analysis.predictors.entrants import DEPTH, kernel_accuracy
from modclock.analysis.predictors.problem import Problem
from modclock.analysis.predictors.small_networks import narrow_networks

_MOST_PAIRS = 1000  # that the kernel looks at: with more it gets no fewer right


def narrow_or_kernel(problem: Problem) -> float:
    """The higher of a narrow network's accuracy on left-out pairs and of a kernel's.

    Parameters
    ----------
    problem : what is known.

    Returns
    -------
    float in [0, 1], the first as in `narrow_network`; the second is the leave-one-out accuracy of
    regression with the neural tangent kernel of five layers, times the share of their training
    pairs that the narrow networks fit. It uses the first 1000 training pairs.
    """
    runs = narrow_networks(problem)
    few = replace(problem, train=problem.train[:_MOST_PAIRS], labels=problem.labels[:_MOST_PAIRS])
    return max(runs.left_out, runs.fitted * kernel_accuracy(few, kernel="ntk", depth=DEPTH))

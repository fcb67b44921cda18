"""What it costs to foretell the accuracy of the thread's network, beside training it.

    python benchmarks/prediction_cost.py

The overlap of 400 random clocks modulo 97: 4656 pairs, half of them to train on. The winner of the
contest of predictors and the thread's network in turn, on one thread, in processor time.
"""

from __future__ import annotations

import statistics
import time
import warnings
from collections.abc import Callable

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from modclock.analysis.predictors import PREDICTORS, Budget, predict_accuracy
from modclock.classifiers import mlp_classifier
from modclock.datasets import make_pairs, modular_sum
from modclock.encoders import VarCycleEncoder
from modclock.pairing import PairEncoder

P, N_CLOCKS, K, N_ROUNDS = 97, 400, 133, 3
ALSO = ("ridge_readout", "nearest_neighbour", "ntk_5", "tiny_network", "held_out")


def timed(run: Callable[[], float]) -> tuple[float, float]:
    """Processor time of a function, and what it returns."""
    start = time.process_time()
    result = run()
    return time.process_time() - start, result


if __name__ == "__main__":
    warnings.simplefilter("ignore", ConvergenceWarning)
    pairs = make_pairs(P)
    answers = modular_sum(pairs, P)
    codes = PairEncoder(VarCycleEncoder(N_CLOCKS, random_state=0), k=K).fit_transform(pairs)
    train, test = np.split(np.random.default_rng(0).permutation(len(pairs)), 2)

    def predict() -> float:
        """The winner's prediction."""
        return predict_accuracy(codes, answers[train], train)

    def learn() -> float:
        """The network's accuracy on the test pairs."""
        network = mlp_classifier(random_state=0).fit(codes[train], answers[train])
        return float(network.score(codes[test], answers[test]))

    with threadpool_limits(1):
        ours, theirs = zip(*[(timed(predict), timed(learn)) for _ in range(N_ROUNDS)], strict=True)
        others = {
            name: timed(lambda: PREDICTORS[name](codes, answers[train], train, Budget()))  # noqa: B023
            for name in ALSO
        }
    ours_s, theirs_s = (statistics.median(s for s, _ in each) for each in (ours, theirs))
    print(f"prediction: {ours_s:.2f} s, {ours[0][1]:.3f} foretold")
    print(f"network: {theirs_s:.2f} s, {theirs[0][1]:.3f} of the test pairs right")
    print(f"ratio: {theirs_s / ours_s:.1f}")
    for name, (seconds, foretold) in others.items():
        print(f"{PREDICTORS[name].title}: {seconds:.2f} s, {foretold:.3f} foretold")

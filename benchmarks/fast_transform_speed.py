"""How long an epoch of the fast-transform network takes, beside one of the thread's MLP.

    python benchmarks/fast_transform_speed.py

Both learn the overlap of 400 clocks from the same pairs, in turn, on one thread. An epoch is the
difference of a longer and a shorter fit, so that start-up and compilation do not count; what the
whole of a fit takes, with them, is told as well.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

from modclock.study.trials.trial import Trial

N_ROUNDS = 3
EPOCHS = {"mlp_classifier": (5, 25), "fast_transform": (10, 60)}  # whole fits of equal length
ENCODED: dict[str, Any] = {"k": 133, "encoder_params": {"n_clocks": 400}}


def seconds(classifier: str, epochs: int) -> float:
    """Wall time of one trial."""
    trial = Trial(**ENCODED, classifier=classifier, classifier_params={"max_iter": epochs})
    start = time.perf_counter()
    trial.run()
    return time.perf_counter() - start


if __name__ == "__main__":
    per_epoch: dict[str, list[float]] = {name: [] for name in EPOCHS}
    whole: dict[str, list[float]] = {name: [] for name in EPOCHS}
    for _ in range(N_ROUNDS):
        for name, (few, many) in EPOCHS.items():
            short, long = seconds(name, few), seconds(name, many)
            per_epoch[name].append((long - short) / (many - few))
            whole[name].append(long)
    for name, (_, many) in EPOCHS.items():
        print(
            f"{name}: {1000 * statistics.median(per_epoch[name]):.0f} ms an epoch, "
            f"{statistics.median(whole[name]):.1f} s for {many} epochs"
        )
    ratio = statistics.median(per_epoch["mlp_classifier"]) / statistics.median(
        per_epoch["fast_transform"]
    )
    print(f"epochs of fast transforms in the time of one of the MLP: {ratio:.2f}")

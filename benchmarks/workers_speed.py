"""How much faster two workers are than one, on the trials alone.

    python benchmarks/workers_speed.py

The same networks are trained on a cluster with one worker and on one with two, in turn; what the
clusters take to start does not count. Two processes that share nothing show what the machine
itself allows: cores that are two threads of one do not do twice the work.
"""

from __future__ import annotations

import multiprocessing
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from modclock.study.compute.cluster import compute_trials, open_cluster
from modclock.study.compute.store import TrialStore
from modclock.study.trials.keys import trial_key
from modclock.study.trials.trial import Trial

N_ROUNDS, N_TRIALS = 3, 16
NETWORK: dict[str, Any] = {"width_factor": 0.25}


def trials() -> list[Trial]:
    """Networks of the quick profile's size."""
    return [Trial(k=133, classifier_params=NETWORK, seed=seed) for seed in range(N_TRIALS)]


def on_cluster(workers: int) -> float:
    """Seconds that the trials take on so many workers, from an empty store."""
    by_key = {trial_key(trial): trial for trial in trials()}
    with tempfile.TemporaryDirectory() as folder, open_cluster(n_workers=workers) as client:
        store = TrialStore(Path(folder) / "trials.sqlite")
        for seed in range(2 * workers):  # workers import what they need with their first trial
            small = Trial(p=7, k=5, classifier_params=NETWORK, seed=seed)
            compute_trials(client, {trial_key(small): small}, store, lambda key: None)
        start = time.perf_counter()
        compute_trials(client, by_key, store, lambda key: None)
        return time.perf_counter() - start


def run_all(chosen: list[Trial]) -> None:
    """Run trials one after the other."""
    for trial in chosen:
        trial.run()


def alone(processes: int) -> float:
    """Seconds that the trials take in so many plain processes."""
    context = multiprocessing.get_context("fork")
    parts = [trials()[n::processes] for n in range(processes)]
    jobs = [context.Process(target=run_all, args=(part,)) for part in parts]
    start = time.perf_counter()
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    return time.perf_counter() - start


if __name__ == "__main__":
    for name, run in (("Dask workers", on_cluster), ("plain processes", alone)):
        taken = {n: statistics.median(run(n) for _ in range(N_ROUNDS)) for n in (1, 2)}
        ratio = taken[1] / taken[2]
        print(f"{name}: {taken[1]:.1f} s with one, {taken[2]:.1f} s with two: {ratio:.2f} times")

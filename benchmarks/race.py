"""Who learns to add modulo p fastest: the race of notebook 28 alone, one entrant after the other.

    python benchmarks/race.py            # p = 97, ten seeds, ten settings each: about half an hour
    python benchmarks/race.py 59 3 2     # p, seeds, settings

One process on one core; nothing is read from the store, and nothing is written. Seconds are those
of this machine, steps and multiplications those of every machine of its kind.
"""

from __future__ import annotations

import sys

import pandas as pd

from modclock.study.compute.run_trials import trial_frame
from modclock.study.figures.race import conclusion, standings
from modclock.study.trials.race import RaceTrial
from modclock.study.trials.race_inputs import race_entrants

BOUND = 3.0  # core-seconds that the fastest should not exceed


def main(p: int = 97, n_seeds: int = 10, n_tuning: int = 10) -> None:
    """Run all entrants and print the standings."""
    tuning_p = 59 if p != 59 else 31
    plan = {
        tuple(entrant.values()): RaceTrial(
            **entrant,
            p=p,
            tuning_p=tuning_p,
            n_seeds=n_seeds,
            n_tuning=n_tuning,
            n_feature_steps=20,
        )
        for entrant in race_entrants([], ["square"], with_controls=False)
    }
    metrics = []
    for entrant, trial in plan.items():
        metrics.append(trial.run())
        print(f"{', '.join(entrant)}: {metrics[-1]['n_reached']} of {n_seeds} seeds", flush=True)
    table = standings(trial_frame(plan, ["method", "encoding", "activation", "split"], metrics))
    shown = ["method", "encoding", "reached", "steps", "seconds", "compiling", "seconds_ratio"]
    with pd.option_context("display.width", 160, "display.max_columns", 20):
        print(table[shown].to_string(index=False, float_format="{:.2f}".format))
    print(conclusion(table, BOUND))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

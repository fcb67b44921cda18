"""How long a profile would take on more workers, by the trial times of its published run.

    python benchmarks/plan.py [profile]

Every trial goes to the worker that is free first, in the order of a run, as Dask hands them out.
A trial that several notebooks want counts once. What it takes to start workers, to send trials and
to run the notebooks themselves is left out, so these are lower bounds.
"""

from __future__ import annotations

import heapq
import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt

from modclock.study.claims.verify import reference_folder
from modclock.study.figures.charts import set_theme
from modclock.study.figures.pictures import svg
from modclock.study.files import write_text
from modclock.study.project import project_root

WORKERS = [2**n for n in range(9)]
FIGURE = Path("docs") / "workers.svg"


def trial_seconds(profile: str) -> list[float]:
    """Seconds of all trials of a published run, each once, in the order of a run."""
    records = json.loads((reference_folder(profile) / "provenance.json").read_text("utf-8"))
    by_key = {key: spent for _, record in sorted(records.items())
              for key, spent in record["trial_seconds"].items()}  # fmt: skip
    return list(by_key.values())


def makespan(seconds: list[float], workers: int) -> float:
    """When the last trial ends."""
    free = [0.0] * workers
    for spent in seconds:
        heapq.heappush(free, heapq.heappop(free) + spent)
    return max(free)


def draw(seconds: list[float], profile: str) -> None:
    """Time over workers, with the two limits that no number of workers can beat."""
    total, longest = sum(seconds), max(seconds)
    figure, axes = plt.subplots(figsize=(7, 3.6))
    axes.plot(WORKERS, [makespan(seconds, n) / 60 for n in WORKERS], "o-", label="simulated")
    axes.plot(WORKERS, [total / n / 60 for n in WORKERS], "--", label="all trials, shared evenly")
    axes.axhline(longest / 60, color="C3", linestyle=":", label="the longest trial")
    axes.set(
        title=f"The {profile} profile on more workers",
        xscale="log",
        yscale="log",
        xlabel="workers",
        ylabel="minutes",
        xticks=WORKERS,
        xticklabels=WORKERS,
    )
    axes.yaxis.set_major_formatter("{x:g}")
    axes.legend()
    write_text(project_root() / FIGURE, svg(figure))


if __name__ == "__main__":
    name = sys.argv[1] if len(sys.argv) > 1 else "full"
    spent = trial_seconds(name)
    print(f"{name}: {len(spent)} trials, {sum(spent):.0f} core-seconds, longest {max(spent):.0f} s")
    for count in WORKERS:
        took = makespan(spent, count)
        share = sum(spent) / count / took
        print(f"{count:>3} workers: {took / 60:6.1f} min, {share:.2f} of their time used")
    enough = [n for n in WORKERS if makespan(spent, n) < 1.05 * max(spent)]
    if enough:
        print(f"beyond {enough[0]} workers nothing is gained: one trial takes all the time")
    set_theme()
    draw(spent, name)

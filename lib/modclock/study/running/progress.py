"""The progress of a run: a live display at a terminal, plain lines elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


class RunProgress:
    """Counts trials and notebooks and estimates the time left.

    Where the output is no terminal, the bars are left out and every finished notebook and
    every tenth of the trials gets a line.
    """

    def __init__(self, n_trials: int, n_notebooks: int) -> None:
        self._console = Console(stderr=True)
        self._bars = Progress(
            TextColumn("{task.description:<9}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=self._console,
            speed_estimate_period=3600,  # trials take from one second to a minute
            disable=not self._console.is_terminal,
        )
        self._trials = self._bars.add_task("trials", total=n_trials)
        self._notebooks = self._bars.add_task("notebooks", total=n_notebooks)
        self._n_trials = n_trials
        self._trials_done = 0

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def trial_done(self) -> None:
        """Count a finished trial."""
        self._trials_done += 1
        self._bars.update(self._trials, advance=1)
        step = max(1, self._n_trials // 10)
        last = self._trials_done == self._n_trials
        if not self._console.is_terminal and (last or self._trials_done % step == 0):
            left = self._bars.tasks[0].time_remaining or 0
            estimate = f", about {left:.0f} s left" if left else ""
            self._line(f"trials: {self._trials_done} of {self._n_trials}{estimate}")

    def notebook_done(self, name: str, seconds: float, error: str | None) -> None:
        """Count a finished notebook and say how it went."""
        self._bars.update(self._notebooks, advance=1)
        outcome = f"failed: {error}" if error else "done"
        self._line(f"{name}: {outcome} ({seconds:.1f} s)")

    def _line(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

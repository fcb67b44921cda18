"""Run the study: trials on one shared cluster, several notebooks at once, then the report."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from dask.system import CPU_COUNT
from filelock import FileLock, Timeout

from modclock.study.base_trial import BaseTrial
from modclock.study.compute import SCHEDULER_VARIABLE, compute_trials, open_cluster
from modclock.study.errors import InputError, input_errors
from modclock.study.interrupts import remembered_interrupt
from modclock.study.kernels import fork_kernels
from modclock.study.keys import trial_key
from modclock.study.notebooks import StudyNotebook, find_notebooks
from modclock.study.progress import RunProgress
from modclock.study.project import output_root, project_root, store_path
from modclock.study.store import TrialStore
from modclock.validation import check_choice

_SHORT_KEY = 12  # digits of a key that tell the trials of a study apart


@dataclass
class Job:
    """A notebook, its parameters, those of them set by hand, and its trials by key."""

    notebook: StudyNotebook
    parameters: dict[str, Any]
    settings: dict[str, Any]
    trials: dict[str, BaseTrial]
    missing: set[str] = field(default_factory=set)

    def executed_path(self, profile: str) -> Path:
        """Where the executed notebook lands."""
        return output_root() / profile / "notebooks" / self.notebook.path.name

    def last_seconds(self, profile: str) -> float | None:
        """Core-seconds of its last execution and of its trials; None if it never ran."""
        record = self._last_record(profile)
        if record is None:
            return None
        return float(record.get("seconds", 0.0)) + sum(self.trial_seconds().values())

    def trial_seconds(self) -> dict[str, float]:
        """Core-seconds of its finished trials by the start of their keys, in the order of a run."""
        seconds = TrialStore(store_path()).seconds(self.trials)
        return {key[:_SHORT_KEY]: round(seconds[key], 3) for key in self.trials if key in seconds}

    def fingerprint(self) -> str:
        """Digest of all that decides what the executed notebook shows."""
        return self.notebook.fingerprint(self.parameters, list(self.trials))

    def is_up_to_date(self, profile: str) -> bool:
        """Whether the executed notebook was made from just these inputs, without an error."""
        record = None if self.missing else self._last_record(profile)
        return (
            record is not None
            and record.get("fingerprint") == self.fingerprint()
            and record.get("error") is None
        )

    def _last_record(self, profile: str) -> dict[str, Any] | None:
        """What the last execution wrote down, see `execution`; None if it never ran."""
        path = self.executed_path(profile)
        if not path.exists():
            return None
        return dict(nbformat.read(path, as_version=4).metadata.get("modclock", {}))


def plan_jobs(names: Sequence[str], profile: str, settings: Mapping[str, Any]) -> list[Job]:
    """Read and check all that a run needs; writes nothing and starts nothing.

    Parameters
    ----------
    names : notebooks (NN_name or NN); all when empty.
    profile : smoke, quick or full.
    settings : parameter values that replace those of the params files, in every chosen
        notebook that has the parameter.

    Raises
    ------
    InputError : for an unknown notebook or parameter, or a value that is refused.
    """
    notebooks = find_notebooks(names)
    known_names = sorted({name for book in notebooks for name in book.parameter_names()})
    with input_errors():
        for name in settings:
            check_choice("--set", name, known_names)
    jobs = []
    for book in notebooks:
        own = {name: value for name, value in settings.items() if name in book.parameter_names()}
        parameters = book.parameters(profile, own)
        source = f"params/{profile}/{book.name}.yaml"
        if own:
            source += f" with --set {', '.join(own)}"
        trials = {trial_key(trial): trial for trial in book.plan(parameters, source)}
        jobs.append(Job(book, parameters, own, trials))
    return jobs


def look_up_trials(jobs: Sequence[Job]) -> None:
    """Find out which trials of the jobs are still to be computed."""
    known = TrialStore(store_path()).get({key for job in jobs for key in job.trials})
    for job in jobs:
        job.missing = job.trials.keys() - known.keys()


def run_study(
    names: Sequence[str] = (),
    profile: str = "quick",
    *,
    settings: Mapping[str, Any] | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    force: bool = False,
) -> bool:
    """Run notebooks of the study and write the report; True if all of them succeeded.

    Parameters
    ----------
    names, profile, settings : see `plan_jobs`.
    workers : trials, and notebooks, at once on this machine; one a core when None.
    scheduler : address of a Dask cluster to run the trials on.
    force : execute notebooks even where their inputs are unchanged. Finished trials are
        answered from the store all the same.

    Raises
    ------
    InputError : before anything is written, for input that is refused.
    """
    jobs = plan_jobs(names, profile, settings or {})
    _check_writable(output_root() / profile)
    with _the_only_run():
        if aside := TrialStore(store_path()).set_aside_if_damaged():
            print(f"{store_path()} is damaged: set aside as {aside.name}", file=sys.stderr)
        look_up_trials(jobs)
        todo = [job for job in jobs if force or not job.is_up_to_date(profile)]
        if not todo and _report_is_current(output_root() / profile):
            return True
        return _run_jobs(todo, profile, workers, scheduler)


def _run_jobs(
    todo: Sequence[Job], profile: str, workers: int | None, scheduler: str | None
) -> bool:
    # Papermill and nbconvert are half a second each, for nothing where nothing is to be done.
    from modclock.study.execution import execute
    from modclock.study.report import write_report

    trials = {key: job.trials[key] for job in todo for key in job.trials if key in job.missing}
    unfinished = set(trials)
    fork_kernels()
    waiting = list(todo)
    running: list[Future[str | None]] = []
    with (
        remembered_interrupt() as check_interrupt,
        RunProgress(len(trials), len(todo)) as progress,
        _notebook_pool(workers or CPU_COUNT) as pool,
        _shared_cluster(scheduler, workers) if trials else nullcontext() as client,
    ):

        def start_notebooks() -> None:
            for job in [job for job in waiting if unfinished.isdisjoint(job.missing)]:
                waiting.remove(job)
                running.append(pool.submit(execute, job, profile, progress))

        def trial_done(key: str) -> None:
            check_interrupt()
            unfinished.discard(key)
            progress.trial_done()
            start_notebooks()

        start_notebooks()
        if client:
            compute_trials(client, trials, TrialStore(store_path()), trial_done)
        errors = [future.result() for future in running]
    write_report(output_root() / profile)
    return not any(errors)


@contextmanager
def _the_only_run() -> Iterator[None]:
    """Wait for another run with the same outputs; what it has computed need not be again."""
    lock = FileLock(output_root() / ".lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        print(f"{output_root()}: another run is at work, waiting for it", file=sys.stderr)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _report_is_current(folder: Path) -> bool:
    """Whether all pages are newer than what they show: a run that was stopped writes none."""
    last = folder / "study.html"
    sources = [
        *(folder / "notebooks").glob("*.ipynb"),
        *(Path(__file__).parent / "templates").rglob("*.*"),
        project_root() / "params" / "summary.md",
    ]
    return last.exists() and last.stat().st_mtime_ns > max(
        source.stat().st_mtime_ns for source in sources
    )


@contextmanager
def _notebook_pool(size: int) -> Iterator[ThreadPoolExecutor]:
    """Threads for notebooks; when a run is stopped, those that wait do not begin."""
    with ThreadPoolExecutor(size) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def _shared_cluster(scheduler: str | None, workers: int | None) -> Iterator[Any]:
    """Open a cluster and tell the notebooks' kernels its address."""
    with open_cluster(scheduler, workers) as client:
        reached: Any = client.scheduler
        os.environ[SCHEDULER_VARIABLE] = reached.address  # its own may be one of another network
        try:
            yield client
        finally:
            del os.environ[SCHEDULER_VARIABLE]


def _check_writable(folder: Path) -> None:
    """Refuse an output folder that can't be made or written, without making it."""
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise InputError(f"{folder}: output folder can't be written: {nearest} refuses it")

"""Run the study: find out what has to be done, and do it if there is anything."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from modclock.study.compute.machine import check_machine
from modclock.study.compute.store import TrialStore
from modclock.study.errors import InputError, MachineError
from modclock.study.forking.server import prepare_children
from modclock.study.project import output_root, run_folder, store_path
from modclock.study.report.current import is_current
from modclock.study.running.notebooks import find_notebooks
from modclock.study.running.planning import outdated_notebooks, plan_notebooks, plan_trials


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
    names, profile, settings : see `plan_notebooks`.
    workers : trials, and notebooks, at once on this machine; one a core when None.
    scheduler : address of a Dask cluster to run the trials on.
    force : execute notebooks even where their inputs are unchanged. Finished trials are
        answered from the store all the same.

    Raises
    ------
    InputError : before anything is written, for input that is refused.
    MachineError : likewise, where no worker and no notebook can start, or outputs can't be locked.
    """
    planned = plan_notebooks(names, profile, settings or {})
    for book in planned:  # before anything else loads the code that they stand for
        _ = book.fingerprint
    if changed := [book for book in planned if force or not book.is_unchanged()]:
        check_machine()
        # Before the imports of this process, which take as long. With a scheduler no workers are
        # forked here, so the first kernel starts it, and an address that is wrong is told sooner.
        if scheduler is None:
            prepare_children()
        _ask_the_cluster(scheduler)
        plan_trials([book for book in changed if force or not book.is_unchanged()])
    folder = run_folder(profile, settings)
    _check_writable(folder)
    with _the_only_run():
        if aside := TrialStore(store_path()).set_aside_if_damaged():
            told = f"{store_path()} is damaged: set aside as {aside.name}"
            print(f"{told}, and what is damaged is computed again", file=sys.stderr)
        todo = [book for book in planned if force or not book.is_up_to_date()]
        if not todo and is_current(folder, outdated_notebooks(folder, planned)):
            return True
        # What it imports takes seconds, for nothing where nothing is to be done.
        from modclock.study.running.executing import execute_notebooks

        return execute_notebooks(todo, folder, workers, scheduler)


def predict_outcomes(profile: str) -> Path:
    """Write the predictions of notebook 22 for a profile; the file that they are in.

    Raises
    ------
    InputError : before anything is written, for input that is refused.
    """
    (notebook,) = find_notebooks(["22_predicting_usefulness"])
    chosen = notebook.parameters(profile, {})
    _check_writable(run_folder(profile))
    with _the_only_run():
        from modclock.study.compute.predictions import fix_predictions
        from modclock.study.trials.field import draw_field

        sizes = {name: chosen[name] for name in ("tasks", "sizes", "most_steps", "first_seed")}
        counts = (chosen[f"n_{part}"] for part in ("choosing", "judging", "unseen"))
        field = draw_field(*counts, **sizes)
        return fix_predictions(field, chosen["n_runs"], profile).path


def _ask_the_cluster(scheduler: str | None) -> None:
    """What machines its workers run on is part of all keys."""
    from modclock.study.compute.cluster import adopt_surroundings

    adopt_surroundings(scheduler)


@contextmanager
def _the_only_run() -> Iterator[None]:
    """Wait for another run with the same outputs; what it has computed need not be again."""
    lock = FileLock(output_root() / ".lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        print(f"{output_root()}: another run is at work, waiting for it", file=sys.stderr)
        lock.acquire()
    except OSError as error:  # of some network drives, say
        raise MachineError(
            f"{lock.lock_file} can't be locked, so two runs could mix their results: "
            f"{error.strerror or error}; choose a folder of another file system with --out"
        ) from error
    try:
        yield
    finally:
        lock.release()


def _check_writable(folder: Path) -> None:
    """Refuse an output folder that can't be made or written, without making it."""
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise InputError(f"{folder}: output folder can't be written: {nearest} refuses it")

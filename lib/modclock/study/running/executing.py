"""Execute notebooks with papermill while their trials run on one cluster, then write the report."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
import papermill
from dask.system import CPU_COUNT
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from modclock.study.compute.cluster import SCHEDULER_VARIABLE, compute_trials, open_cluster
from modclock.study.compute.store import TrialStore
from modclock.study.errors import in_words
from modclock.study.files import complete_file, read_notebook
from modclock.study.forking.kernels import forked_kernels
from modclock.study.project import store_path
from modclock.study.records import RunRecord
from modclock.study.report.executed import ExecutedNotebook
from modclock.study.report.pages import as_chapter
from modclock.study.report.write_report import write_report
from modclock.study.running.interrupts import remembered_interrupt
from modclock.study.running.planning import PlannedNotebook, outdated_notebooks
from modclock.study.running.progress import RunProgress
from modclock.study.running.provenance import provenance
from modclock.study.trials.module_files import changed_files

# Encrypted sockets, else every kernel warns that it has none. And not a word from kernels
# themselves: some log the interrupt with which they are shut down.
_KERNELS = Config(
    KernelManager={"transport_encryption": "auto"},
    NotebookClient={
        "extra_arguments": [
            "--IPKernelApp.log_level=CRITICAL",
            # Last, where no file of it can stand in for a module that is installed.
            "--InteractiveShellApp.exec_lines=__import__('sys').path.append('')",
        ]
    },
)

# What ends a run: nothing can be written down any more.
_NO_ROOM = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EROFS, errno.EIO}


def execute_notebooks(
    planned: Sequence[PlannedNotebook], folder: Path, workers: int | None, scheduler: str | None
) -> bool:
    """Compute what the store lacks, execute every notebook as soon as its trials are there.

    Parameters
    ----------
    planned : notebooks to execute.
    folder : outputs/<profile>, for the report.
    workers, scheduler : see `run_study`.

    Returns
    -------
    Whether all notebooks succeeded.
    """
    trials = {key: book.first[key] for book in planned for key in book.first if key in book.missing}
    any_missing = any(book.missing for book in planned)
    unfinished = set(trials)
    waiting = list(planned)
    running: list[Future[str | None]] = []
    with (
        remembered_interrupt() as check_interrupt,
        forked_kernels(),
        RunProgress(len(trials), len(planned)) as progress,
        _notebook_pool(workers or CPU_COUNT) as pool,
        _shared_cluster(scheduler, workers) if any_missing else nullcontext() as client,
    ):

        def start_notebooks() -> None:
            for book in [book for book in waiting if unfinished.isdisjoint(book.missing)]:
                waiting.remove(book)
                running.append(pool.submit(execute, book, progress))

        def trial_done(key: str) -> None:
            check_interrupt()
            unfinished.discard(key)
            progress.trial_done()
            start_notebooks()

        start_notebooks()
        if client:
            compute_trials(client, trials, TrialStore(store_path()), trial_done)
        errors = [future.result() for future in running]
    write_report(folder, outdated_notebooks(folder, planned))
    return not any(errors)


def execute(planned: PlannedNotebook, progress: RunProgress) -> str | None:
    """Execute one notebook with papermill; return the error that ended it, if any.

    It is written down in the notebook what it was made from, and its page is rendered.
    """
    started = datetime.now(UTC)
    clock = time.perf_counter()
    made_from = {"fingerprint": planned.fingerprint, **provenance()}
    error = None
    with complete_file(planned.executed_path) as path:
        try:
            papermill.execute_notebook(
                _as_papermill_reads(planned.notebook.path),
                _as_papermill_reads(path),
                planned.parameters,
                kernel_name="python3",
                progress_bar=False,
                request_save_on_cell_execute=False,
                config=_KERNELS,
            )
        except PapermillExecutionError as failure:
            error = f"{failure.ename}: {failure.evalue}{planned.hint()}"
        except Exception as failure:  # a kernel that died, say; the other notebooks go on
            if isinstance(failure, OSError) and failure.errno in _NO_ROOM:
                raise
            error = in_words(failure)
        if error is None and (changed := changed_files()):
            error = f"{changed[0]} has changed while it ran: run it again"
        made = path if path.exists() else planned.notebook.path
        executed = read_notebook(made)
        error = error or _ended_early(executed)
        seconds = time.perf_counter() - clock
        record = RunRecord(
            **made_from,
            title=planned.notebook.title,
            parameters=planned.parameters,
            settings=planned.settings,
            error=error,
            trials=list(planned.trials),
            trials_computed=len(planned.missing),
            trials_stored=len(planned.trials) - len(planned.missing),
            trial_seconds=planned.trial_seconds(),
            seconds=round(seconds, 1),
            started=started.isoformat(timespec="seconds"),
            finished=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        executed.metadata["modclock"] = record.model_dump()
        nbformat.write(executed, path)
    # Now, beside the trials of other notebooks; the report finds it rendered.
    as_chapter(ExecutedNotebook(planned.executed_path, executed))
    progress.notebook_done(planned.notebook.name, seconds, error)
    return error


def _ended_early(executed: NotebookNode) -> str | None:
    """The error that papermill takes for the end of a notebook: sys.exit(), say."""
    outputs = (output for cell in executed.cells for output in cell.get("outputs", []))
    errors = (output for output in outputs if output.output_type == "error")
    return next((f"{output.ename}: {output.evalue}" for output in errors), None)


def _as_papermill_reads(path: Path) -> str:
    """Papermill fills parameters into {names} of a path; these here are meant as they are."""
    return str(path).replace("{", "{{").replace("}", "}}")


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

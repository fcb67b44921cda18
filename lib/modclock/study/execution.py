"""Execute a notebook with papermill, write down what it was made from, and render its page."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from modclock.study.executed import ExecutedNotebook
from modclock.study.files import complete_file
from modclock.study.pages import as_chapter
from modclock.study.progress import RunProgress
from modclock.study.provenance import provenance

if TYPE_CHECKING:
    from modclock.study.runner import Job

# Encrypted sockets, else every kernel warns that it has none. And not a word from kernels
# themselves: some log the interrupt with which they are shut down.
_KERNELS = Config(
    KernelManager={"transport_encryption": "auto"},
    NotebookClient={"extra_arguments": ["--IPKernelApp.log_level=CRITICAL"]},
)


def execute(job: Job, profile: str, progress: RunProgress) -> str | None:
    """Execute one notebook with papermill; return the error that ended it, if any."""
    started = datetime.now(UTC)
    clock = time.perf_counter()
    made_from = {"fingerprint": job.fingerprint(), **provenance()}  # files may change meanwhile
    error = None
    with complete_file(job.executed_path(profile)) as path:
        try:
            papermill.execute_notebook(
                str(job.notebook.path),
                str(path),
                job.parameters,
                kernel_name="python3",
                progress_bar=False,
                request_save_on_cell_execute=False,
                config=_KERNELS,
            )
        except PapermillExecutionError as failure:
            error = f"{failure.ename}: {failure.evalue}"
        except Exception as failure:  # a kernel that died, say; the other notebooks go on
            error = f"{type(failure).__name__}: {failure}"
        made = path if path.exists() else job.notebook.path
        executed = nbformat.read(made, as_version=4)
        seconds = time.perf_counter() - clock
        executed.metadata["modclock"] = {
            **made_from,
            "title": job.notebook.title,
            "parameters": job.parameters,
            "settings": job.settings,
            "error": error,
            "trials_computed": len(job.missing),
            "trials_stored": len(job.trials) - len(job.missing),
            "trial_seconds": job.trial_seconds(),
            "seconds": round(seconds, 1),
            "started": started.isoformat(timespec="seconds"),
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        nbformat.write(executed, path)
    # Now, beside the trials of other notebooks; the report finds it rendered.
    as_chapter(ExecutedNotebook(job.executed_path(profile), executed))
    progress.notebook_done(job.notebook.name, seconds, error)
    return error

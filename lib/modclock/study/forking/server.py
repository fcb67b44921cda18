"""Workers and kernels are forked from one process that has imported what they need.

That is for Linux: elsewhere libraries of the system do not survive it, and all start as usual.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from pathlib import Path

import modclock
from modclock.study.forking import ON
from modclock.study.forking.temporary import own_temporary_folder

# Not JAX: it has threads from the start, and what is forked from it can hang.
IMPORTED = [
    "modclock.study.forking.startup",
    "distributed",
    "distributed.nanny",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipywidgets",
    "modclock.study.figures.charts",
    "modclock.study.claims.judgement",
    "modclock.study.trials.committee",
    "modclock.study.compute.run_trials",
    "modclock.study.trials.forecast",
    "modclock.study.trials.transformer",
    "modclock.study.trials.trial",
    "pandas.io.formats.style",
]
# For all that a run starts, forked or not.
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # No debugger comes to the kernels, so it need not warn that it would miss some lines.
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    # Else the working folder comes before the standard library, and a file there that is named
    # random.py, or another checkout of the study, would be imported.
    "PYTHONSAFEPATH": "1",
}


def prepare_children() -> None:
    """Set the environment of what this process will start, and start the process to fork from.

    That imports beside this one; a second call does nothing more.
    """
    own_temporary_folder()
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"  # whatever a user has
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    ours = str(Path(modclock.__file__).parents[1])
    places = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if "site-packages" not in ours and places[0] != ours:  # a checkout: this one, not another
        os.environ["PYTHONPATH"] = os.pathsep.join([ours, *filter(None, places)])
    if ON:
        forkserver.set_forkserver_preload(IMPORTED)
        with _interrupts_ignored():
            forkserver.ensure_running()


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """What starts in the block ignores Ctrl-C: while it imports, it would show where it was."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

"""Workers of a run on this machine: how they are started, and with what settings.

What is imported before they fork is in `modclock.study.forking.server`; what each does with a trial
is in `timed_trial`.
"""

from __future__ import annotations

import atexit
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from modclock.study.compute.credentials import fresh_credentials
from modclock.study.compute.machine import affordable_workers, available_memory
from modclock.study.errors import MachineError, in_words
from modclock.study.forking import ON
from modclock.study.forking.server import prepare_children

if TYPE_CHECKING:
    from distributed import LocalCluster

_SETTINGS = {
    # A worker gets one trial at a time, so that no other is blamed for what kills it.
    "distributed.scheduler.worker-saturation": 1.0,
    # One that is silent for so long, as it was stopped, say, is replaced.
    "distributed.scheduler.worker-ttl": "30s",
    "distributed.worker.multiprocessing-method": "forkserver" if ON else "spawn",
    # These workers are for trials alone, whatever a user has others import first.
    "distributed.worker.preload": [],
    "distributed.nanny.preload": [],
    "distributed.scheduler.preload": [],
    "distributed.worker.memory.target": 0.6,
    "distributed.worker.memory.spill": 0.7,
    "distributed.worker.memory.pause": 0.8,
    "distributed.worker.memory.terminate": 0.95,
    # Nor are there pages about them, which nothing would protect.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    # What nobody sees here, and what takes time of trials: 5 % of a core.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    # What takes XLA longer to compile is taken over from the worker that did it first.
    "distributed.nanny.environ.JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": 0.2,
}
# Where what was compiled is shared between them.
_COMPILED = "distributed.nanny.environ.JAX_COMPILATION_CACHE_DIR"


@contextmanager
def local_workers(n_workers: int | None = None) -> Iterator[LocalCluster]:
    """Start workers of one thread each, which end with the block.

    Parameters
    ----------
    n_workers : how many; one a core when None. Little memory allows fewer.

    Raises
    ------
    MachineError : if none can be started here. It is one line, where Dask logs a hundred.
    """
    import dask
    from dask.system import CPU_COUNT

    prepare_children()
    n_workers = affordable_workers(n_workers or CPU_COUNT)
    with (
        TemporaryDirectory() as compiled,
        dask.config.set(_SETTINGS | {_COMPILED: compiled}),
        _started(n_workers) as cluster,
    ):
        yield cluster


@contextmanager
def _started(n_workers: int) -> Iterator[LocalCluster]:
    from distributed import LocalCluster
    from distributed.deploy.spec import close_clusters

    talkative = [logging.getLogger(name) for name in ("distributed", "tornado", "asyncio")]
    levels = [logger.level for logger in talkative]
    for logger in talkative:
        logger.setLevel(logging.CRITICAL)
    try:
        cluster = LocalCluster(
            n_workers=n_workers,
            threads_per_worker=1,
            memory_limit=available_memory() // n_workers,
            security=fresh_credentials(),
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
        )
    except KeyboardInterrupt:
        # It waits for workers that are half started; they end with this process.
        atexit.unregister(close_clusters)
        raise
    except Exception as error:
        raise MachineError(f"workers can't be started: {in_words(_root(error))}") from error
    for logger, level in zip(talkative, levels, strict=True):
        logger.setLevel(level)
    with cluster:
        yield cluster


def _root(error: BaseException) -> Exception:
    """What an error was raised from in the end."""
    while cause := error.__cause__ or error.__context__:
        error = cause
    return error if isinstance(error, Exception) else RuntimeError(repr(error))

"""A run of which no worker is left ends, and does not wait for one for ever."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from distributed import LocalCluster

_EVERY_SECONDS = 2
_WITHOUT_WORKER_SECONDS = 40  # Dask starts another one in the place of a worker that ends


@contextmanager
def ended_without_workers(cluster: LocalCluster) -> Iterator[None]:
    """Close the scheduler if no worker lives for a while; all that wait for it end then."""
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(cluster, over), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _watch(cluster: LocalCluster, over: threading.Event) -> None:
    scheduler: Any = cluster.scheduler
    loop: Any = cluster.loop
    last_seen = time.monotonic()
    while not over.wait(_EVERY_SECONDS):
        if scheduler.workers:
            last_seen = time.monotonic()
        elif time.monotonic() - last_seen > _WITHOUT_WORKER_SECONDS:
            print("no worker is left, and no other one starts", file=sys.stderr)
            loop.add_callback(scheduler.close)
            return

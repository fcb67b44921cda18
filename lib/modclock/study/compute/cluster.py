"""Dask: the one place that knows where trials run."""

from __future__ import annotations

import json
import logging
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from modclock.study.compute.credentials import handed_credentials, handed_down
from modclock.study.compute.store import TrialStore
from modclock.study.compute.timed_trial import timed_run
from modclock.study.compute.watch import ended_without_workers
from modclock.study.compute.workers import local_workers
from modclock.study.errors import InputError, TrialError
from modclock.study.trials.base import BaseTrial
from modclock.study.trials.environment import VARIABLE as SURROUNDINGS_VARIABLE
from modclock.study.trials.environment import here, of_trials, unlike

if TYPE_CHECKING:
    from distributed import Client

SCHEDULER_VARIABLE = "MODCLOCK_SCHEDULER"
_CONNECT_SECONDS = 8
_DIED = "every worker that ran it died, as workers do that run out of memory"
_LOST = "the Dask scheduler is gone; finished trials are kept, run again to go on"


@contextmanager
def open_cluster(scheduler: str | None = None, n_workers: int | None = None) -> Iterator[Client]:
    """A client of the cluster at an address, or else of fresh one-thread local workers.

    Parameters
    ----------
    scheduler : address such as tcp://host:8786; when None, the one that a running
        `modclock run` shares, or that Dask's own configuration names.
    n_workers : number of local workers; one a core when None.

    Raises
    ------
    InputError : if no scheduler answers at the address.
    MachineError : if no worker can be started here.
    """
    from distributed import Client
    from distributed.versions import VersionMismatchWarning

    # It would log at length that a scheduler is gone; the error says so in a line.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    place, address = named_scheduler(scheduler)
    if address:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", VersionMismatchWarning)  # see _check_version
                security = handed_credentials(address)
                client = Client(address, timeout=_CONNECT_SECONDS, security=security)
        except (OSError, ValueError, TypeError) as error:  # the last without certificates
            raise InputError(f"{place}: no Dask scheduler answers at {address!r}") from error
        with client:
            _check_version(client, f"{place}: {address!r}")
            yield client
        return
    with (
        local_workers(n_workers) as cluster,
        Client(cluster) as client,
        handed_down(cluster.security, cluster.scheduler_address),
        ended_without_workers(cluster),
    ):
        yield client


def named_scheduler(scheduler: str | None = None) -> tuple[str, str | None]:
    """Who names a scheduler, and its address; no address where nobody does."""
    import dask

    named = {
        "--scheduler": scheduler,
        SCHEDULER_VARIABLE: os.environ.get(SCHEDULER_VARIABLE),
        "Dask's scheduler-address": dask.config.get("scheduler-address", None),
    }
    return next((item for item in named.items() if item[1]), ("", None))


def adopt_surroundings(scheduler: str | None = None) -> None:
    """Make the keys of this process, and of those that it starts, those of a cluster's workers.

    Without a cluster that somebody names, keys stay those of this machine.

    Raises
    ------
    InputError : if no scheduler answers, or its workers are of several kinds: trials that ran on
        different processors would be mixed up.
    """
    place, address = named_scheduler(scheduler)
    if address is None:
        return
    with open_cluster(scheduler) as client:
        try:
            # A cluster that grows with its work may have no workers yet: a first task brings one.
            kinds = list(client.run(here).values())
            if not kinds:
                print(f"{place}: no worker at {address!r} yet, waiting for one", file=sys.stderr)
                kinds = [client.submit(here, pure=False).result()]
        except ImportError as error:
            raise InputError(f"{place}: a worker at {address!r} lacks modclock: {error}") from error
    for other in kinds[1:]:
        if difference := unlike(kinds[0], other):
            raise InputError(
                f"{place}: the workers at {address!r} are of several kinds ({difference}), and "
                "their numbers would differ: use workers of one kind"
            )
    os.environ[SURROUNDINGS_VARIABLE] = json.dumps(kinds[0])


def _check_version(client: Client, scheduler: str) -> None:
    """Refuse a scheduler of another Dask, with which a run may hang or fail half way."""
    running: Any = client.get_versions()
    ours, theirs = (running[side]["packages"]["distributed"] for side in ("client", "scheduler"))
    if ours != theirs:
        raise InputError(f"{scheduler} runs Dask {theirs}, here it is {ours}")


def compute_trials(
    client: Client,
    trials: Mapping[str, BaseTrial],
    store: TrialStore,
    on_done: Callable[[str], object],
) -> dict[str, Exception]:
    """Run trials in the given order on a cluster; store each as it finishes.

    The Dask key is the trial key, so a trial that two clients of one scheduler want at the
    same time runs once. Only this process writes the store.

    Returns
    -------
    The error of every trial that failed, by key.

    Raises
    ------
    TrialError : if the scheduler is lost.
    """
    from distributed import KilledWorker, as_completed

    # Without priorities Dask runs independent tasks in the order of their hashed keys.
    surroundings = of_trials()
    futures = [
        client.submit(timed_run, trial, key, surroundings, key=key, priority=-index)
        for index, (key, trial) in enumerate(trials.items())
    ]
    failures: dict[str, Exception] = {}
    for future in as_completed(futures):
        try:
            outcome, seconds = future.result()
        except CancelledError as error:
            raise TrialError(_LOST) from error
        except KilledWorker:
            outcome, seconds = TrialError(_DIED), 0.0
        except Exception as error:  # a worker that died must not cost the other trials
            outcome, seconds = error, 0.0
        if not isinstance(outcome, Exception):
            try:
                store.put(future.key, trials[future.key].spec(), outcome, seconds)
            except ValueError as error:
                outcome = TrialError(f"a metric is no finite number: {error}")
        if isinstance(outcome, Exception):
            failures[future.key] = outcome
        on_done(future.key)
    return failures

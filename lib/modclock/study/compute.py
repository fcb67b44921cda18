"""Dask: the one place that knows where trials run."""

from __future__ import annotations

import atexit
import logging
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import cache
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import modclock.study.memory  # noqa: F401  # for all that train, on whatever worker
from modclock.study.base_trial import BaseTrial
from modclock.study.errors import InputError, TrialError
from modclock.study.forks import CAN_FORK, start_forks
from modclock.study.keys import trial_key
from modclock.study.project import store_path
from modclock.study.store import TrialStore

if TYPE_CHECKING:
    from distributed import Client

SCHEDULER_VARIABLE = "MODCLOCK_SCHEDULER"
_CONNECT_SECONDS = 8
_DIED = "every worker that ran it died, as workers do that run out of memory"
_LOST = "the Dask scheduler is gone; finished trials are kept, run again to go on"
_LOCAL = {
    # A worker gets one trial at a time, so that no other is blamed for what kills it.
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.worker.multiprocessing-method": "forkserver" if CAN_FORK else "spawn",
    # What nobody sees here, and what takes time of trials: 5 % of a core.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    # What takes XLA longer to compile is taken over from the worker that did it first.
    "distributed.nanny.environ.JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": 0.2,
}


def run_trials(trials: Sequence[BaseTrial]) -> pd.DataFrame:
    """Answer trials from the store where it knows them, compute and store the rest.

    Parameters
    ----------
    trials : any number of trials; equal ones are computed once.

    Returns
    -------
    DataFrame, one row a trial in the given order: the fields of the trial (parameters of
    its encoder and classifier as `encoder__name` and `classifier__name`), then its
    metrics. Missing metrics are NaN.

    Raises
    ------
    TrialError : if a trial fails; all others have been finished and stored by then.
    """
    from tqdm.auto import tqdm

    store = TrialStore(store_path())
    by_key = {trial_key(trial): trial for trial in trials}
    known = store.get(by_key)
    missing = {key: trial for key, trial in by_key.items() if key not in known}
    if missing:
        with tqdm(total=len(missing), desc="trials", file=sys.stdout) as bar:
            client = _notebook_client()
            try:
                failures = compute_trials(client, missing, store, lambda key: bar.update())
            except TrialError:
                _notebook_client.cache_clear()  # the next call finds another scheduler
                raise
        if failures:
            key, error = next(iter(failures.items()))
            raise TrialError(f"{len(failures)} trial(s) failed; {by_key[key]!r}: {error}")
    frame = trial_frame(trials, store.get(by_key))
    for trial, error in zip(trials, frame.get("error", ()), strict=False):
        if isinstance(error, str):
            print(f"ended early: {error}: {trial!r}")
    return frame


def trial_frame(trials: Sequence[BaseTrial], metrics: Mapping[str, dict[str, Any]]) -> pd.DataFrame:
    """One row a trial: its spec, flattened, and its metrics."""
    rows = []
    for trial in trials:
        row: dict[str, Any] = {}
        for name, value in trial.spec().items():
            if isinstance(value, dict):
                part = name.removesuffix("_params")
                row |= {f"{part}__{key}": item for key, item in value.items()}
            else:
                row[name] = value
        row |= metrics[trial_key(trial)]
        rows.append({name: np.nan if value is None else value for name, value in row.items()})
    return pd.DataFrame(rows)


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
    futures = [
        client.submit(_timed_run, trial, key, key=key, priority=-index)
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


def _timed_run(trial: BaseTrial, key: str) -> tuple[dict[str, Any] | Exception, float]:
    """The trial's metrics, or its error as a value: Dask would log a raised one at length."""
    # Core-seconds: by the clock, whatever else the machine does would count as the trial's.
    start = time.process_time()
    try:
        if trial_key(trial) != key:
            raise TrialError("this worker has another modclock, or other numeric packages")
        outcome: dict[str, Any] | Exception = trial.run()
    except Exception as error:  # whatever a trial raises must not cost the others
        outcome = error
    return outcome, time.process_time() - start


@contextmanager
def open_cluster(scheduler: str | None = None, jobs: int | None = None) -> Iterator[Client]:
    """A client of the cluster at an address, or else of fresh one-thread local workers.

    Parameters
    ----------
    scheduler : address such as tcp://host:8786; when None, the one that a running
        `modclock run` shares, or that Dask's own configuration names.
    jobs : number of local workers; one a core when None.

    Raises
    ------
    InputError : if no scheduler answers at the address.
    """
    import dask
    from distributed import Client, LocalCluster
    from distributed.versions import VersionMismatchWarning

    # It would log at length that a scheduler is gone; the error says so in a line.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    named = {
        "--scheduler": scheduler,
        SCHEDULER_VARIABLE: os.environ.get(SCHEDULER_VARIABLE),
        "Dask's scheduler-address": dask.config.get("scheduler-address", None),
    }
    place, address = next((item for item in named.items() if item[1]), ("", None))
    if address:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", VersionMismatchWarning)  # see _check_version
                client = Client(address, timeout=_CONNECT_SECONDS)
        except (OSError, ValueError) as error:
            raise InputError(f"{place}: no Dask scheduler answers at {address!r}") from error
        with client:
            _check_version(client, f"{place}: {address!r}")
            yield client
        return
    start_forks()
    with (
        TemporaryDirectory() as compiled,
        dask.config.set(_LOCAL | {"distributed.nanny.environ.JAX_COMPILATION_CACHE_DIR": compiled}),
        LocalCluster(
            n_workers=jobs, threads_per_worker=1, dashboard_address="127.0.0.1:0"
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def _check_version(client: Client, scheduler: str) -> None:
    """Refuse a scheduler of another Dask, with which a run may hang or fail half way."""
    told: Any = client.get_versions()
    ours, theirs = (told[side]["packages"]["distributed"] for side in ("client", "scheduler"))
    if ours != theirs:
        raise InputError(f"{scheduler} runs Dask {theirs}, here it is {ours}")


@cache
def _notebook_client() -> Client:
    """One cluster for all `run_trials` calls of a kernel, closed when it ends."""
    context = open_cluster()
    client = context.__enter__()
    atexit.register(context.__exit__, None, None, None)
    return client

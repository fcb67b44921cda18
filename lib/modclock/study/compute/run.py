"""What a notebook calls: trials in, one row for each out."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from modclock.study.compute.cluster import (
    SCHEDULER_VARIABLE,
    adopt_surroundings,
    compute_trials,
    open_cluster,
)
from modclock.study.compute.store import TrialStore
from modclock.study.errors import TrialError
from modclock.study.project import store_path
from modclock.study.trials.base import BaseTrial
from modclock.study.trials.keys import trial_key
from modclock.study.trials.surroundings import VARIABLE as SURROUNDINGS_VARIABLE

if TYPE_CHECKING:
    from distributed import Client


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

    if SCHEDULER_VARIABLE not in os.environ and SURROUNDINGS_VARIABLE not in os.environ:
        adopt_surroundings()  # of a cluster that Dask's own configuration names
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


@cache
def _notebook_client() -> Client:
    """One cluster for all `run_trials` calls of a kernel, closed when it ends."""
    context = open_cluster()
    client = context.__enter__()
    atexit.register(context.__exit__, None, None, None)
    return client

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
from modclock.study.trials.environment import VARIABLE as SURROUNDINGS_VARIABLE
from modclock.study.trials.keys import trial_key

if TYPE_CHECKING:
    from distributed import Client


def run_trials(plan: Mapping[Any, BaseTrial], names: Sequence[str] = ("label",)) -> pd.DataFrame:
    """Answer trials from the store where it knows them, compute and store the rest.

    Parameters
    ----------
    plan : trials by label. A label is a string or a number, or a tuple of them with one entry
        for each name. Trials under two labels are computed once if they are equal.
    names : columns for the entries of the labels. The fields of a NamedTuple name themselves.

    Returns
    -------
    DataFrame, one row a trial in the order of the plan, see `trial_frame`.

    Raises
    ------
    TrialError : if a trial fails; all others have been finished and stored by then.
    ValueError : for a label with more or fewer entries than names, an entry that is not what the
        trial has under its name, or a metric that is called like a field of the trial.
    """
    from tqdm.auto import tqdm

    if SCHEDULER_VARIABLE not in os.environ and SURROUNDINGS_VARIABLE not in os.environ:
        adopt_surroundings()  # of a cluster that Dask's own configuration names
    store = TrialStore(store_path())
    keys = [trial_key(trial) for trial in plan.values()]
    by_key = dict(zip(keys, plan.values(), strict=True))
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
    metrics = store.get(by_key)
    for key, trial in by_key.items():
        if reason := metrics[key].get("error"):
            print(f"ended early: {reason}: {trial!r}")
    return trial_frame(plan, names, [metrics[key] for key in keys])


def trial_frame(
    plan: Mapping[Any, BaseTrial], names: Sequence[str], metrics: Sequence[Mapping[str, Any]]
) -> pd.DataFrame:
    """One row a trial: its spec, flattened, its metrics, and the label that it has in the plan.

    Parameters
    ----------
    plan, names : see `run_trials`.
    metrics : of each trial in the order of the plan.

    Returns
    -------
    DataFrame. Columns are the fields of the trials (parameters of encoder and classifier as
    `encoder__name` and `classifier__name`), their metrics, and of the labels what the trials do
    not have themselves. What is missing is NaN.

    Examples
    --------
    >>> from modclock.study.trials.trial import Trial
    >>> plan = {("few bits", seed): Trial(k=20, seed=seed) for seed in (0, 1)}
    >>> rows = trial_frame(plan, ["input", "seed"], [{"accuracy": 0.4}, {"accuracy": 0.5}])
    >>> rows[["k", "seed", "accuracy", "input"]].to_dict("list")
    {'k': [20, 20], 'seed': [0, 1], 'accuracy': [0.4, 0.5], 'input': ['few bits', 'few bits']}
    >>> list(rows)[-2:]
    ['accuracy', 'input']
    """
    rows = []
    for trial, measured in zip(plan.values(), metrics, strict=True):
        fields = _flat(trial)
        if both := sorted(fields.keys() & measured.keys()):
            raise ValueError(f"{type(trial).__name__}: both field and metric: {', '.join(both)}")
        rows.append(fields | dict(measured))
    frame = pd.DataFrame([{name: _or_nan(value) for name, value in row.items()} for row in rows])
    labels = [_by_name(label, names) for label in plan]
    for name in dict.fromkeys(name for label in labels for name in label):
        if name not in frame:
            frame[name] = [label.get(name, np.nan) for label in labels]
        for own, label in zip(frame[name], labels, strict=True):
            if name in label and label[name] != own:
                raise ValueError(f"label {label}: the trial has {own!r} as {name}")
    return frame


def _flat(trial: BaseTrial) -> dict[str, Any]:
    """The spec of a trial, the entries of its dicts beside the other fields."""
    row: dict[str, Any] = {}
    for name, value in trial.spec().items():
        if isinstance(value, dict):
            part = name.removesuffix("_params")
            row |= {f"{part}__{key}": item for key, item in value.items()}
        else:
            row[name] = value
    return row


def _by_name(label: Any, names: Sequence[str]) -> dict[str, Any]:
    entries = label if isinstance(label, tuple) else (label,)
    names = getattr(label, "_fields", names)
    if len(entries) != len(names):
        raise ValueError(f"label {label!r}: has to have one entry for each of {', '.join(names)}")
    return dict(zip(names, entries, strict=True))


def _or_nan(value: Any) -> Any:
    return np.nan if value is None else value


@cache
def _notebook_client() -> Client:
    """One cluster for all `run_trials` calls of a kernel, closed when it ends."""
    context = open_cluster()
    client = context.__enter__()
    atexit.register(context.__exit__, None, None, None)
    return client

"""One trial on a worker, timed, and only with the code that its key stands for."""

from __future__ import annotations

import logging
import os
import time
import traceback
import warnings
from typing import Any

import modclock.study.forking.memory  # noqa: F401  # for all that train, on whatever worker
from modclock.study.errors import TrialError
from modclock.study.trials.base import BaseTrial
from modclock.study.trials.environment import Surroundings, here, unlike
from modclock.study.trials.keys import trial_key

# What it says of trials that end with their run, and of a scheduler that ends before it.
logging.getLogger("distributed.worker").setLevel(logging.CRITICAL)


def timed_run(
    trial: BaseTrial, key: str, surroundings: Surroundings
) -> tuple[dict[str, Any] | Exception, float]:
    """The trial's metrics, or its error as a value: Dask would log a raised one at length.

    Parameters
    ----------
    trial : what to run.
    key : its key where it was asked for.
    surroundings : what that key was made with.

    Returns
    -------
    The metrics or the error, and the core-seconds that it took.
    """
    # Core-seconds: by the clock, whatever else the machine does would count as the trial's.
    start = time.process_time()
    try:
        _check(trial, key, surroundings)
        with warnings.catch_warnings():
            # A task with an answer for every few pairs is what is studied, and no slip.
            warnings.filterwarnings("ignore", "The number of unique classes is greater")
            outcome: dict[str, Any] | Exception = trial.run()
        _check(trial, key, surroundings)  # what was imported meanwhile may have been edited
    except Exception as error:  # whatever a trial raises must not cost the others
        outcome = error if str(error) else TrialError(_place_of(error))
    return outcome, time.process_time() - start


def _place_of(error: Exception) -> str:
    """What an error without words is, and where it was raised."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    platform = os.environ.get("JAX_PLATFORMS", "cpu")
    hint = "" if platform == "cpu" else f"; JAX_PLATFORMS is {platform}"
    return f"{type(error).__name__} in {last.name}, {last.filename}, line {last.lineno}{hint}"


def _check(trial: BaseTrial, key: str, surroundings: Surroundings) -> None:
    """Refuse to compute under a key that stands for something else."""
    if difference := unlike(surroundings, here()):
        raise TrialError(f"this worker is of another kind: {difference}")
    if trial_key(trial, here()) != key:
        raise TrialError("this worker has another modclock, or other packages")

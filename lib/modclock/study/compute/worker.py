"""What a worker does: one trial, timed, and only with the code that its key stands for."""

from __future__ import annotations

import time
import warnings
from typing import Any

import modclock.study.forking.memory  # noqa: F401  # for all that train, on whatever worker
from modclock.study.errors import TrialError
from modclock.study.trials.base import BaseTrial
from modclock.study.trials.environment import Surroundings, here, unlike
from modclock.study.trials.keys import trial_key


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
        outcome = error
    return outcome, time.process_time() - start


def _check(trial: BaseTrial, key: str, surroundings: Surroundings) -> None:
    """Refuse to compute under a key that stands for something else."""
    if difference := unlike(surroundings, here()):
        raise TrialError(f"this worker is of another kind: {difference}")
    if trial_key(trial, here()) != key:
        raise TrialError("this worker has another modclock, or other packages")

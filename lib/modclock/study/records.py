"""RunRecord: what a run writes down of each notebook that it executes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from modclock.study.errors import input_errors
from modclock.study.files import read_json


class RunRecord(BaseModel):
    """How an executed notebook was made; in its metadata, and in `provenance.json`.

    Attributes
    ----------
    title : of the notebook.
    parameters, settings : all parameter values, and those that were set by hand.
    error : what ended it early; None if nothing did.
    fingerprint : digest of all that decides what it shows.
    trials : keys of the trials that it asked for; in the notebook alone.
    trials_computed, trials_stored : how many of them this run computed, and found in the store.
    trial_seconds : core-seconds of each by the start of its key.
    seconds, started, finished : of the notebook.
    commit, uncommitted_changes : of the study's repository.
    python, packages, platform, cpu, environment : what it was made with; the last are settings of
        numeric libraries.
    trials_on : surroundings of its trials, if they ran on machines of another kind.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    parameters: dict[str, Any]
    settings: dict[str, Any]
    error: str | None
    fingerprint: str
    trials: list[str] = []
    trials_computed: int
    trials_stored: int
    trial_seconds: dict[str, float]
    seconds: float
    started: str
    finished: str
    commit: str
    uncommitted_changes: bool
    python: str
    packages: dict[str, str]
    platform: str
    cpu: str
    environment: dict[str, str] = {}
    trials_on: dict[str, str] | None = None

    def made_with(self) -> tuple[Any, ...]:
        """What decides how numbers are rounded."""
        return (self.cpu, self.python, self.packages, self.environment, self.trials_on)


def read_records(path: Path) -> dict[str, RunRecord]:
    """The records in a `provenance.json`, by the name of the notebook.

    Raises
    ------
    InputError : if there is no such file, or it holds anything else.
    """
    with input_errors(str(path)):
        return TypeAdapter(dict[str, RunRecord]).validate_python(read_json(path))

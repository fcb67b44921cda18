"""PlannedNotebook: a notebook with the parameters of one run; whether it has to be executed again.

That is decided without importing what trials are made of, and no trial is planned for it: what
decides the trials of a notebook decides its fingerprint, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from modclock.study.compute.store import TrialStore
from modclock.study.errors import InputError
from modclock.study.files import read_notebook
from modclock.study.project import profile_of, run_folder, store_path
from modclock.study.records import RunRecord
from modclock.study.running.notebooks import Planned, StudyNotebook, find_notebooks
from modclock.study.running.parameters import check_settings
from modclock.study.trials.environment import Surroundings, here, of_trials
from modclock.study.trials.keys import digest, trial_key

if TYPE_CHECKING:
    from modclock.study.trials.base import BaseTrial

_SHORT_KEY = 12  # digits of a key that tell the trials of a study apart


@dataclass
class PlannedNotebook:
    """A notebook, its parameters in a profile, those set by hand, and the folder of the run."""

    notebook: StudyNotebook
    profile: str
    parameters: dict[str, Any]
    settings: dict[str, Any]
    folder: Path

    @cached_property
    def first(self) -> dict[str, BaseTrial]:
        """The trials that are to be trained before the notebook runs, by key.

        Raises
        ------
        InputError : if a trial refuses the parameters.
        """
        return {trial_key(trial): trial for trial in self._planned.plan}

    @cached_property
    def trials(self) -> dict[str, BaseTrial]:
        """All trials that the notebook will ask for, by key; planned when first asked for.

        Raises
        ------
        InputError : if a trial refuses the parameters.
        """
        return self.first | {trial_key(trial): trial for trial in self._planned.later}

    @cached_property
    def missing(self) -> set[str]:
        """Keys of the trials that were not in the store when first asked."""
        return self.trials.keys() - TrialStore(store_path()).seconds(self.trials).keys()

    @property
    def executed_path(self) -> Path:
        """Where the executed notebook lands."""
        return self.folder / "notebooks" / self.notebook.path.name

    @property
    def fingerprint(self) -> str:
        """Digest of all that decides what the executed notebook shows.

        Files count as they were when first asked for: what changes while the notebook runs makes
        it run again. Where its trials run is known once a cluster has been asked.
        """
        return self.fingerprint_at(of_trials())

    def fingerprint_at(self, surroundings: Surroundings) -> str:
        """The fingerprint if its trials run in other surroundings."""
        return digest({"files": self._of_files, "surroundings": surroundings})

    @cached_property
    def _planned(self) -> Planned:
        source = self.notebook.source(self.profile)
        if self.settings:
            source += f" with --set {', '.join(self.settings)}"
        try:
            return self.notebook.plan(self.parameters, source)
        except InputError as error:
            raise InputError(f"{error}{self.hint()}") from error

    def hint(self) -> str:
        """What may be behind an error of the notebook: parameters that were left without a value.

        Some can do without, so it is no mistake by itself.
        """
        usual = self.notebook.defaults()
        empty = [name for name, value in self.parameters.items() if value in ([], {})]
        names = ", ".join(name for name in empty if usual[name])
        return f"; perhaps because nothing is in {names}" if names else ""

    @cached_property
    def _of_files(self) -> str:
        return self.notebook.fingerprint(self.parameters)

    def is_unchanged(self) -> bool:
        """Whether the executed notebook was made from just these inputs, without an error."""
        return self._made(self._last_record())

    def is_up_to_date(self) -> bool:
        """Whether the notebook is unchanged, and its trials are still in the store."""
        record = self._last_record()
        return record is not None and self._made(record) and _are_stored(record.trials)

    def trial_seconds(self) -> dict[str, float]:
        """Core-seconds of its finished trials by the start of their keys, in the order of a run."""
        seconds = TrialStore(store_path()).seconds(self.trials)
        return {key[:_SHORT_KEY]: round(seconds[key], 3) for key in self.trials if key in seconds}

    def last_seconds(self) -> float | None:
        """Core-seconds of its last execution and of its trials; None if it never ran."""
        record = self._last_record()
        return record.seconds + sum(self.trial_seconds().values()) if record else None

    def _made(self, record: RunRecord | None) -> bool:
        if record is None or record.error is not None:
            return False
        return record.fingerprint == self.fingerprint

    def _last_record(self) -> RunRecord | None:
        """What the last execution wrote down; None if there is none, or none that can be read."""
        return _record_in(self.executed_path)


def plan_notebooks(
    names: Sequence[str], profile: str, settings: Mapping[str, Any]
) -> list[PlannedNotebook]:
    """Read and check the parameters of notebooks; their trials are not planned yet.

    Parameters
    ----------
    names : notebooks (NN_name or NN); all when empty.
    profile : smoke, quick or full.
    settings : parameter values that replace those of the params files, in every chosen
        notebook that has the parameter.

    Raises
    ------
    InputError : for an unknown notebook or parameter, or a value of a wrong type.
    """
    notebooks = find_notebooks(names)
    check_settings(settings, (name for book in notebooks for name in book.parameter_names()))
    folder = run_folder(profile, settings)
    planned = []
    for book in notebooks:
        own = {name: value for name, value in settings.items() if name in book.parameter_names()}
        parameters = book.parameters(profile, own)
        if settings and "profile" in parameters.keys() - own.keys():
            parameters["profile"] = folder.name  # whose files a notebook writes itself
        planned.append(PlannedNotebook(book, profile, parameters, own, folder))
    return planned


def outdated_notebooks(folder: Path, made: Sequence[PlannedNotebook] = ()) -> list[str]:
    """Names of the executed notebooks that were made before the study changed.

    Code, parameters, packages or machine may have changed. Settings that were made by hand are no
    change.

    Parameters
    ----------
    folder : of a run, see `run_folder`.
    made : notebooks that are known to be as the study has them now.
    """
    known = {book.notebook.name for book in made}
    return [
        book.name
        for book in find_notebooks()
        if book.name not in known and _is_outdated(book, folder)
    ]


def _is_outdated(book: StudyNotebook, folder: Path) -> bool:
    record = _record_in(folder / "notebooks" / book.path.name)
    if record is None:
        return False
    try:
        (planned,) = plan_notebooks([book.name], profile_of(folder), record.settings)
        places = (of_trials(), here(), record.trials_on or here())
        return record.fingerprint not in map(planned.fingerprint_at, places)
    except (InputError, ValueError):  # what it was made from is there no more
        return True


def _record_in(path: Path) -> RunRecord | None:
    """What an execution wrote down; None if there is none, or none that can be read."""
    if not path.exists():
        return None
    try:
        return RunRecord.model_validate(read_notebook(path).metadata.get("modclock"))
    except (InputError, ValidationError):
        return None


def plan_trials(planned: Sequence[PlannedNotebook]) -> dict[str, BaseTrial]:
    """All trials that planned notebooks will ask for, by key.

    Raises
    ------
    InputError : if a trial refuses the parameters.
    """
    return {key: trial for book in planned for key, trial in book.trials.items()}


def _are_stored(keys: Sequence[str]) -> bool:
    return len(TrialStore(store_path()).seconds(keys)) == len(keys)

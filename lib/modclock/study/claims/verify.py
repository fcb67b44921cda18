"""Does a run agree with the published one? Exactly on the same kind of machine, else nearly.

Rounding differs between CPU types and package versions, and training makes small differences
large. Two runs that were made alike must agree to the last digit; two that were not, within the
tolerance that `params/claims.yaml` states for every claim.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from modclock.study.claims.criteria import Claim, load_claims
from modclock.study.claims.intervals import Measure
from modclock.study.claims.judgement import read_claims
from modclock.study.errors import InputError
from modclock.study.files import read_text
from modclock.study.project import project_root
from modclock.study.records import RunRecord, read_records

NO_RUN = "no run"


class Difference(NamedTuple):
    """One number of a run that is not what was published.

    Attributes
    ----------
    place : claim and measure, or file and line.
    published, found : what stands there, in words.
    allowed : how far apart they may be.
    """

    place: str
    published: str
    found: str
    allowed: str


def reference_folder(profile: str) -> Path:
    """Where the published run of a profile is; the full one is what the README shows."""
    folder = project_root() / "outputs" / "reference"
    return folder if profile == "full" else folder / profile


def made_alike(run: Path, reference: Path, notebooks: Collection[str]) -> bool:
    """Whether both were made on one CPU type with the same package versions.

    Parameters
    ----------
    run, reference : folders with a `provenance.json`.
    notebooks : names of the notebooks that count.
    """
    made = [
        record.made_with()
        for folder in (run, reference)
        for name, record in _records(folder).items()
        if name in notebooks
    ]
    return bool(made) and all(one == made[0] for one in made)


def differences(
    run: Path, reference: Path, notebooks: Collection[str], *, exact: bool
) -> list[Difference]:
    """What in a run does not agree with the published one.

    Parameters
    ----------
    run, reference : folders with `claims.json`, `provenance.json` and `data/`.
    notebooks : names of the notebooks to compare.
    exact : whether claims and rows must be equal; else the means of all measures must lie
        within the tolerance of their claim.

    Raises
    ------
    InputError : if there is nothing to compare in one of the folders.
    """
    recorded, found = (_records(folder) for folder in (reference, run))
    theirs, ours = _measures(reference), _measures(run)
    stated = {} if exact else load_claims()
    unlike: list[Difference] = []
    for name in notebooks:
        incomparable = _of_notebook(name, recorded.get(name), found.get(name))
        unlike += incomparable or _of_claims(theirs.get(name, {}), ours.get(name, {}), stated)
        if exact and not incomparable:
            unlike += _of_rows(run, reference, name)
    return unlike


def _records(folder: Path) -> dict[str, RunRecord]:
    if not (folder / "provenance.json").exists():
        raise InputError(f"{folder}: nothing to compare; run `modclock run` first")
    return read_records(folder / "provenance.json")


def published(reference: Path) -> set[str]:
    """The names of the notebooks of a published run.

    Raises
    ------
    InputError : if none was published.
    """
    return set(_records(reference))


def _of_notebook(name: str, theirs: RunRecord | None, ours: RunRecord | None) -> list[Difference]:
    """Why two runs of a notebook can't be compared at all: the parameters that differ."""
    if theirs is None or ours is None:
        was, is_now = (NO_RUN if record is None else "a run" for record in (theirs, ours))
        return [Difference(name, was, is_now, "a run of both")]
    before, after = theirs.parameters, ours.parameters
    return [
        Difference(
            f"{name}: {one}", str(before.get(one, "none")), str(after.get(one, "none")), "equal"
        )
        for one in sorted(before.keys() | after.keys())
        if before.get(one) != after.get(one)
    ]


def _measures(folder: Path) -> dict[str, dict[str, Measure]]:
    """The measures of a run, by "claim measure", for each notebook."""
    found: dict[str, dict[str, Measure]] = {}
    for claim in read_claims(folder / "claims.json"):
        of_notebook = found.setdefault(claim.notebook, {})
        for name, item in claim.measured.items():
            of_notebook[f"{claim.id} {name}"] = item
    return found


def _of_claims(
    published: Mapping[str, Measure], found: Mapping[str, Measure], stated: Mapping[str, Claim]
) -> Iterator[Difference]:
    """Measures that are not equal, or where claims state tolerances, not within them."""
    for place in sorted(published.keys() | found.keys()):
        theirs, ours = published.get(place), found.get(place)
        claim, name = place.split()
        if theirs is None or ours is None or claim not in stated:
            if repr(ours) != repr(theirs):  # as text, in which nan is nan
                yield Difference(place, _digits(theirs), _digits(ours), "equal")
            continue
        if name in stated[claim].unsteady:
            continue
        allowed = stated[claim].tolerances.get(name, stated[claim].tolerance)
        if theirs.unit == "number":
            allowed *= max(1.0, abs(theirs.mean))
        if abs(theirs.mean - ours.mean) > allowed:
            yield Difference(place, str(theirs), str(ours), f"within {allowed:.2g}")


def uncompared(notebooks: Collection[str], run: Path) -> list[str]:
    """Measures of a run that are too unsteady to be compared between kinds of machines.

    Parameters
    ----------
    notebooks : names of the notebooks to compare.
    run : folder with a `claims.json`.
    """
    stated = load_claims()
    return [
        f"{claim.id} {name}"
        for claim in read_claims(run / "claims.json")
        if claim.notebook in notebooks
        if claim.id in stated
        for name in stated[claim.id].unsteady
    ]


def _of_rows(run: Path, reference: Path, name: str) -> Iterator[Difference]:
    """The first value of a notebook's CSV that is another one."""
    published, found = (
        read_text(folder / "data" / f"{name}.csv").splitlines() for folder in (reference, run)
    )
    for number, (theirs, ours) in enumerate(zip_longest(published, found, fillvalue=""), 1):
        for was, is_now in zip_longest(*csv.reader([theirs, ours]), fillvalue=""):
            if was != is_now:
                yield Difference(f"data/{name}.csv, line {number}", was, is_now, "equal")
                return


def _digits(item: Measure | None) -> str:
    return "not measured" if item is None else f"{item.mean!r} [{item.ci_low!r}, {item.ci_high!r}]"

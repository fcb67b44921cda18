"""Encoders of the reader's own: found, checked, and how they did kept beside the trials."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from modclock.study.compute.store import TrialStore
from modclock.study.project import store_path
from modclock.study.records import read_records
from modclock.study.trials.environment import of_trials
from modclock.study.trials.import_path import build_encoder, own_sources
from modclock.study.trials.keys import digest
from modclock.study.trials.own_codes import codes_in_words, ready_to_compare

_KIND = "OwnEncoder"
# What two scores must share to stand in one table.
_ALIKE = ("p", "n_bits", "k", "width_factor", "max_iter")


class OwnEncoder(NamedTuple):
    """An encoder of the reader's own.

    Attributes
    ----------
    path : module:Class.
    parameters : its keyword arguments.
    name : of the class.
    codes : whether its codes are bits or values, in words.
    """

    path: str
    parameters: dict[str, Any]
    name: str
    codes: str

    @property
    def label(self) -> str:
        """The class with its arguments."""
        arguments = ", ".join(f"{name}={value}" for name, value in self.parameters.items())
        return f"{self.name}({arguments})" if arguments else self.name


def own_encoder(text: str, parameters: Mapping[str, Any], p: int) -> OwnEncoder:
    """Find and check an encoder.

    Parameters
    ----------
    text : module:Class or path/to/module.py:Class.
    parameters : its keyword arguments.
    p : modulus.

    Raises
    ------
    ValueError : if it is not there, or can't be compared.
    """
    path = import_path(text)
    encoder = ready_to_compare(build_encoder(path, parameters), p)
    return OwnEncoder(path, dict(parameters), type(encoder).__name__, codes_in_words(encoder, p))


def import_path(text: str) -> str:
    """The import path of a class that is given by that, or by the file that it is in.

    Raises
    ------
    ValueError : if there is no such file below the working directory, or no such module.

    Examples
    --------
    >>> import_path("modclock.encoders:CycleEncoder")
    'modclock.encoders:CycleEncoder'
    """
    place, colon, name = text.rpartition(":")
    if not (place and colon and name):
        raise ValueError(f"encoder: takes module:Class or module.py:Class, got {text!r}")
    folder = Path.cwd().resolve()
    if place.endswith(".py"):
        file = (folder / place).resolve()
        if not file.is_file():
            raise ValueError(f"encoder: there is no file {place}; searched: {folder}")
        parts = file.with_suffix("").parts[len(folder.parts) :]
        inside = file.is_relative_to(folder)
        if not (inside and all(part.isidentifier() for part in parts)):
            raise ValueError(
                f"encoder: {file} can't be imported from {folder}: change to its folder, and name "
                "it with letters, digits and underscores"
            )
        place = ".".join(parts)
        if found := _found_before(parts[0], folder):
            raise ValueError(f"encoder: {place} is the name of another module, {found}: rename it")
    top = place.partition(".")[0]
    if not (find_spec(top) or (folder / top).is_dir() or (folder / f"{top}.py").is_file()):
        raise ValueError(
            f"encoder: there is no module {top}; searched: {folder}, and what is installed"
        )
    return f"{place}:{name}"


def _found_before(top: str, folder: Path) -> str:
    """Where Python finds a module of this name outside of a folder; empty if it does not."""
    if top in sys.stdlib_module_names:
        return "of Python itself"
    spec = PathFinder.find_spec(top)  # whatever was imported under this name before
    if spec is None:
        return ""
    places = [spec.origin, *(spec.submodule_search_locations or [])]
    ours = (Path(place).resolve().is_relative_to(folder) for place in places if place)
    return "" if any(ours) else str(spec.origin or places[-1])


def remember(own: OwnEncoder, folder: Path, notebook: str) -> pd.DataFrame:
    """Keep how an encoder did in the store, and return all rows of the run.

    Parameters
    ----------
    own : the encoder.
    folder : of the run that compared it.
    notebook : name of the notebook that did.
    """
    record = read_records(folder / "provenance.json")[notebook]
    # A class may be called NA.
    rows = pd.read_csv(folder / "data" / f"{notebook}.csv", keep_default_na=False, na_values=[""])
    spec = {
        "kind": _KIND,
        "label": own.label,
        "made_from": digest({"sources": own_sources(own.path), "surroundings": of_trials()}),
        "parameters": record.parameters,
    }
    found = json.loads(rows[rows.encoder == own.name].to_json(orient="records"))
    TrialStore(store_path()).put(digest(spec), spec, {"rows": found}, record.seconds)
    return rows


def remembered(parameters: Mapping[str, Any]) -> pd.DataFrame:
    """How encoders did, the oldest first, that were compared as with these parameters.

    Parameters
    ----------
    parameters : of notebook 24.

    Returns
    -------
    DataFrame, one row a composition and seed: label, finished (when, UTC), and the columns of
    `score_encoder`.
    """
    query = (
        "SELECT key, spec, metrics, finished FROM trials "
        "WHERE json_extract(spec, '$.kind') = ? ORDER BY finished, rowid"
    )
    with closing(sqlite3.connect(store_path())) as connection:
        kept = connection.execute(query, [_KIND]).fetchall()
    frames = [
        pd.DataFrame(json.loads(metrics)["rows"]).assign(
            key=key, label=json.loads(spec)["label"], finished=finished
        )
        for key, spec, metrics, finished in kept
        if all(json.loads(spec)["parameters"].get(n) == parameters.get(n) for n in _ALIKE)
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

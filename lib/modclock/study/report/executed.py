"""ExecutedNotebook: a notebook that a run has executed, and what it holds."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from pydantic import TypeAdapter

from modclock.study.claims.judgement import CLAIM_MIME, JudgedClaim
from modclock.study.errors import InputError, input_errors
from modclock.study.files import read_notebook
from modclock.study.project import notebook_files, notebooks_in
from modclock.study.records import RunRecord


@dataclass(frozen=True)
class ExecutedNotebook:
    """A notebook that a run has executed, with the record the run left in it.

    It is outdated if the study has changed since then: its code, its parameters, its packages or
    its machine.
    """

    path: Path
    content: NotebookNode
    outdated: bool = False

    @property
    def name(self) -> str:
        """NN_name, as in every file that belongs to it."""
        return self.path.stem

    @property
    def record(self) -> RunRecord:
        """What the run wrote down: parameters, times, versions, error."""
        with input_errors(str(self.path)):
            if "modclock" not in self.content.metadata:
                raise ValueError("not executed by `modclock run`: it holds no record of a run")
            return RunRecord.model_validate(self.content.metadata["modclock"])

    def outputs(self, mime: str) -> Iterator[Any]:
        """All outputs of one MIME type, in order."""
        for cell in self.content.cells:
            for output in cell.get("outputs", []):
                if mime in output.get("data", {}):
                    yield output["data"][mime]

    def claims(self) -> list[JudgedClaim]:
        """The claims judged in this notebook."""
        with input_errors(str(self.path)):
            made = [
                claim | {"notebook": self.name} if isinstance(claim, dict) else claim
                for claim in self.outputs(CLAIM_MIME)
            ]
            return TypeAdapter(list[JudgedClaim]).validate_python(made)


def changed_in(books: Iterable[ExecutedNotebook]) -> str:
    """The parameters that were set by hand for some notebooks, in words; empty if none was.

    Examples
    --------
    >>> changed_in([])
    ''
    """
    settings = {name: value for book in books for name, value in book.record.settings.items()}
    return ", ".join(f"{name} = {value}" for name, value in sorted(settings.items()))


def executed_notebooks(folder: Path, outdated: Collection[str] = ()) -> list[ExecutedNotebook]:
    """The executed notebooks of a profile, in order; one that can't be read is named and left out.

    Parameters
    ----------
    folder : outputs/<profile>, with executed notebooks in its `notebooks/`.
    outdated : names of those that are.

    Raises
    ------
    InputError : if there is none.
    """
    books = []
    known = {path.stem for path in notebook_files()}
    for path in notebooks_in(folder / "notebooks"):
        try:
            book = ExecutedNotebook(path, read_notebook(path), path.stem in outdated)
            _ = book.record, book.claims()
            if book.name not in known:
                raise InputError(f"{path}: the study has no notebook of this name any more")
        except InputError as error:
            print(f"left out of the report: {error}", file=sys.stderr)
        else:
            books.append(book)
    if not books:
        raise InputError(f"{folder}: no executed notebooks; run `modclock run` first")
    return books

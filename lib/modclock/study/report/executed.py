"""ExecutedNotebook: a notebook that a run has executed, and what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from modclock.study.claims.judgement import CLAIM_MIME, JudgedClaim
from modclock.study.errors import InputError, input_errors
from modclock.study.records import RunRecord


@dataclass(frozen=True)
class ExecutedNotebook:
    """A notebook that a run has executed, with the record the run left in it."""

    path: Path
    content: nbformat.NotebookNode

    @property
    def name(self) -> str:
        """NN_name, as in every file that belongs to it."""
        return self.path.stem

    @property
    def record(self) -> RunRecord:
        """What the run wrote down: parameters, times, versions, error."""
        with input_errors(str(self.path)):
            return RunRecord.model_validate(self.content.metadata["modclock"])

    def outputs(self, mime: str) -> Iterator[Any]:
        """All outputs of one MIME type, in order."""
        for cell in self.content.cells:
            for output in cell.get("outputs", []):
                if mime in output.get("data", {}):
                    yield output["data"][mime]

    def claims(self) -> list[JudgedClaim]:
        """The claims judged in this notebook."""
        return [JudgedClaim(**claim, notebook=self.name) for claim in self.outputs(CLAIM_MIME)]


def executed_notebooks(folder: Path) -> list[ExecutedNotebook]:
    """The executed notebooks of a profile, in order.

    Parameters
    ----------
    folder : outputs/<profile>, with executed notebooks in its `notebooks/`.

    Raises
    ------
    InputError : if there is none.
    """
    paths = sorted((folder / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    if not paths:
        raise InputError(f"{folder}: no executed notebooks; run `modclock run` first")
    return [ExecutedNotebook(path, nbformat.read(path, as_version=4)) for path in paths]

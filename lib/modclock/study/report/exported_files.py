"""Figures and tables of a run as files that other programs read."""

from __future__ import annotations

import csv
import io
from base64 import b64decode
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from modclock.study.claims.judgement import JudgedClaim
from modclock.study.figures.exported import EXPORT_MIME
from modclock.study.figures.rows import ROWS_MIME
from modclock.study.files import complete_file, write_text
from modclock.study.project import profile_of
from modclock.study.report.executed import executed_notebooks

_COLUMNS = ["claim", "notebook", "verdict", "measure", "mean", "low", "high", "n", "unit"]


def export(folder: Path, names: Collection[str], target: Path) -> list[Path]:
    """Write every figure as SVG and PNG, every table as CSV, and the measures of all claims.

    Parameters
    ----------
    folder : of a run whose notebooks were executed with `EXPORT_VARIABLE` set.
    names : of notebooks.
    target : where the files go: NN_name-1.svg and NN_name-1.png for the first figure of a
        notebook, NN_name.csv for its rows, claims.csv. Those of a run with parameters that were
        set by hand go into a folder below it, named as that of the run. Claims of other notebooks
        stay in claims.csv.

    Returns
    -------
    The files, in the order of the notebooks.
    """
    if profile_of(folder) != folder.name:
        target = target / folder.name
    written = []
    claims: list[JudgedClaim] = []
    for book in executed_notebooks(folder):
        if book.name not in names:
            continue
        for number, files in enumerate(book.outputs(EXPORT_MIME), 1):
            path = target / f"{book.name}-{number}.svg"
            write_text(path, files["svg"])
            with complete_file(path.with_suffix(".png")) as png:
                png.write_bytes(b64decode(files["png"]))
            written += [path, path.with_suffix(".png")]
        for rows in book.outputs(ROWS_MIME):
            write_text(target / f"{book.name}.csv", rows)
            written.append(target / f"{book.name}.csv")
        claims += book.claims()
    path = target / "claims.csv"
    others = [row for row in _rows_in(path) if row["notebook"] not in names]
    rows = sorted([*others, *_rows_of(claims)], key=lambda row: str(row["claim"]))
    write_text(path, _table(rows))
    return [*written, path]


def _rows_in(path: Path) -> list[dict[str, Any]]:
    """What an earlier export has written there; nothing if it is another kind of file."""
    if not path.is_file():
        return []
    rows = csv.DictReader(io.StringIO(path.read_text("utf-8", errors="replace")))
    return list(rows) if rows.fieldnames == _COLUMNS else []


def _rows_of(claims: Iterable[JudgedClaim]) -> list[dict[str, Any]]:
    """One row a measure."""
    rows: list[dict[str, Any]] = []
    for claim in claims:
        for name, item in claim.measured.items():
            of_claim = [claim.id, claim.notebook, claim.verdict, name]
            values = [item.mean, item.ci_low, item.ci_high, item.n, item.unit]
            rows.append(dict(zip(_COLUMNS, [*of_claim, *values], strict=True)))
    return rows


def _table(rows: Iterable[dict[str, Any]]) -> str:
    text = io.StringIO()
    lines = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    lines.writeheader()
    lines.writerows(rows)
    return text.getvalue()

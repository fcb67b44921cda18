"""Figures and tables of a run as files that other programs read."""

from __future__ import annotations

import csv
import io
from base64 import b64decode
from collections.abc import Collection
from pathlib import Path

from modclock.study.claims.judgement import JudgedClaim
from modclock.study.figures.exported import EXPORT_MIME
from modclock.study.figures.rows import ROWS_MIME
from modclock.study.files import complete_file, write_text
from modclock.study.report.executed import executed_notebooks


def export(folder: Path, names: Collection[str], target: Path) -> list[Path]:
    """Write every figure as SVG and PNG, every table as CSV, and the measures of all claims.

    Parameters
    ----------
    folder : of a run whose notebooks were executed with `EXPORT_VARIABLE` set.
    names : of notebooks.
    target : where the files go: NN_name-1.svg and NN_name-1.png for the first figure of a
        notebook, NN_name.csv for its rows, claims.csv.

    Returns
    -------
    The files, in the order of the notebooks.
    """
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
    write_text(target / "claims.csv", _table(claims))
    return [*written, target / "claims.csv"]


def _table(claims: Collection[JudgedClaim]) -> str:
    """One row a measure."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(["claim", "notebook", "verdict", "measure", "mean", "low", "high", "n", "unit"])
    for claim in claims:
        for name, item in claim.measured.items():
            of_claim = [claim.id, claim.notebook, claim.verdict]
            values = [item.mean, item.ci_low, item.ci_high, item.n, item.unit]
            lines.writerow([*of_claim, name, *values])
    return text.getvalue()

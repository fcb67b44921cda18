"""The report of a profile: everything here is made from the executed notebooks."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from modclock.study.claims.judgement import JudgedClaim
from modclock.study.figures.rows import ROWS_MIME
from modclock.study.files import write_json, write_text
from modclock.study.project import profile_of
from modclock.study.report.current import note_current
from modclock.study.report.executed import ExecutedNotebook, executed_notebooks
from modclock.study.report.pages import as_chapter, index_page, notebook_pages, study_page


def write_report(folder: Path, outdated: Collection[str]) -> None:
    """Write claims.json, provenance.json, data/, html/, index.html and study.html of a profile.

    Parameters
    ----------
    folder : of a run, see `run_folder`, with executed notebooks in its `notebooks/`.
    outdated : names of the notebooks that were made before the study changed; they are marked.

    Raises
    ------
    InputError : if there is no executed notebook.
    """
    books = executed_notebooks(folder, outdated)
    claims = judged_claims(books)
    profile = profile_of(folder)
    chapters = [as_chapter(book) for book in books]
    write_json(folder / "claims.json", [claim.model_dump() for claim in claims])
    records = {book.name: book.record.model_dump(exclude={"trials"}) for book in books}
    write_json(folder / "provenance.json", records)
    _remove_others(folder, {book.name for book in books})
    for book in books:
        data = folder / "data" / f"{book.name}.csv"
        data.unlink(missing_ok=True)
        for csv in book.outputs(ROWS_MIME):
            write_text(data, csv)
    for name, page in notebook_pages(chapters):
        write_text(folder / "html" / f"{name}.html", page)
    write_text(folder / "index.html", index_page(profile, books, claims))
    write_text(folder / "study.html", study_page(profile, chapters, claims))
    note_current(folder, outdated)


def _remove_others(folder: Path, names: set[str]) -> None:
    """Pages and rows of notebooks that have left the report, after a renaming, say."""
    for path in [*folder.glob("html/[0-9][0-9]_*.html"), *folder.glob("data/[0-9][0-9]_*.csv")]:
        if path.stem not in names:
            path.unlink()


def judged_claims(books: list[ExecutedNotebook]) -> list[JudgedClaim]:
    """All claims that the notebooks judged, in the order of their ids."""
    return sorted((c for book in books for c in book.claims()), key=lambda claim: claim.id)

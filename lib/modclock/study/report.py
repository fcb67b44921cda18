"""The report of a profile: everything here is made from the executed notebooks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import nbformat
from jinja2 import Environment, PackageLoader
from markupsafe import Markup
from nbconvert import HTMLExporter
from pygments.formatters import HtmlFormatter

from modclock.study.claims import CLAIM_MIME, Verdict
from modclock.study.errors import InputError
from modclock.study.files import write_text
from modclock.study.measures import Measure
from modclock.study.rows import ROWS_MIME

_TEMPLATES = Path(__file__).parent / "templates"


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
    def record(self) -> dict[str, Any]:
        """What the run wrote down: parameters, times, versions, error; see runner.py."""
        return dict(self.content.metadata["modclock"])

    def outputs(self, mime: str) -> Iterator[Any]:
        """All outputs of one MIME type, in order."""
        for cell in self.content.cells:
            for output in cell.get("outputs", []):
                if mime in output.get("data", {}):
                    yield output["data"][mime]

    def claims(self) -> list[dict[str, Any]]:
        """The claims judged in this notebook."""
        return [dict(claim) | {"notebook": self.name} for claim in self.outputs(CLAIM_MIME)]


def write_report(folder: Path) -> None:
    """Write claims.json, provenance.json, data/, html/ and index.html of a profile.

    Parameters
    ----------
    folder : outputs/<profile>, with executed notebooks in its `notebooks/`.

    Raises
    ------
    InputError : if there is no executed notebook.
    """
    paths = sorted((folder / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    if not paths:
        raise InputError(f"{folder}: no executed notebooks; run `modclock run` first")
    books = [ExecutedNotebook(path, nbformat.read(path, as_version=4)) for path in paths]
    claims = sorted((c for book in books for c in book.claims()), key=lambda claim: claim["id"])
    _write_json(folder / "claims.json", claims)
    _write_json(folder / "provenance.json", {book.name: book.record for book in books})
    for book in books:
        data = folder / "data" / f"{book.name}.csv"
        data.unlink(missing_ok=True)
        for csv in book.outputs(ROWS_MIME):
            write_text(data, csv)
        write_text(folder / "html" / f"{book.name}.html", _notebook_page(book))
    write_text(folder / "index.html", _index_page(folder.name, books, claims))


def _write_json(path: Path, content: Any) -> None:
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _notebook_page(book: ExecutedNotebook) -> str:
    exporter = HTMLExporter(template_name="modclock", extra_template_basedirs=[str(_TEMPLATES)])
    body, _ = exporter.from_notebook_node(book.content)
    return _page("notebook.html.j2", record=book.record, content=Markup(body))


def _index_page(profile: str, books: list[ExecutedNotebook], claims: list[dict[str, Any]]) -> str:
    groups = [(v, [c for c in claims if c["verdict"] == v]) for v in get_args(Verdict)]
    return _page(
        "index.html.j2",
        profile=profile,
        groups=[(verdict, members) for verdict, members in groups if members],
        notebooks=[book.record | {"name": book.name} for book in books],
    )


def _page(template: str, **values: Any) -> str:
    environment = Environment(
        loader=PackageLoader("modclock.study"), autoescape=True, trim_blocks=True
    )
    styles = (_TEMPLATES / "style.css").read_text("utf-8") + _highlighting()
    environment.filters["measure"] = lambda item: str(Measure(**item))
    return environment.get_template(template).render(styles=Markup(styles), **values)


def _highlighting() -> str:
    """Colours of highlighted code, for light and dark."""
    light = HtmlFormatter(style="default").get_style_defs(".highlight")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
    plain = ".highlight, .highlight pre { background: var(--panel); }"
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n{plain}"

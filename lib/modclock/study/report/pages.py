"""HTML of the report: every page is one file that loads nothing else."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, get_args

from jinja2 import Environment, PackageLoader
from latex2mathml.converter import convert as to_mathml
from markupsafe import Markup
from nbconvert import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from pygments.formatters import HtmlFormatter

from modclock.study.claims.criteria import Verdict
from modclock.study.claims.judgement import JudgedClaim, read_claims
from modclock.study.claims.summary import summary_html
from modclock.study.claims.verify import reference_folder
from modclock.study.files import read_notebook
from modclock.study.report.executed import ExecutedNotebook

_ONE_AT_A_TIME = Lock()  # notebooks end in several threads, and the exporter keeps state
_TEMPLATES = Path(__file__).parent / "templates"
_HEADING = re.compile(r'<h2 id="([^"]*)">(.*?)<a class="anchor-link"')
# Names, punctuation and spaces, which have the colour of the text anyway: a tenth of a page.
_PLAIN_CODE = re.compile(r'<span class="(?:n|p|w)">([^<]*)</span>')
# `code` is matched first, so that a $ in it stays what it is.
_CODE_OR_MATH = re.compile(r"(```.*?```|`[^`]*`)|\$\$(.+?)\$\$|\$([^$\n]+?)\$", flags=re.DOTALL)


class Chapter(NamedTuple):
    """A notebook as HTML, and its sections as pairs of anchor and title."""

    book: ExecutedNotebook
    body: Markup
    sections: list[tuple[str, str]]


def notebook_page(chapter: Chapter) -> str:
    """The report of one notebook."""
    return _page("notebook.html.j2", chapter=chapter)


def index_page(profile: str, books: list[ExecutedNotebook], claims: list[JudgedClaim]) -> str:
    """The answer in plain language, the scoreboard, and a card for every notebook."""
    return _page(
        "index.html.j2",
        profile=profile,
        summary=Markup(summary_html(claims)),
        groups=_by_verdict(claims),
        published=_published(profile),
        old={book.name for book in books if book.outdated},
        link="html/{notebook}.html#{id}",
        cards=[(book, _first_picture(book)) for book in books],
    )


def study_page(profile: str, chapters: list[Chapter], claims: list[JudgedClaim]) -> str:
    """The scoreboard, and every notebook as a chapter."""
    return _page(
        "study.html.j2",
        profile=profile,
        groups=_by_verdict(claims),
        published=_published(profile),
        old={chapter.book.name for chapter in chapters if chapter.book.outdated},
        link="#{notebook}-{id}",
        chapters=[_with_prefix(chapter) for chapter in chapters],
    )


@cache
def _exporter() -> HTMLExporter:
    exporter = HTMLExporter(template_name="modclock", extra_template_basedirs=[str(_TEMPLATES)])
    exporter.register_filter("highlight_code", Highlight2HTML(parent=exporter))
    exporter.register_filter("without_plain_spans", lambda code: _PLAIN_CODE.sub(r"\1", code))
    return exporter


def as_chapter(book: ExecutedNotebook) -> Chapter:
    """Render a notebook's cells, formulas as MathML; once, as long as its file is the same."""
    body = _body(book.path, book.path.stat().st_mtime_ns)
    sections = [(anchor, unescape(title)) for anchor, title in _HEADING.findall(body)]
    return Chapter(book, Markup(body), sections)


@cache
def _body(path: Path, _written: int) -> str:
    content = read_notebook(path)
    content.metadata.pop("widgets", None)
    for cell in content.cells:
        if cell.cell_type == "markdown":
            cell.source = formulas_as_mathml(cell.source)
    # Not the HTMLExporter's own method: to give alt text to pictures, which all have it here, it
    # parses the page and writes it again, which takes longer than all the rest.
    with _ONE_AT_A_TIME:
        return str(TemplateExporter.from_notebook_node(_exporter(), content)[0])


def formulas_as_mathml(markdown: str) -> str:
    """Replace $...$ and $$...$$ by MathML, which browsers show without a script.

    Examples
    --------
    >>> "<mi>x</mi>" in formulas_as_mathml("for all $x$")
    True
    >>> formulas_as_mathml("costs `$x$`")
    'costs `$x$`'
    """

    def replaced(found: re.Match[str]) -> str:
        code, block, inline = found.groups()
        if code:
            return code
        return str(to_mathml(block or inline, display="block" if block else "inline"))

    return _CODE_OR_MATH.sub(replaced, markdown)


def _with_prefix(plain: Chapter) -> Chapter:
    """The chapter with anchors that no other chapter has."""
    name = plain.book.name
    body = re.sub(r'( id="| href="#)', rf"\g<1>{name}-", str(plain.body))
    sections = [(f"{name}-{anchor}", title) for anchor, title in plain.sections]
    return Chapter(plain.book, Markup(body), sections)


def _first_picture(book: ExecutedNotebook) -> Markup:
    """The `<img>` of a notebook's first figure, nothing if it has none."""
    made = (html for html in book.outputs("text/html") if str(html).startswith("<img "))
    return Markup(next(made, ""))


def _by_verdict(claims: list[JudgedClaim]) -> list[tuple[str, list[JudgedClaim]]]:
    groups = [(v, [claim for claim in claims if claim.verdict == v]) for v in get_args(Verdict)]
    return [(verdict, members) for verdict, members in groups if members]


def _published(profile: str) -> dict[str, str]:
    """The published verdicts of the full profile, to stand beside those of another."""
    path = reference_folder("full") / "claims.json"
    if profile == "full" or not path.exists():
        return {}
    return {claim.id: claim.verdict for claim in read_claims(path)}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("modclock.study.report"), autoescape=True, trim_blocks=True
    )
    environment.globals["styles"] = Markup(
        (_TEMPLATES / "style.css").read_text("utf-8") + _highlighting()
    )
    environment.globals["script"] = Markup((_TEMPLATES / "script.js").read_text("utf-8"))
    return environment


def _page(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)


def _highlighting() -> str:
    """Colours of highlighted code, for light and dark."""
    light = HtmlFormatter(style="default").get_style_defs(".highlight")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
    plain = ".highlight, .highlight pre { background: var(--panel); }"
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n{plain}"

"""HTML of the report: every page is one file that loads nothing else."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from html import unescape
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader
from latex2mathml.converter import convert as to_mathml
from markupsafe import Markup
from nbconvert import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from pygments.formatters import HtmlFormatter

from modclock.study.claims.judgement import JudgedClaim, Judgement, read_claims
from modclock.study.claims.verify import reference_folder
from modclock.study.files import read_notebook
from modclock.study.project import profile_of
from modclock.study.report.answer import answer, hero_figure
from modclock.study.report.captions import captioned
from modclock.study.report.executed import ExecutedNotebook, changed_in
from modclock.study.report.glossary import anchor, entries
from modclock.study.report.lighter import COLOURED, lighter_code, lighter_tables, with_marked_rows
from modclock.study.report.links import THREAD, glossed, source, with_links
from modclock.study.report.shown_claims import as_shown, by_verdict

_ONE_AT_A_TIME = Lock()  # notebooks end in several threads, and the exporter keeps state
_LAB = "lab"  # tag of cells about what a page can't do without a kernel
_TEMPLATES = Path(__file__).parent / "templates"
_HEADING = re.compile(r'<h2 id="([^"]*)">(.*?)<a class="anchor-link"')
# `code` is matched first, so that a $ in it stays what it is.
_CODE_OR_MATH = re.compile(r"(```.*?```|`[^`]*`)|\$\$(.+?)\$\$|\$([^$\n]+?)\$", flags=re.DOTALL)


class Chapter(NamedTuple):
    """A notebook as HTML, and its sections as pairs of anchor and title."""

    book: ExecutedNotebook
    body: Markup
    sections: list[tuple[str, str]]

    @property
    def number(self) -> str:
        """The two digits that the notebook's name begins with."""
        return self.book.name[:2]


def notebook_pages(chapters: list[Chapter]) -> Iterator[tuple[str, str]]:
    """The name of each notebook and its page, which leads to the ones before and after it."""
    names = {chapter.book.name for chapter in chapters}
    around = zip([None, *chapters], chapters, [*chapters[1:], None], strict=False)
    for before, chapter, after in around:
        body = with_links(chapter.body, "{name}.html", names)
        page = _page(
            "notebook.html.j2",
            chapter=chapter._replace(body=body),
            before=before,
            after=after,
            changed=changed_in([chapter.book]),
            profile=profile_of(chapter.book.path.parents[1]),
        )
        yield chapter.book.name, page


def index_page(profile: str, books: list[ExecutedNotebook], claims: list[JudgedClaim]) -> str:
    """The answer in plain language, the scoreboard, and a card for every notebook."""
    return _front_page(
        "index.html.j2",
        profile,
        books,
        claims,
        link="html/{notebook}.html#{id}",
        cards=[(book, _first_picture(book)) for book in books],
    )


def study_page(profile: str, chapters: list[Chapter], claims: list[JudgedClaim]) -> str:
    """The one file to mail: answer, scoreboard, and every notebook as a chapter."""
    names = {chapter.book.name for chapter in chapters}
    return _front_page(
        "study.html.j2",
        profile,
        [chapter.book for chapter in chapters],
        claims,
        link="#{notebook}-{id}",
        chapters=[_with_prefix(chapter, names) for chapter in chapters],
    )


def _front_page(
    template: str,
    profile: str,
    books: list[ExecutedNotebook],
    claims: list[JudgedClaim],
    **values: Any,
) -> str:
    """A page that begins with the answer and the scoreboard.

    The answer has the figures of a full run; where this is a smaller one, those that are published.
    It is left out of a run with parameters that somebody tries.
    """
    changed = changed_in(books)
    published = _published(profile)
    answering = claims if profile == "full" else [*published.values()]
    return _page(
        template,
        profile=profile,
        hero=hero_figure(),
        summary=Markup("" if changed else answer(answering)),
        changed=changed,
        words=entries().words,
        groups=by_verdict(claims),
        published=published,
        old={book.name for book in books if book.outdated},
        **values,
    )


@cache
def _exporter() -> HTMLExporter:
    exporter = HTMLExporter(template_name="modclock", extra_template_basedirs=[str(_TEMPLATES)])
    exporter.register_filter("highlight_code", Highlight2HTML(parent=exporter))
    exporter.register_filter("claim_card", claim_card)
    exporter.register_filter("lighter_code", lighter_code)
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
    content.cells = [cell for cell in content.cells if _LAB not in cell.metadata.get("tags", [])]
    for cell in content.cells:
        if cell.cell_type == "markdown":
            cell.source = formulas_as_mathml(cell.source)
    # Not the HTMLExporter's own method: to give alt text to pictures, which all have it here, it
    # parses the page and writes it again, which takes longer than all the rest.
    with _ONE_AT_A_TIME:
        html = str(TemplateExporter.from_notebook_node(_exporter(), content)[0])
    return captioned(with_marked_rows(lighter_tables(html)), path.name[:2])


def claim_card(judged: dict[str, Any]) -> str:
    """A claim in the chapter that judges it, drawn from what the executed notebook holds."""
    return _page("claim.html.j2", shown=as_shown(Judgement.model_validate(judged)))


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
        if block:  # Firefox scrolls no <math>, so a box around it must
            return f'<span class="formula">{to_mathml(block, display="block")}</span>'
        return str(to_mathml(inline))

    return _CODE_OR_MATH.sub(replaced, markdown)


def _with_prefix(plain: Chapter, chapters: Collection[str]) -> Chapter:
    """The chapter with anchors that no other chapter has, and links to the other ones."""
    name = plain.book.name
    body = re.sub(r'( id="| href="#)', rf"\g<1>{name}-", str(plain.body))
    sections = [(f"{name}-{anchor}", title) for anchor, title in plain.sections]
    return Chapter(plain.book, with_links(body, "#{name}", chapters), sections)


def _first_picture(book: ExecutedNotebook) -> Markup:
    """The `<img>` of a notebook's first figure, nothing if it has none."""
    made = (html for html in book.outputs("text/html") if str(html).startswith("<img "))
    return Markup(next(made, ""))


def _published(profile: str) -> dict[str, JudgedClaim]:
    """The published judgements of the full profile, to stand beside those of another."""
    path = reference_folder("full") / "claims.json"
    if profile == "full" or not path.exists():
        return {}
    return {claim.id: claim for claim in read_claims(path)}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("modclock.study.report"), autoescape=True, trim_blocks=True
    )
    environment.filters |= {"glossed": glossed, "source": source}
    environment.globals |= {"thread": THREAD, "anchor": anchor}
    environment.globals["styles"] = Markup(
        (_TEMPLATES / "style.css").read_text("utf-8") + _highlighting()
    )
    environment.globals["script"] = Markup((_TEMPLATES / "script.js").read_text("utf-8"))
    return environment


def _page(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)


def _highlighting() -> str:
    """Colours of highlighted code, for light and dark."""

    def colours(style: str) -> str:
        rules = HtmlFormatter(style=style).get_style_defs(".highlight").splitlines()
        named = tuple(f".highlight .{name} " for name in COLOURED)
        return "\n".join(rule for rule in rules if rule.startswith(named))

    light, dark = colours("default"), colours("github-dark")
    plain = ".highlight, .highlight pre { background: var(--panel); }"
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}\n{plain}"

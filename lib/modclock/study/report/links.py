"""Names become links: of notebooks, of preprints, of the thread, of words in the glossary."""

from __future__ import annotations

import re
from collections.abc import Collection

from markupsafe import Markup, escape

from modclock.study.report.glossary import entries

THREAD = "https://discourse.numenta.org/t/the-grokking-challenge/10688"

_NAME = r"\d\d_[a-z][a-z0-9_]*"
# A tag may hold a picture in an attribute, with tags of its own.
_TAG = r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>"""
_AS_THEY_ARE = rf"(?P<kept><(?P<kind>a|pre|svg|math|h[1-6])\b.*?</(?P=kind)>|{_TAG})"
_TO_NOTEBOOK = re.compile(
    rf'<a href="(?P<linked>{_NAME})\.ipynb">(?P<text>.*?)</a>|<code>(?P<code>{_NAME})</code>'
)
_PREPRINT = re.compile(
    rf"{_AS_THEY_ARE}|(?P<name>arXiv:? ?(?P<id>\d{{4}}\.\d{{4,5}}|[a-z-]+/\d{{7}}))", re.DOTALL
)


def with_links(html: str, to_chapter: str, chapters: Collection[str]) -> Markup:
    """Link notebooks that have a chapter, and preprints on arXiv.

    Parameters
    ----------
    html : a part of a page.
    to_chapter : address of a chapter with `{name}` in it, seen from that page.
    chapters : names of the notebooks that have one; others stay plain text.

    Examples
    --------
    >>> print(with_links("See <code>04_a</code> and <code>05_b</code>.", "{name}.html", ["04_a"]))
    See <a href="04_a.html">04_a</a> and 05_b.
    >>> print(with_links("arXiv 2201.02177", "", ()))
    <a href="https://arxiv.org/abs/2201.02177">arXiv 2201.02177</a>
    """

    def notebook(found: re.Match[str]) -> str:
        name = found["linked"] or found["code"]
        text = found["text"] or name
        return _link(to_chapter.format(name=name), text) if name in chapters else text

    def preprint(found: re.Match[str]) -> str:
        if found["kept"]:
            return found["kept"]
        return _link(f"https://arxiv.org/abs/{found['id']}", found["name"])

    return Markup(_PREPRINT.sub(preprint, _TO_NOTEBOOK.sub(notebook, html)))


def source(text: str) -> Markup:
    """Where a claim was made, with a link to the thread and to preprints.

    Examples
    --------
    >>> source("thread, first page").count("</a>, first page")
    1
    """
    return Markup(
        re.sub(r"\bthread\b", _link(THREAD, "thread"), with_links(escape(text), "", ()), count=1)
    )


def glossed(text: str) -> Markup:
    """Plain text with the first of each word of the glossary as a link to its entry.

    Examples
    --------
    >>> print(glossed("A phase, and a phase"))
    A <a class="word" href="#word-phase">phase</a>, and a phase
    """
    seen: set[str] = set()

    def linked(found: re.Match[str]) -> str:
        anchor = entries().anchors[found[0].lower()]
        if anchor in seen:
            return found[0]
        seen.add(anchor)
        return f'<a class="word" href="#{anchor}">{found[0]}</a>'

    return Markup(entries().pattern.sub(linked, escape(text)))


def _link(address: str, text: str) -> str:
    return f'<a href="{address}">{text}</a>'

"""The answer as the first pages show it: in words, with a drawing for each "why"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from markupsafe import Markup

from modclock.study.claims.judgement import Judgement
from modclock.study.claims.summary import summary_html
from modclock.study.figures.drawings import (
    Drawing,
    hero,
    why_adding_works,
    why_side_by_side_fails,
    why_the_diagonal_fails,
)

# By what the paragraph begins with.
_DRAWN = {
    "Why adding works.": why_adding_works,
    "Why side by side fails.": why_side_by_side_fails,
    "Why a number with itself fails.": why_the_diagonal_fails,
}


def answer(claims: Sequence[Judgement]) -> Markup:
    """The summary, with the drawings behind their paragraphs; empty if nothing was measured."""
    *paragraphs, rest = summary_html(claims).split("</p>")
    return Markup("".join(f"{text}</p>{_drawn_for(text)}" for text in paragraphs) + rest)


def _drawn_for(paragraph: str) -> str:
    begin = paragraph.strip().removeprefix("<p><strong>").partition("</strong>")[0]
    return figure(_DRAWN[begin]()) if begin in _DRAWN else ""


def figure(drawing: Drawing) -> Markup:
    """A drawing with its caption, which screen readers have from the drawing itself."""
    return Markup(
        f'<figure class="drawn">{drawing.svg}<figcaption aria-hidden="true">{drawing.caption}'
        "</figcaption></figure>"
    )


@cache
def hero_figure() -> Markup:
    """What stands above the text of the first pages."""
    return figure(hero())

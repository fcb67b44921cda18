"""A judged claim as the report shows it: what decides on top and in words, the rest folded."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple, get_args

from markupsafe import Markup

from modclock.study.claims.criteria import Bound, Verdict, parse
from modclock.study.claims.intervals import Measure
from modclock.study.claims.judgement import Judgement
from modclock.study.claims.words import Words, load_words
from modclock.study.report.axis import axis

_CONDITION = re.compile(r"\w+ (?:>=|<=) -?\d+(?:\.\d+)?")
_MOST = 3  # measures on top


class ShownMeasure(NamedTuple):
    """A measure in words, as text, and as a mark on an axis."""

    words: str
    value: str
    runs: str
    thread: str
    axis: Markup


class ShownClaim(NamedTuple):
    """A claim with its measures in the order in which they are read.

    Attributes
    ----------
    claim : what was judged.
    in_words : the claim in everyday words.
    deciding : the two or three measures that say most for the verdict.
    others : all the rest.
    criterion : its outcomes and their conditions, in words.
    """

    claim: Judgement
    in_words: str
    deciding: list[ShownMeasure]
    others: list[ShownMeasure]
    criterion: str


def by_verdict(claims: Sequence[Judgement]) -> list[tuple[str, list[ShownClaim]]]:
    """The claims as they are shown, in groups of one verdict."""
    groups = [
        (verdict, [as_shown(claim) for claim in claims if claim.verdict == verdict])
        for verdict in get_args(Verdict)
    ]
    return [(verdict, members) for verdict, members in groups if members]


def as_shown(claim: Judgement) -> ShownClaim:
    """Sort the measures of a claim by what its criterion, as it was judged, looks at."""
    words = load_words().get(claim.id, Words())
    bounds: dict[str, list[Bound]] = {}
    for item in map(parse, _CONDITION.findall(claim.criterion)):
        bounds.setdefault(item.name, []).append(item)
    named = [*words.measures, *bounds]
    looked_at = [name for name in dict.fromkeys(named) if name in bounds.keys() & claim.measured]
    top = looked_at[:_MOST] or list(claim.measured)[:_MOST]
    rest = [*looked_at[_MOST:], *(name for name in claim.measured if name not in looked_at)]

    def shown(name: str) -> ShownMeasure:
        item, stated = claim.measured[name], words.thread.get(name)
        drawn = name in top and item.n > 0
        ends = _nearest({bound.bound for bound in bounds.get(name, [])}, item.mean)
        return ShownMeasure(
            words.of(name),
            str(item),
            _runs(item),
            "" if stated is None else f"{100 * stated:.4g}%",
            axis(item, thread=stated, bounds=ends) if drawn else Markup(""),
        )

    return ShownClaim(
        claim,
        words.in_words,
        [shown(name) for name in top],
        [shown(name) for name in rest if name not in top],
        _CONDITION.sub(lambda found: _in_words(parse(found[0]), claim, words), claim.criterion),
    )


def _nearest(bounds: Collection[float], mean: float) -> list[float]:
    """Of the bounds of a measure those next to its mean, below and above."""
    below = [bound for bound in bounds if bound <= mean]
    above = [bound for bound in bounds if bound > mean]
    return [*([max(below)] if below else []), *([min(above)] if above else [])]


def _in_words(condition: Bound, claim: Judgement, words: Words) -> str:
    name = words.of(condition.name)
    item = claim.measured.get(condition.name)
    return f"{name} is {condition.in_words(item)}" if item else f"{name}: {condition.bound}"


def _runs(item: Measure) -> str:
    """On how many runs a measure rests, and the values of few."""
    if item.n == 0:
        return "exact"
    values = ", ".join(map(item.in_unit, item.values))
    return f"n = {item.n}" + (f": {values}" if item.n > 1 and values else "")

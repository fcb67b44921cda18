"""Judgements: a claim beside what was measured, and the verdict that its criterion gives."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any

from numpy.typing import ArrayLike
from pydantic import BaseModel, ConfigDict, TypeAdapter

from modclock.study.claims.criteria import (
    Bound,
    Claim,
    Verdict,
    describe_criterion,
    fill,
    load_claims,
    named,
    open_condition,
)
from modclock.study.claims.intervals import FEWEST, Measure, measure
from modclock.study.claims.words import Words, load_words
from modclock.study.errors import InputError, input_errors
from modclock.study.files import read_json
from modclock.validation import check_choice

_PLAIN = Words()
CLAIM_MIME = "application/vnd.modclock.claim+json"


class Judgement(BaseModel):
    """A judged claim, shown as a card in the notebook."""

    model_config = ConfigDict(frozen=True)

    id: str
    claim: str
    source: str = ""
    thread_value: str
    network: str = ""
    measured: dict[str, Measure]
    criterion: str
    verdict: Verdict
    conclusion: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        rows = "".join(
            f'<tr><th scope="row">{escape(name.replace("_", " "))}</th>'
            f"<td>{escape(str(item))}</td><td>{escape(_runs(item))}</td></tr>"
            for name, item in self.measured.items()
        )
        network = f"<p>Network: {escape(self.network)}.</p>" if self.network else ""
        html = (
            f'<section class="claim" id="{self.id}" data-verdict="{self.verdict}">'
            f"<p><strong>{self.id}: {self.verdict}.</strong> {escape(self.conclusion)}</p>"
            f"<p>The claim: {escape(self.claim)} ({escape(self.thread_value)}; "
            f"{escape(self.source)}).</p>{network}"
            "<table><thead><tr><th>measure</th><th>mean [95 % interval]</th><th>runs</th></tr>"
            f"</thead><tbody>{rows}</tbody></table>"
            f"<p>Criterion: {escape(self.criterion)}</p></section>"
        )
        plain = f"{self.id}: {self.verdict}. {self.conclusion}"
        return {CLAIM_MIME: self.model_dump(), "text/html": html, "text/plain": plain}


def _runs(item: Measure) -> str:
    """On how many runs a measure rests, and the values of few."""
    if item.n == 0:
        return "exact"
    shown = ", ".join(map(item.in_unit, item.values))
    return f"{item.n}: {shown}" if item.n > 1 and shown else str(item.n)


class JudgedClaim(Judgement):
    """A judgement, and the notebook that it was made in: an entry of `claims.json`."""

    notebook: str


def read_claims(path: Path) -> list[JudgedClaim]:
    """The entries of a `claims.json`.

    Raises
    ------
    InputError : if there is no such file, or it holds anything else.
    """
    with input_errors(str(path)):
        return TypeAdapter(list[JudgedClaim]).validate_python(read_json(path))


def judge(
    claim_id: str,
    measured: Mapping[str, ArrayLike | Measure],
    *,
    network: str = "",
    parameters: Mapping[str, float] | None = None,
) -> Judgement:
    """Judge a claim against its criterion in `params/claims.yaml`.

    Parameters
    ----------
    claim_id : such as "C01".
    measured : for every measure that the claim's conditions name, one value a seed, or a
        Measure.
    network : what was trained, and for how long, in words: a part of the card.
    parameters : those of the notebook that a conclusion names.

    Returns
    -------
    Judgement; shown as a card where it is the last value of a notebook cell.

    Raises
    ------
    InputError : for an unknown claim, a condition on a measure that is not given, or a
        claim of whose outcomes none holds.
    """
    claims = load_claims()
    with input_errors("params/claims.yaml"):
        check_choice("claim", claim_id, claims)
    claim = claims[claim_id]
    measures = {
        name: values if isinstance(values, Measure) else measure(values)
        for name, values in measured.items()
    }
    place = f"params/claims.yaml: {claim_id}"
    words = load_words().get(claim_id, _PLAIN)
    verdict, conclusion = decide(claim, measures, place, parameters or {}, words)
    return Judgement(
        id=claim_id,
        claim=claim.claim,
        source=claim.source,
        thread_value=claim.thread_value,
        network=network,
        measured=measures,
        criterion=describe_criterion(claim),
        verdict=verdict,
        conclusion=conclusion,
    )


def decide(
    claim: Claim,
    measures: Mapping[str, Measure],
    place: str,
    parameters: Mapping[str, float] = MappingProxyType({}),
    words: Words = _PLAIN,
) -> tuple[Verdict, str]:
    """The verdict and what it says; undecided where the runs leave an outcome open.

    Parameters
    ----------
    claim : what is judged.
    measures : by name, see `judge`.
    place : what the claim is called in errors.
    parameters : what conclusions name beside measures.
    words : for the measures.
    """
    left_open: Bound | None = None
    for outcome in claim.outcomes:
        found = open_condition(outcome, measures, place)
        if isinstance(found, Bound):
            left_open = left_open or found
        elif found == "met":
            if left_open is not None:
                break
            return outcome.verdict, fill(outcome.conclusion, measures, parameters, place)
    if left_open is None:
        raise InputError(f"{place}: no outcome holds; the last one takes no conditions")
    return "undecided", " ".join(
        [
            _left_open(left_open, named(left_open.name, measures, place), words),
            fill(claim.in_any_case, measures, parameters, place),
        ]
    ).rstrip()


def _left_open(bound: Bound, item: Measure, words: Words) -> str:
    """What the runs do not tell, in words."""
    runs = "The runs do not tell"
    if 0 < item.n < FEWEST:
        runs = f"Too few runs ({item.n}; it takes {FEWEST}) to tell"
    what = words.of(bound.name)
    return f"{what[0].upper()}{what[1:]}: {item}. {runs} whether this is {bound.in_words(item)}."


def of_width(width_factor: float, epochs: int) -> str:
    """The thread's network, or how it differs, in words for a card.

    Examples
    --------
    >>> of_width(1, 25)
    "the thread's, 25 epochs"
    >>> of_width(0.25, 25)
    "the thread's with layers 0.25 times as wide, 25 epochs"
    """
    narrower = "" if width_factor == 1 else f" with layers {width_factor:g} times as wide"
    return f"the thread's{narrower}, {epochs} epochs"

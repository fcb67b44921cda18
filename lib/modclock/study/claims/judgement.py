"""Judgements: a claim beside what was measured, and the verdict that its criterion gives."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from numpy.typing import ArrayLike
from pydantic import BaseModel, ConfigDict, TypeAdapter

from modclock.study.claims.criteria import Verdict, describe_criterion, fill, holds, load_claims
from modclock.study.claims.intervals import Measure, measure
from modclock.study.errors import InputError, input_errors
from modclock.study.files import read_json
from modclock.validation import check_choice

CLAIM_MIME = "application/vnd.modclock.claim+json"


class Judgement(BaseModel):
    """A judged claim, shown as a card in the notebook."""

    model_config = ConfigDict(frozen=True)

    id: str
    claim: str
    thread_value: str
    measured: dict[str, Measure]
    criterion: str
    verdict: Verdict
    conclusion: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        rows = "".join(
            f'<tr><th scope="row">{escape(name.replace("_", " "))}</th>'
            f"<td>{escape(str(item))}</td><td>{item.n}</td></tr>"
            for name, item in self.measured.items()
        )
        html = (
            f'<section class="claim" id="{self.id}" data-verdict="{self.verdict}">'
            f"<p><strong>{self.id}: {self.verdict}.</strong> {escape(self.conclusion)}</p>"
            f"<p>The thread: {escape(self.claim)} ({escape(self.thread_value)}).</p>"
            "<table><thead><tr><th>measure</th><th>mean [95 % interval]</th><th>n</th></tr>"
            f"</thead><tbody>{rows}</tbody></table>"
            f"<p>Criterion: {escape(self.criterion)}</p></section>"
        )
        plain = f"{self.id}: {self.verdict}. {self.conclusion}"
        return {CLAIM_MIME: self.model_dump(), "text/html": html, "text/plain": plain}


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


def judge(claim_id: str, measured: Mapping[str, ArrayLike | Measure]) -> Judgement:
    """Judge a claim against its criterion in `params/claims.yaml`.

    Parameters
    ----------
    claim_id : such as "C01".
    measured : for every measure that the claim's conditions name, one value a seed, or a
        Measure.

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
    for outcome in claim.outcomes:
        if all(holds(condition, measures, place) for condition in outcome.when):
            return Judgement(
                id=claim_id,
                claim=claim.claim,
                thread_value=claim.thread_value,
                measured=measures,
                criterion=describe_criterion(claim),
                verdict=outcome.verdict,
                conclusion=fill(outcome.conclusion, measures, place),
            )
    raise InputError(f"{place}: no outcome holds; the last one takes no conditions")

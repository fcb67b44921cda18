"""Claims: what the thread states, and the code that judges it.

`params/claims.yaml` holds, for every claim, the possible outcomes in order. An outcome is
a verdict, the conditions under which it holds, and a conclusion; the first outcome whose
conditions all hold is the judgement. A condition compares one statistic of one measure with
a number, for example `test_accuracy.ci_low >= 0.9`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Annotated, Any, Literal

from numpy.typing import ArrayLike
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from modclock.study.errors import InputError, input_errors
from modclock.study.files import read_yaml
from modclock.study.measures import Measure, measure
from modclock.study.project import project_root
from modclock.validation import check_choice

CLAIM_MIME = "application/vnd.modclock.claim+json"
Verdict = Literal["reproduced", "partly", "not reproduced", "answered"]

_COMPARE = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
_CONDITION = re.compile(r"(\w+)\.(mean|ci_low|ci_high) (>=|<=|>|<) (-?\d+(?:\.\d+)?)")


def _check_condition(text: str) -> str:
    if not _CONDITION.fullmatch(text):
        raise ValueError("a condition reads 'measure.mean|ci_low|ci_high >=|<=|>|< number'")
    return text


Condition = Annotated[str, AfterValidator(_check_condition)]


class Outcome(BaseModel):
    """One possible judgement of a claim."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: Verdict
    when: list[Condition] = []
    conclusion: str


class Claim(BaseModel):
    """A claim of the thread as `params/claims.yaml` states it.

    Its tolerance is how far the means of its measures may be from published ones on another
    type of machine: as they are for fractions, in units of the value for numbers above 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    claim: str
    thread_value: str
    tolerance: float = Field(gt=0, le=1)
    outcomes: list[Outcome]


class Judgement(BaseModel):
    """A judged claim: an entry of `claims.json`, and a card in the notebook."""

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
        if all(_holds(condition, measures, place) for condition in outcome.when):
            return Judgement(
                id=claim_id,
                claim=claim.claim,
                thread_value=claim.thread_value,
                measured=measures,
                criterion=describe_criterion(claim),
                verdict=outcome.verdict,
                conclusion=_fill(outcome.conclusion, measures, place),
            )
    raise InputError(f"{place}: no outcome holds; the last one takes no conditions")


def load_claims(path: Path | None = None) -> dict[str, Claim]:
    """Read and validate the claims file, `params/claims.yaml` when no path is given."""
    path = path or project_root() / "params" / "claims.yaml"
    with input_errors(str(path)):
        return TypeAdapter(dict[str, Claim]).validate_python(read_yaml(path))


def describe_criterion(claim: Claim) -> str:
    """The outcomes of a claim as one sentence a verdict."""
    return "; ".join(
        f"{outcome.verdict} if {' and '.join(outcome.when)}" if outcome.when
        else f"else {outcome.verdict}"
        for outcome in claim.outcomes
    )  # fmt: skip


def _holds(condition: str, measures: Mapping[str, Measure], place: str) -> bool:
    match = _CONDITION.fullmatch(condition)
    assert match is not None  # validated when the file was read
    name, statistic, comparison, bound = match.groups()
    return bool(
        _COMPARE[comparison](getattr(_named(name, measures, place), statistic), float(bound))
    )


def _fill(template: str, measures: Mapping[str, Measure], place: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: str(_named(found[1], measures, place)), template)


def _named(name: str, measures: Mapping[str, Measure], place: str) -> Measure:
    with input_errors(place):
        check_choice("measure", name, measures)
    return measures[name]

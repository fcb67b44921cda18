"""Criteria: what the thread states, and when that counts as reproduced.

`params/claims.yaml` holds, for every claim, the possible outcomes in order. An outcome is
a verdict, the conditions under which it holds, and a conclusion; the first outcome whose
conditions all hold is the judgement. A condition compares one statistic of one measure with
a number, for example `test_accuracy.ci_low >= 0.9`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from modclock.study.claims.intervals import Measure
from modclock.study.errors import input_errors
from modclock.study.files import read_yaml
from modclock.study.project import project_root
from modclock.validation import check_choice

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


def holds(condition: str, measures: Mapping[str, Measure], place: str) -> bool:
    """Whether a condition holds of some measures; `place` names the claim in errors."""
    match = _CONDITION.fullmatch(condition)
    assert match is not None  # validated when the file was read
    name, statistic, comparison, bound = match.groups()
    return bool(
        _COMPARE[comparison](getattr(_named(name, measures, place), statistic), float(bound))
    )


def fill(template: str, measures: Mapping[str, Measure], place: str) -> str:
    """A conclusion with its measures filled in."""
    return re.sub(r"\{(\w+)\}", lambda found: str(_named(found[1], measures, place)), template)


def _named(name: str, measures: Mapping[str, Measure], place: str) -> Measure:
    with input_errors(place):
        check_choice("measure", name, measures)
    return measures[name]

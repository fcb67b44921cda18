"""Criteria: what the thread states, and when that counts as reproduced.

`params/claims.yaml` holds, for every claim, the possible outcomes in order. An outcome is a
verdict, the conditions under which it holds, and a conclusion. A condition compares a measure with
a number, for example `test_accuracy >= 0.95`. It is met if the whole 95 % interval of the measure
meets it, and not met if no part of it does. Where the interval lies on both sides, the runs do not
tell.

The first outcome of which all conditions are met is the judgement. If an outcome before it has a
condition that the runs do not tell, and none that is not met, the claim is undecided.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from modclock.study.claims.intervals import Measure, exact
from modclock.study.errors import input_errors
from modclock.study.files import read_yaml
from modclock.study.project import project_root
from modclock.validation import check_choice

Verdict = Literal["reproduced", "partly", "not reproduced", "answered", "undecided"]

_COMPARE = {">=": operator.ge, "<=": operator.le}
_IN_WORDS = {">=": "at least", "<=": "at most"}
_CONDITION = re.compile(r"(\w+) (>=|<=) (-?\d+(?:\.\d+)?)")


class Bound(BaseModel):
    """A condition, taken apart."""

    model_config = ConfigDict(frozen=True)

    name: str
    comparison: Literal[">=", "<="]
    bound: float

    def is_met(self, item: Measure) -> bool | None:
        """Whether a measure meets it; None where its interval lies on both sides, or is missing."""
        if item.ci_low is None or item.ci_high is None:
            return None
        ends = {_COMPARE[self.comparison](end, self.bound) for end in (item.ci_low, item.ci_high)}
        return ends.pop() if len(ends) == 1 else None

    def in_words(self, item: Measure) -> str:
        """What is asked of a measure, for example "at least 95.0%"."""
        return f"{_IN_WORDS[self.comparison]} {exact(self.bound, item.unit)}"


def parse(condition: str) -> Bound:
    """Take a condition apart.

    Raises
    ------
    ValueError : if it is none.

    Examples
    --------
    >>> parse("gain >= 0.1")
    Bound(name='gain', comparison='>=', bound=0.1)
    """
    found = _CONDITION.fullmatch(condition)
    if found is None:
        raise ValueError("a condition reads 'measure >= number' or 'measure <= number'")
    name, comparison, bound = found.groups()
    return Bound.model_validate({"name": name, "comparison": comparison, "bound": bound})


def _check_condition(text: str) -> str:
    parse(text)
    return text


Condition = Annotated[str, AfterValidator(_check_condition)]


class Outcome(BaseModel):
    """One possible judgement of a claim; an open question has an `answer` in a few words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: Verdict
    answer: str = ""
    when: list[Condition] = []
    conclusion: str


class Claim(BaseModel):
    """A claim as `params/claims.yaml` states it.

    Its tolerance is how far the means of its measures may be from published ones on another
    type of machine, as a share of their range: of 1 for fractions, and of the value for numbers
    above 1. `unsteady` measures are so different from machine to machine that none would check
    anything; `verify` names them. What was measured `in_any_case` is said where the runs leave
    the verdict open.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    claim: str
    source: str
    thread_value: str
    tolerance: float = Field(gt=0, le=0.25)
    tolerances: dict[str, Annotated[float, Field(gt=0, le=0.25)]] = {}
    unsteady: list[str] = []
    in_any_case: str = ""
    outcomes: list[Outcome]


def load_claims(path: Path | None = None) -> dict[str, Claim]:
    """Read and validate the claims file, `params/claims.yaml` when no path is given."""
    path = path or project_root() / "params" / "claims.yaml"
    with input_errors(str(path)):
        return TypeAdapter(dict[str, Claim]).validate_python(read_yaml(path))


def describe_criterion(claim: Claim) -> str:
    """The outcomes of a claim as one sentence a verdict."""
    return "; ".join(
        f"{_named(outcome)} if {' and '.join(outcome.when)}" if outcome.when
        else f"else {_named(outcome)}"
        for outcome in claim.outcomes
    )  # fmt: skip


def _named(outcome: Outcome) -> str:
    return f'{outcome.verdict} "{outcome.answer}"' if outcome.answer else outcome.verdict


def open_condition(
    outcome: Outcome, measures: Mapping[str, Measure], place: str
) -> Bound | Literal["met", "not met"]:
    """Whether the conditions of an outcome are met, or the first that the runs do not tell."""
    found = [(item, item.is_met(named(item.name, measures, place)))
             for item in map(parse, outcome.when)]  # fmt: skip
    if any(met is False for _, met in found):
        return "not met"
    return next((item for item, met in found if met is None), "met")


def fill(
    template: str, measures: Mapping[str, Measure], parameters: Mapping[str, float], place: str
) -> str:
    """A conclusion with its measures, and the parameters that it names, filled in."""

    def filled(found: re.Match[str]) -> str:
        name = found[1]
        return f"{parameters[name]:g}" if name in parameters else str(named(name, measures, place))

    return re.sub(r"\{(\w+)\}", filled, template)


def named(name: str, measures: Mapping[str, Measure], place: str) -> Measure:
    """A measure by its name; `place` names the claim in errors."""
    with input_errors(place):
        check_choice("measure", name, measures)
    return measures[name]

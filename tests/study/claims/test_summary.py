"""The plain-language answer says what was measured, and nothing that was not."""

from __future__ import annotations

import re

from modclock.study.claims.criteria import load_claims
from modclock.study.claims.intervals import Measure
from modclock.study.claims.judgement import Judgement
from modclock.study.claims.summary import summary, summary_html
from support import ROOT

STATED = (ROOT / "params" / "summary.md").read_text()
FIGURES = re.findall(r"\{(\w+) (\w+)\}", STATED)


def claims_with(value):
    """Judged claims in which every figure of the summary was measured."""
    item = Measure(mean=value, ci_low=value, ci_high=value, n=3)
    return [
        judgement(claim, {name: item for owner, name in FIGURES if owner == claim})
        for claim in {claim for claim, _ in FIGURES}
    ]


def judgement(claim, measured):
    words = dict.fromkeys(["claim", "thread_value", "criterion", "conclusion"], "")
    return Judgement(id=claim, measured=measured, verdict="answered", **words)


def test_every_figure_is_filled_in_with_what_was_measured():
    text = summary(claims_with(0.123))
    assert text.count("12.3%") == len(FIGURES)
    assert "{" not in text
    assert {claim for claim, _ in FIGURES} <= set(load_claims())


def test_a_paragraph_with_a_figure_that_was_not_measured_is_left_out():
    claims = [claim for claim in claims_with(0.5) if claim.id != "T1"]
    assert len(summary(claims).split("\n\n")) == len(STATED.strip().split("\n\n")) - 1
    assert "side by side fails" not in summary(claims)


def test_nothing_is_said_of_a_run_without_these_claims():
    assert summary([judgement("C27", {})]) == summary_html([]) == ""


def test_html_has_the_paragraphs():
    assert summary_html(claims_with(0.5)).count("<p>") == len(STATED.strip().split("\n\n"))

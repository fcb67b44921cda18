from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import combinations, pairwise, product
from math import prod

import pytest

from modclock.study.claims.criteria import Claim, describe_criterion, load_claims, parse
from modclock.study.claims.intervals import Measure, exact
from modclock.study.claims.judgement import decide, judge
from modclock.study.errors import InputError
from support import ROOT, numbered

FILE = """
C90:
  claim: a test
  source: nowhere
  thread_value: none
  tolerance: 0.05
  in_any_case: "The other is {other}."
  outcomes:
    - {verdict: reproduced, when: [score >= 0.9, other <= 0.5], conclusion: "{score}!"}
    - {verdict: partly, when: [score <= 0.2], conclusion: low}
    - {verdict: not reproduced, conclusion: between}
"""


SURE = {"score": exact(1.0), "other": exact(0.0)}


def interval(low: float, high: float) -> Measure:
    return Measure(mean=(low + high) / 2, ci_low=low, ci_high=high, n=10)


@pytest.fixture
def claims_file(tmp_path, monkeypatch):
    """Judge against a claims file of the test's own."""
    path = tmp_path / "params" / "claims.yaml"
    path.parent.mkdir()
    path.write_text(FILE)
    monkeypatch.setattr("modclock.study.claims.criteria.project_root", lambda: tmp_path)
    return path


@pytest.mark.parametrize(
    ("score", "other", "verdict"),
    [
        ((0.9, 1.0), (0.1, 0.5), "reproduced"),
        ((0.1, 0.2), (0.1, 0.2), "partly"),
        ((0.3, 0.8), (0.1, 0.2), "not reproduced"),
        ((0.95, 1.0), (0.6, 0.7), "not reproduced"),
        ((0.8, 1.0), (0.1, 0.2), "undecided"),  # on both sides of 0.9
        ((0.8, 1.0), (0.6, 0.7), "not reproduced"),  # the other condition is not met
        ((0.95, 1.0), (0.4, 0.7), "undecided"),
        ((0.1, 0.3), (0.1, 0.2), "undecided"),  # on both sides of 0.2
    ],
)
def test_a_verdict_takes_whole_intervals(claims_file, score, other, verdict):
    found = judge("C90", {"score": interval(*score), "other": interval(*other)})
    assert found.verdict == verdict


def test_what_is_undecided_says_why(claims_file):
    found = judge("C90", {"score": interval(0.8, 1.0), "other": interval(0.1, 0.2)})
    assert found.conclusion == (
        "Score: 90.0% [80.0%, 100.0%]. The runs do not tell whether this is at least 90.0%. "
        "The other is 15.0% [10.0%, 20.0%]."
    )
    few = judge("C90", {"score": [0.95, 0.99], "other": exact(0.2)})
    assert few.conclusion == (
        "Score: 97.0%. Too few runs (2; it takes 3) to tell whether this is at least 90.0%. "
        "The other is 20.0%."
    )
    assert few.verdict == "undecided"


def test_a_judgement_has_the_fields_of_the_contract(claims_file):
    judgement = judge("C90", {"score": [1.0, 1.0, 1.0], "other": exact(0.0)}, network="wide")
    assert json.loads(judgement.model_dump_json()) == {
        "id": "C90",
        "claim": "a test",
        "source": "nowhere",
        "thread_value": "none",
        "network": "wide",
        "measured": {
            "score": {
                "mean": 1.0,
                "ci_low": 1.0,
                "ci_high": 1.0,
                "n": 3,
                "unit": "fraction",
                "values": [1.0, 1.0, 1.0],
            },
            "other": {
                "mean": 0.0,
                "ci_low": 0.0,
                "ci_high": 0.0,
                "n": 0,
                "unit": "fraction",
                "values": [],
            },
        },
        "criterion": "reproduced if score >= 0.9 and other <= 0.5; "
        "partly if score <= 0.2; else not reproduced",
        "verdict": "reproduced",
        "conclusion": "100.0%!",
    }


def test_a_card_says_how_wide_and_long_and_how_many_runs(claims_file):
    card = judge("C90", {"score": [0.95, 0.96, 0.97], "other": exact(0.0)}, network="narrow")
    html = card._repr_mimebundle_()["text/html"]
    assert "<p>Network: narrow.</p>" in html
    assert "<td>3: 95.0%, 96.0%, 97.0%</td>" in html
    assert "<td>exact</td>" in html


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("score >= 0.9", "__import__('os').system('true')", "a condition reads"),
        ("score >= 0.9", "score > 0.9", "a condition reads"),
        ("tolerance: 0.05", "tolerance: 0.3", "less than or equal to 0.25"),
        ("verdict: partly", "verdict: maybe", "'reproduced', 'partly'"),
        ("claim: a test", "claims: a test", "unknown field|Field required"),
        ("claim: a test", "claim: [", "not YAML"),
        ("claim: a test", "claim: !!python/object/apply:os.getcwd []", "not YAML"),
        ("C90:\n", "", "C?laim|unknown|valid dictionary"),
    ],
)
def test_a_broken_claims_file_is_told_in_one_line(claims_file, old, new, message):
    claims_file.write_text(FILE.replace(old, new, 1))
    with pytest.raises(InputError, match=message) as caught:
        judge("C90", SURE)
    assert str(claims_file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_unknown_claims_and_measures_are_told_the_nearest(claims_file):
    with pytest.raises(InputError, match="did you mean 'C90'"):
        judge("C09", SURE)
    with pytest.raises(InputError, match="C90: measure: unknown name 'score'"):
        judge("C90", {"scores": exact(1.0)})


def test_a_conclusion_is_filled_with_values_only(claims_file):
    claims_file.write_text(FILE.replace('"{score}!"', '"{score.__class__} {score}"'))
    expected = "{score.__class__} 100.0%"
    assert judge("C90", SURE).conclusion == expected


def test_a_conclusion_names_parameters_of_the_run(claims_file):
    claims_file.write_text(FILE.replace('"{score}!"', '"{score} after {epochs} epochs"'))
    found = judge("C90", SURE, parameters={"epochs": 7})
    assert found.conclusion == "100.0% after 7 epochs"
    assert set(found.measured) == {"score", "other"}


def test_markup_in_a_claim_is_shown_as_text(claims_file):
    claims_file.write_text(FILE.replace("a test", '"<script>alert(1)</script>"'))
    html = judge("C90", SURE)._repr_mimebundle_()["text/html"]
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


# What measures can be, beside fractions: differences, correlations, and what has no upper end.
SIGNED = re.compile(r"gap|gain|drop|leak|_over_|excess")
CORRELATIONS = {"C14", "C15", "C16", "C17", "C28"}
POSITIVE = {"C23", "C24"}
LOSSES = {"restricted_loss", "excluded_loss"}
FEW = 20_000  # combinations of measures that are all tried


def what_it_can_be(claim_id: str, name: str) -> tuple[float, float]:
    if "over_chance" in name or name in LOSSES or name == "key_frequencies":
        return 0.0, 100.0
    if claim_id in POSITIVE and "accuracy" not in name:
        return 0.0, 100.0
    if claim_id in CORRELATIONS or SIGNED.search(name):
        return -1.0, 1.0
    return 0.0, 1.0


def attainable(claim_id: str, claim: Claim) -> Iterator[dict[str, Measure]]:
    """Intervals between, and across, all bounds that a claim has for each of its measures.

    All combinations where these are few. Else those that differ in at most two measures from what
    an outcome asks for, or from the lowest values of all.
    """
    bounds: dict[str, set[float]] = {}
    for item in (parse(text) for outcome in claim.outcomes for text in outcome.when):
        bounds.setdefault(item.name, set()).add(item.bound)
    options: list[list[Measure]] = []
    lowest, highest = {}, {}
    for name, found in bounds.items():
        low, high = what_it_can_be(claim_id, name)
        assert low <= min(found) <= max(found) <= high, (claim_id, name)
        ends = sorted({low, *found, high})
        between = [interval(a + (b - a) / 4, b - (b - a) / 4) for a, b in pairwise(ends)]
        lowest[name], highest[name] = between[0], between[-1]
        options.append(
            between
            + [interval(bound - 1e-9, bound + 1e-9) for bound in found]
            + [exact(bound) for bound in found]
        )
    if prod(map(len, options)) <= FEW:
        for chosen in product(*options):
            yield dict(zip(bounds, chosen, strict=True))
        return
    every = dict(zip(bounds, options, strict=True))
    for outcome in claim.outcomes:
        asked = {item.name: item.comparison for item in map(parse, outcome.when)}
        start = lowest | {name: highest[name] for name, sign in asked.items() if sign == ">="}
        for one, other in combinations(bounds, 2):
            for pair in product(every[one], every[other]):
                yield start | dict(zip((one, other), pair, strict=True))


@pytest.mark.parametrize("claim_id", load_claims())
def test_every_outcome_of_every_claim_can_be_reached(claim_id):
    claim = numbered(load_claims()[claim_id])
    places = [item.conclusion for item in claim.outcomes]
    reached = set()
    for measures in attainable(claim_id, claim):
        verdict, conclusion = decide(claim, measures, claim_id)
        by_an_outcome = conclusion in places
        assert by_an_outcome or verdict == "undecided"
        reached.add(conclusion if by_an_outcome else "undecided")
    assert reached == {"undecided", *places}


@pytest.mark.parametrize("claim", load_claims().values(), ids=load_claims())
def test_every_claim_of_the_study_always_has_an_outcome(claim: Claim):
    assert [outcome.when for outcome in claim.outcomes][-1] == []
    assert describe_criterion(claim)


def test_conclusions_hold_no_measured_numbers_by_hand():
    for claim_id, claim in load_claims().items():
        for said in (claim.in_any_case, *(outcome.conclusion for outcome in claim.outcomes)):
            text = re.sub(r"\{\w+\}", "", said)
            assert not re.search(r"\d+(\.\d+)? ?%", text), (claim_id, text)


def test_the_claims_file_of_the_study_loads_from_any_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert load_claims() == load_claims(ROOT / "params" / "claims.yaml")

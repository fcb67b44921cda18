from __future__ import annotations

import json
import re

import pytest

from modclock.study.claims.criteria import Claim, describe_criterion, load_claims
from modclock.study.claims.judgement import judge
from modclock.study.errors import InputError
from support import ROOT

FILE = """
C90:
  claim: a test
  thread_value: none
  tolerance: 0.05
  outcomes:
    - {verdict: reproduced, when: [score.mean >= 0.9, score.ci_low > 0.5], conclusion: "{score}!"}
    - {verdict: partly, when: [score.ci_high < 0.2], conclusion: low}
    - {verdict: not reproduced, conclusion: between}
"""


@pytest.fixture
def claims_file(tmp_path, monkeypatch):
    """Judge against a claims file of the test's own."""
    path = tmp_path / "params" / "claims.yaml"
    path.parent.mkdir()
    path.write_text(FILE)
    monkeypatch.setattr("modclock.study.claims.criteria.project_root", lambda: tmp_path)
    return path


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ([0.9, 0.95, 1.0], "reproduced"),
        ([0.1, 0.1], "partly"),
        ([0.5, 0.6], "not reproduced"),
        ([0.0, 1.0], "not reproduced"),
    ],
)
def test_the_first_outcome_that_holds_is_the_verdict(claims_file, values, verdict):
    assert judge("C90", {"score": values}).verdict == verdict


def test_a_judgement_has_the_fields_of_the_contract(claims_file):
    judgement = judge("C90", {"score": [1.0, 1.0]})
    assert json.loads(judgement.model_dump_json()) == {
        "id": "C90",
        "claim": "a test",
        "thread_value": "none",
        "measured": {
            "score": {"mean": 1.0, "ci_low": 1.0, "ci_high": 1.0, "n": 2, "unit": "fraction"}
        },
        "criterion": "reproduced if score.mean >= 0.9 and score.ci_low > 0.5; "
        "partly if score.ci_high < 0.2; else not reproduced",
        "verdict": "reproduced",
        "conclusion": "100.0%!",
    }


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("score.mean >= 0.9", "__import__('os').system('true')", "a condition reads"),
        ("score.mean >= 0.9", "score.median >= 0.9", "a condition reads"),
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
        judge("C90", {"score": [1.0]})
    assert str(claims_file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_unknown_claims_and_measures_are_told_the_nearest(claims_file):
    with pytest.raises(InputError, match="did you mean 'C90'"):
        judge("C09", {"score": [1.0]})
    with pytest.raises(InputError, match="C90: measure: unknown name 'score'"):
        judge("C90", {"scores": [1.0]})


def test_a_conclusion_is_filled_with_values_only(claims_file):
    claims_file.write_text(FILE.replace('"{score}!"', '"{score.__class__} {score}"'))
    expected = "{score.__class__} 100.0%"
    assert judge("C90", {"score": [1.0]}).conclusion == expected


def test_markup_in_a_claim_is_shown_as_text(claims_file):
    claims_file.write_text(FILE.replace("a test", '"<script>alert(1)</script>"'))
    html = judge("C90", {"score": [1.0]})._repr_mimebundle_()["text/html"]
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("claim", load_claims().values(), ids=load_claims())
def test_every_claim_of_the_study_always_has_an_outcome(claim: Claim):
    assert [outcome.when for outcome in claim.outcomes][-1] == []
    assert describe_criterion(claim)


def test_conclusions_hold_no_measured_numbers_by_hand():
    for claim_id, claim in load_claims().items():
        for outcome in claim.outcomes:
            text = re.sub(r"\{\w+\}", "", outcome.conclusion)
            assert not re.search(r"\d+(\.\d+)? ?%", text), (claim_id, text)


def test_the_claims_file_of_the_study_loads_from_any_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert load_claims() == load_claims(ROOT / "params" / "claims.yaml")

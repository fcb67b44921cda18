"""Publishing puts what was run in the place of what was published of the same notebooks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modclock.study.claims.judgement import read_claims
from modclock.study.claims.verify import reference_folder
from modclock.study.errors import InputError
from modclock.study.files import write_json, write_text
from modclock.study.project import PROFILES
from modclock.study.records import read_records
from modclock.study.report.publishing import judged_again, merge, results


def folder_with(path, notebooks, value, error=None, settings=None):
    """A run or a reference in which every notebook judged a claim of its own number."""
    words: dict[str, Any] = dict.fromkeys(["claim", "thread_value", "criterion"], "")
    words |= {"measured": {}, "verdict": "answered", "conclusion": value}
    claims = [{"id": f"C{name[:2]}", "notebook": name, **words} for name in notebooks]
    write_json(path / "claims.json", claims)
    texts = ["title", "fingerprint", "started", "finished", "commit", "python", "platform", "cpu"]
    record = dict.fromkeys(texts, "") | {"error": error, "settings": settings or {}}
    record |= {"parameters": {}, "packages": {}, "trial_seconds": {}, "uncommitted_changes": False}
    record |= dict.fromkeys(["trials_computed", "trials_stored", "seconds"], 0)
    write_json(path / "provenance.json", dict.fromkeys(notebooks, record))
    for name in notebooks:
        write_text(path / "data" / f"{name}.csv", f"{value}\n")
    return path


def published(path):
    claims = json.loads((path / "claims.json").read_text())
    data = {item.stem: item.read_text().strip() for item in (path / "data").glob("*.csv")}
    assert sorted(data) == list(json.loads((path / "provenance.json").read_text()))
    return {claim["notebook"]: claim["conclusion"] for claim in claims}, data


def test_what_was_run_replaces_what_was_published_and_the_rest_stays(tmp_path):
    reference = folder_with(tmp_path / "old", ["01_the_task", "08_levels", "77_gone"], "old")
    run = folder_with(tmp_path / "new", ["03_overlap_headline", "08_levels"], "new")
    merge(run, reference)
    claims, data = published(reference)
    assert claims == data
    assert claims == {"01_the_task": "old", "03_overlap_headline": "new", "08_levels": "new"}
    assert list(claims) == sorted(claims)


def test_the_first_run_is_published_as_it_is(tmp_path):
    run = folder_with(tmp_path / "new", ["08_levels"], "new")
    merge(run, tmp_path / "reference")
    assert published(tmp_path / "reference") == published(run)


def test_a_run_with_parameters_of_its_own_is_not_published(tmp_path):
    reference = folder_with(tmp_path / "old", ["08_levels"], "old")
    run = folder_with(tmp_path / "new", ["08_levels"], "new", settings={"n_seeds": 1})
    with pytest.raises(InputError, match="08_levels ran with --set"):
        merge(run, reference)
    assert published(reference) == ({"08_levels": "old"}, {"08_levels": "old"})


def test_a_failed_run_is_not_published(tmp_path):
    reference = folder_with(tmp_path / "old", ["08_levels"], "old")
    run = folder_with(tmp_path / "new", ["08_levels"], "new", error="ValueError: no")
    with pytest.raises(InputError, match="08_levels failed"):
        merge(run, reference)
    assert published(reference) == ({"08_levels": "old"}, {"08_levels": "old"})


def test_the_readme_says_which_claims_wait_for_the_next_full_run():
    claims = read_claims(reference_folder("full") / "claims.json")
    today = results(claims)
    assert "earlier criterion" not in today
    old = [c.model_copy(update={"criterion": "old"}) if c.id == "C01" else c for c in claims]
    changed = results(old).splitlines()
    marked = [line for line in changed if "*(judged by an earlier criterion)*" in line]
    assert [line.partition("]")[0] for line in marked] == ["| [C01"]
    assert changed[-1] == "Claims judged by an earlier criterion wait for the next full run."


@pytest.mark.parametrize("profile", PROFILES)
def test_what_is_published_is_judged_by_todays_criteria(profile):
    folder = reference_folder(profile)
    records = read_records(folder / "provenance.json")
    for claim in read_claims(folder / "claims.json"):
        assert judged_again(claim, records[claim.notebook].parameters) == claim


def test_a_claim_whose_notebook_did_not_run_gets_todays_words_and_verdict():
    claim = next(c for c in read_claims(reference_folder("full") / "claims.json") if c.id == "C01")
    old = claim.model_copy(
        update={"criterion": "old", "verdict": "undecided", "conclusion": "old", "claim": "old"}
    )
    assert judged_again(old, {}) == claim
    unmeasured = old.model_copy(update={"measured": {}})
    assert judged_again(unmeasured, {}) == unmeasured
    unknown = old.model_copy(update={"id": "C99"})
    assert judged_again(unknown, {}) == unknown

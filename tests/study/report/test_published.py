"""What the README and the notebooks say is what the published run found."""

from __future__ import annotations

import re

import nbformat
import pandas as pd
import pytest

from modclock.study.claims.criteria import describe_criterion, load_claims, parse
from modclock.study.claims.judgement import JudgedClaim, decide, read_claims
from modclock.study.claims.summary import summary
from modclock.study.figures.pictures import PICTURE_MIME
from modclock.study.report.executed import executed_notebooks
from modclock.study.report.publishing import alt_text, results
from modclock.study.running.notebooks import find_notebooks
from support import ROOT, numbered

REFERENCE = ROOT / "outputs" / "reference"
CLAIMS = read_claims(REFERENCE / "claims.json")
README = (ROOT / "README.md").read_text()
PERCENT = re.compile(r"(\d+(?:\.\d+)?) ?%")
# Not measured: the level of the intervals, and the chance level of 97 answers.
CONSTANTS = {"95", "1.0", "1.03", "100"}


def rows(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "data" / f"{name}.csv")


def numbers_of_the_thread() -> set[str]:
    stated = " ".join(claim.thread_value for claim in load_claims().values())
    return set(PERCENT.findall(stated))


def measured_numbers() -> set[str]:
    shown = (str(item) for claim in CLAIMS for item in claim.measured.values())
    return set(PERCENT.findall(" ".join(shown)))


def bounds_of_criteria() -> set[str]:
    """As an undecided claim states them."""
    conditions = (
        parse(text)
        for claim in load_claims().values()
        for outcome in claim.outcomes
        for text in outcome.when
    )
    return {f"{100 * item.bound:.1f}" for item in conditions}


def test_all_claims_were_judged_with_the_criteria_of_today():
    stated = load_claims()
    assert {claim.id for claim in CLAIMS} == set(stated)
    for claim in CLAIMS:
        assert claim.claim == stated[claim.id].claim
        assert claim.thread_value == stated[claim.id].thread_value


def outcome(judged: JudgedClaim) -> str:
    """Which outcome a judgement is, or that it is none."""
    claim = numbered(load_claims()[judged.id])
    verdict, number = decide(claim, judged.measured, judged.id)
    assert verdict == judged.verdict
    return verdict if verdict == "undecided" else number


def test_the_quick_profile_tells_no_other_story_than_the_published_one():
    stated = load_claims()
    # Chapters that were published before a criterion changed wait for the next full run.
    today = [item for item in CLAIMS if item.criterion == describe_criterion(stated[item.id])]
    assert len(today) >= 12
    published = {claim.id: outcome(claim) for claim in today}
    quick = {item.id: item for item in read_claims(REFERENCE / "quick" / "claims.json")}
    assert set(quick) == set(stated)
    for claim_id, number in published.items():
        assert outcome(quick[claim_id]) in (number, "undecided"), claim_id


def test_the_results_in_the_readme_are_those_of_the_reference():
    block = README.split("<!-- results -->\n")[1].split("<!-- end of results -->")[0]
    assert block == results(CLAIMS)


def test_the_summary_in_the_readme_is_that_of_the_reference_and_is_whole():
    block = README.split("<!-- summary -->\n")[1].split("<!-- end of summary -->")[0]
    assert block == summary(CLAIMS) + "\n"
    stated = (ROOT / "params" / "summary.md").read_text().strip()
    assert len(block.strip().split("\n\n")) == len(stated.split("\n\n"))
    assert not re.search(r"\d\.\d", stated)  # every figure is measured
    assert len(block.split()) < 800  # two screens


def test_figures_of_the_readme_are_pictures_of_notebooks_and_readable_as_text(smoke_run):
    books = executed_notebooks(smoke_run.folder)
    made = {item["name"]: item["svg"] for book in books for item in book.outputs(PICTURE_MIME)}
    published = {path.stem: path for path in (REFERENCE / "figures").glob("*.svg")}
    assert set(made) == set(published)
    for name, path in published.items():
        assert f"](outputs/reference/figures/{name}.svg)" in README
        assert alt_text(path)
        for drawn in (made[name], path.read_text("utf-8")):
            assert "<svg" in drawn
            assert "<text" in drawn


def test_the_reference_is_small():
    assert sum(path.stat().st_size for path in REFERENCE.rglob("*") if path.is_file()) < 3e6


def test_percentages_in_the_readme_are_the_threads_or_measured():
    allowed = CONSTANTS | numbers_of_the_thread() | measured_numbers() | bounds_of_criteria()
    assert set(PERCENT.findall(README)) <= allowed


@pytest.mark.parametrize("notebook", find_notebooks(), ids=lambda book: book.name)
def test_percentages_in_the_prose_of_notebooks_are_the_threads(notebook):
    content = nbformat.read(notebook.path, as_version=4)
    prose = "\n".join(cell.source for cell in content.cells if cell.cell_type == "markdown")
    assert set(PERCENT.findall(prose)) <= CONSTANTS | numbers_of_the_thread()

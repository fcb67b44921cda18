"""What a reader sees of a claim first: what decides, in words, beside the thread's own figure."""

from __future__ import annotations

import re
import tomllib

import pytest

from modclock.study.claims.criteria import load_claims, parse
from modclock.study.claims.intervals import Measure, exact, measure
from modclock.study.claims.judgement import read_claims
from modclock.study.claims.words import load_words
from modclock.study.report.axis import axis, ends
from modclock.study.report.glossary import entries
from modclock.study.report.links import THREAD, glossed, source, with_links
from modclock.study.report.shown_claims import as_shown
from support import ROOT

PUBLISHED = read_claims(ROOT / "outputs" / "reference" / "claims.json")
DECIDING = {
    claim_id: {parse(text).name for outcome in claim.outcomes for text in outcome.when}
    for claim_id, claim in load_claims().items()
}


def test_every_claim_and_every_measure_that_decides_has_words():
    words = load_words()
    assert words.keys() == load_claims().keys()
    assert all(item.in_words for item in words.values())
    assert {claim_id: set(item.measures) for claim_id, item in words.items()} == DECIDING


def test_marks_of_the_thread_are_what_the_thread_says():
    for claim_id, words in load_words().items():
        stated = load_claims()[claim_id].thread_value
        numbers = {float(text) / 100 for text in re.findall(r"([\d.]+) %", stated)}
        numbers |= {int(a) / int(b) for a, b in re.findall(r"(\d+) of (\d+)", stated)}
        for value in words.thread.values():
            assert min(abs(value - number) for number in numbers) < 1e-4, claim_id
        assert set(words.thread) <= DECIDING[claim_id]


@pytest.mark.parametrize("claim", PUBLISHED, ids=lambda claim: claim.id)
def test_three_measures_at_most_stand_on_top_and_none_is_lost(claim):
    shown = as_shown(claim)
    assert 1 <= len(shown.deciding) <= 3
    assert len(shown.deciding) + len(shown.others) == len(claim.measured)
    every = {item.value for item in [*shown.deciding, *shown.others]}
    assert every == {str(item) for item in claim.measured.values()}
    assert "_" not in shown.criterion
    assert all(item.axis for item in shown.deciding if item.runs != "exact")


def places(drawn, name):
    return [float(x) for x in re.findall(rf'class="{name}"[^>]* c?x1?="([\d.]+)', drawn)]


def test_marks_stand_in_the_order_of_their_values():
    item = measure([0.30, 0.31, 0.32])
    drawn = axis(item, thread=0.9, bounds=[0.05, 0.95])
    low, high = places(drawn, "bound")
    thread = float(drawn.partition('class="thread" d="M')[2].partition(" ")[0])
    assert low < places(drawn, "interval")[0] < places(drawn, "mean")[0] < thread < high
    # Distances on the axis are those of the values.
    scale = (high - low) / (0.95 - 0.05)
    assert places(drawn, "mean")[0] - low == pytest.approx(scale * (item.mean - 0.05), abs=0.2)


@pytest.mark.parametrize(
    ("values", "unit"),
    [([0.97, 1.0], "fraction"), ([0.0], "points"), ([-0.4, 0.9], "number"), ([16.0, 91], "number")],
)
def test_an_axis_holds_its_values_and_nothing_impossible(values, unit):
    low, high = ends(values, Measure(mean=values[0], ci_low=None, ci_high=None, n=3, unit=unit))
    assert low <= min(values) <= max(values) <= high
    assert low < high
    assert high <= 1 or unit == "number"


def test_words_of_the_glossary_are_linked_once():
    text = "k-WTA of clocks, and k-winners-take-all <b>"
    assert glossed(text).count('href="#word-k-wta"') == 1
    assert "&lt;b&gt;" in glossed(text)
    assert {word.lower() for word in entries().words} <= entries().anchors.keys()


def test_the_thread_and_preprints_are_linked():
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]
    assert urls["Thread"] == THREAD
    assert THREAD in source("thread, second page")
    cited = source("cited (arXiv cond-mat/9901179)")
    assert 'href="https://arxiv.org/abs/cond-mat/9901179"' in cited


def test_links_leave_pictures_code_and_links_as_they_are():
    kept = (
        '<img src="data:image/svg+xml,<svg><text>arXiv 2201.02177</text></svg>" alt="a">'
        '<a href="https://arxiv.org/abs/2201.02177">arXiv 2201.02177</a><pre>arXiv 2201.02177</pre>'
    )
    assert with_links(kept, "{name}.html", ()) == kept
    to_notebook = '<p><a href="04_a.ipynb">04_a</a></p>'
    assert with_links(to_notebook, "#{name}", ["04_a"]) == '<p><a href="#04_a">04_a</a></p>'
    assert with_links(to_notebook, "#{name}", []) == "<p>04_a</p>"


def test_what_is_exact_needs_no_axis():
    claim = next(claim for claim in PUBLISHED if claim.id == "C11")
    weights = next(item for item in as_shown(claim).deciding if item.words.startswith("more w"))
    assert claim.measured["more_weights"] == exact(claim.measured["more_weights"].mean)
    assert weights.runs == "exact"
    assert not weights.axis


def test_notebooks_lead_to_one_another_in_jupyterlab():
    names = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    found = {
        path.name: set(re.findall(r"\]\((\w+\.ipynb)\)", path.read_text("utf-8")))
        for path in (ROOT / "notebooks").glob("*.ipynb")
    }
    assert sum(map(bool, found.values())) > 20
    assert set().union(*found.values()) <= names

"""The drawings above and between the words of the answer are right, and are there."""

from __future__ import annotations

import re

import numpy as np
import pytest

from modclock.study.claims.judgement import read_claims
from modclock.study.figures.drawings import (
    hero,
    overlap_example,
    why_adding_works,
    why_side_by_side_fails,
    why_the_diagonal_fails,
)
from modclock.study.report.answer import answer
from support import ROOT

ALL = [hero, why_adding_works, why_side_by_side_fails, why_the_diagonal_fails]


def test_each_why_has_its_drawing_behind_its_paragraph():
    text = answer(read_claims(ROOT / "outputs" / "reference" / "claims.json"))
    for drawn in ALL[1:]:
        assert drawn().caption in text
    whys = re.findall(r"<strong>Why [^<]*</strong>.*?</p>\s*(<\w+)", text, flags=re.DOTALL)
    assert whys == ["<figure", "<figure", "<figure"]
    assert "&lt;" not in re.sub("<svg.*?</svg>", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("drawn", ALL)
def test_a_drawing_is_described_small_and_stays_in_its_frame(drawn):
    drawing = drawn()
    assert len(drawing.svg) < 20_000
    assert re.search(r'role="img".* aria-label="[^"]{60,}"', drawing.svg)
    ((width, height),) = re.findall(r'viewBox="0 0 (\d+) (\d+)"', drawing.svg)
    for name, limit in (("x", int(width)), ("y", int(height))):
        places = re.findall(rf'\bc?{name}[12]?="(-?[\d.]+)"', drawing.svg)
        assert all(0 <= float(place) <= limit for place in places)


def test_the_winners_are_the_strongest_sums_and_the_answer_is_right():
    example = overlap_example()
    on = example["bits"] == 1
    assert example["added"][on].min() > example["added"][~on].max()
    np.testing.assert_allclose(example["first"] + example["second"], example["added"])
    assert f'class="answer" x="128" y="262" text-anchor="start">{(62 + 50) % 97}<' in hero().svg


def test_the_thick_hand_stands_at_one_place_and_the_thin_ones_do_not():
    lines = re.findall(
        r'class="hand (\w+)" x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)" y2="([\d.]+)"',
        why_adding_works().svg,
    )
    ends = [(kind, float(x2) - float(x1), float(y2) - float(y1)) for kind, x1, y1, x2, y2 in lines]
    thick = {(round(x, 1), round(y, 1)) for kind, x, y in ends if kind == "sum"}
    thin = {(round(x), round(y)) for kind, x, y in ends if kind == "thin"}
    assert len(thick) == 1
    assert len(thin) == 6


def test_in_its_row_and_its_column_an_answer_occurs_once():
    kinds = re.findall(r'<rect class="(\w+)"', why_side_by_side_fails().svg)
    assert sorted(kinds.count(kind) for kind in ("new", "on", "seen")) == [1, 6, 12]

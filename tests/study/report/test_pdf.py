"""The report on paper, printed by a real Chromium."""

from __future__ import annotations

import re
import shutil

import pytest

from modclock.study.errors import InputError, MachineError
from modclock.study.report import pdf


@pytest.mark.usefixtures("browser")
def test_the_study_takes_at_most_ninety_pages(smoke_run, tmp_path):
    page = tmp_path / "study.html"
    shutil.copy(smoke_run.folder / "study.html", page)
    printed = pdf.print_pdf(page).read_bytes()
    sizes = re.findall(rb"/MediaBox \[([\d. ]+)\]", printed)
    assert 40 < len(sizes) <= 90
    assert {tuple(round(float(x)) for x in size.split()) for size in sizes} == {(0, 0, 595, 842)}


@pytest.mark.parametrize("name", ["index.html", "study.html"])
def test_nothing_is_cut_off_on_paper(page, smoke_run, name):
    page.set_viewport_size({"width": 680, "height": 1000})  # A4 between its margins
    page.emulate_media(media="print")
    page.goto((smoke_run.folder / name).as_uri())
    wide = page.evaluate(
        "[...document.querySelectorAll('main *')].filter("
        "e => e.getBoundingClientRect().right > 681 && !e.closest('svg')"
        ").map(e => e.outerHTML.slice(0, 100))"
    )
    assert wide == []
    scrolling = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => e.clientWidth && ["
        "'auto', 'scroll'].includes(getComputedStyle(e).overflowX)).map(e => e.className)"
    )
    assert scrolling == []


def test_without_a_browser_one_line_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="takes a Chromium or Chrome") as caught:
        pdf.print_pdf(tmp_path / "study.html")
    assert "\n" not in str(caught.value)


def test_a_browser_that_prints_nothing_is_named(monkeypatch, tmp_path):
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(MachineError, match="did not print"):
        pdf.print_pdf(tmp_path / "study.html")

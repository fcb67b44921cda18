"""docs/benchmarks.md is written by benchmarks/quote.py."""

from __future__ import annotations

import shutil

import pytest

from support import ROOT, loaded_script


@pytest.fixture
def quote():
    return loaded_script(ROOT / "benchmarks" / "quote.py")


def test_what_a_script_prints_stands_between_the_marks_and_nothing_else_changes(
    quote, monkeypatch, tmp_path
):
    (tmp_path / "short.py").write_text('"""How long it takes."""\n\nprint("42 s")\n')
    monkeypatch.setattr(quote, "FOLDER", tmp_path)
    monkeypatch.setattr(quote, "SCRIPTS", ("short",))
    page = shutil.copy(quote.PAGE, tmp_path / "benchmarks.md")
    before, _, after = (tmp_path / "benchmarks.md").read_text().partition("<!-- benchmarks -->\n")
    quote.write(page)
    written = page.read_text()
    assert written.startswith(f"{before}<!-- benchmarks -->\nProcessor: ")
    assert written.endswith(
        "How long it takes. ([short.py](../benchmarks/short.py))\n\n"
        "```text\n42 s\n```\n\n<!-- end of benchmarks -->\n"
    )
    assert after


def test_the_page_quotes_scripts_that_are_there(quote):
    page = quote.PAGE.read_text("utf-8")
    for script in quote.SCRIPTS:
        assert (quote.FOLDER / f"{script}.py").exists()
    assert page.count("](../benchmarks/") >= 6

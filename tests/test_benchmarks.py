"""docs/benchmarks.md is written by benchmarks/quote.py."""

from __future__ import annotations

import re

import pytest

from support import ROOT, loaded_script


@pytest.fixture
def quote():
    return loaded_script(ROOT / "benchmarks" / "quote.py")


@pytest.fixture
def page(quote, monkeypatch, tmp_path):
    """A page of two short benchmarks."""
    for name, seconds in (("short", 42), ("long", 99)):
        (tmp_path / f"{name}.py").write_text(f'"""How {name} it is."""\n\nprint("{seconds} s")\n')
    monkeypatch.setattr(quote, "FOLDER", tmp_path)
    monkeypatch.setattr(quote, "SCRIPTS", ("long", "short"))
    path = tmp_path / "page.md"
    path.write_text("before\n<!-- benchmarks -->\n<!-- end of benchmarks -->\nafter\n")
    return path


def test_what_scripts_print_stands_between_the_marks_in_their_order(quote, page):
    quote.write(page, ["short", "long"])
    expected = ["before", "<!-- benchmarks -->"]
    for name, seconds in (("long", 99), ("short", 42)):
        title = rf"How {name} it is\. \(\[{name}\.py\]\(\.\./benchmarks/{name}\.py\), 20.*\)"
        expected += [title, "", "```text", f"{seconds} s", "```", ""]
    expected += ["<!-- end of benchmarks -->", "after", ""]
    assert re.fullmatch("\n".join(expected), page.read_text())


def test_one_script_alone_leaves_what_others_printed(quote, page):
    quote.write(page, ["short", "long"])
    both = page.read_text()
    (page.parent / "short.py").write_text('"""How short it is."""\n\nprint("43 s")\n')
    quote.write(page, ["short"])
    assert page.read_text() == both.replace("42 s", "43 s")


def test_the_page_quotes_scripts_that_are_there(quote):
    page = quote.PAGE.read_text("utf-8")
    for script in quote.SCRIPTS:
        assert (quote.FOLDER / f"{script}.py").exists()
    assert page.count("](../benchmarks/") >= 6

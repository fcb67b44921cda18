"""The pages in docs/ do what they say: each block of code runs, and prints what stands below it."""

from __future__ import annotations

import re

import pytest

from support import ROOT

PAGES = sorted(path.name for path in (ROOT / "docs").glob("*.md"))
NOT_RUN = {"api.md", "benchmarks.md", "cluster.md"}  # docstrings, logs, other machines
BLOCK = re.compile(r"```(python|text)\n(.*?)```", flags=re.DOTALL)


@pytest.mark.parametrize("page", [name for name in PAGES if name not in NOT_RUN])
def test_every_block_of_code_prints_what_the_page_shows(page, capsys, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "lib"))
    namespace: dict[str, object] = {}
    n_printed = 0
    for language, text in BLOCK.findall((ROOT / "docs" / page).read_text("utf-8")):
        if language == "python":
            capsys.readouterr()
            exec(compile(text, page, "exec"), namespace)
        else:
            assert capsys.readouterr().out == text
            n_printed += 1
    assert n_printed


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = (ROOT / "docs" / page).read_text("utf-8")
    for link in re.findall(r"\]\((?!http)([^)#]+)[^)]*\)", text):
        assert (ROOT / "docs" / link).exists(), link

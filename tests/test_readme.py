"""What the README shows works."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from threadpoolctl import threadpool_limits

from modclock.study.trials.own_encoder import check_encoder
from support import ROOT

README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_the_snippet_learns_far_better_than_chance(capsys):
    _, snippet = blocks("python")
    start = time.process_time()
    with threadpool_limits(1):  # more wait for each other while other tests run
        exec(compile(snippet, "README.md", "exec"), {})
    assert float(capsys.readouterr().out) > 0.9
    assert "takes seconds" in snippet
    assert time.process_time() - start < 10


def test_the_encoder_shown_can_be_scored():
    snippet, _ = blocks("python")
    namespace: dict[str, Any] = {}
    exec(compile(snippet, "README.md", "exec"), namespace)
    check_encoder(namespace["MyEncoder"](), p=97)


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http)([^)]+)\)", README))
def test_links_lead_somewhere(link):
    assert (ROOT / link).exists()


def test_an_own_encoder_comes_before_results_and_logs():
    titles = re.findall(r"^## (.*)", README, flags=re.MULTILINE)
    assert titles[:3] == ["The answer", "Two commands", "Your own encoder in five minutes"]
    assert "```text" not in README


def test_every_make_target_shown_exists():
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"make ([\w-]+)", "\n".join(blocks("sh")) + README):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target

"""What the README shows works."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest
from threadpoolctl import threadpool_limits

from modclock.study.cli import cli
from modclock.study.trials.own_encoder import check_encoder
from support import ROOT

README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_the_snippet_learns_far_better_than_chance(capsys):
    snippet, _ = blocks("python")
    with threadpool_limits(1):  # more wait for each other while other tests run
        exec(compile(snippet, "README.md", "exec"), {})
    assert float(capsys.readouterr().out) > 0.9


def test_the_encoder_shown_can_be_scored():
    _, snippet = blocks("python")
    namespace: dict[str, Any] = {}
    exec(compile(snippet, "README.md", "exec"), namespace)
    check_encoder(namespace["MyEncoder"](), p=97)


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http)([^)]+)\)", README))
def test_links_lead_somewhere(link):
    assert (ROOT / link).exists()


def test_every_modclock_command_shown_exists():
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    shown = [shlex.split(line, comments=True) for line in lines if ".venv/bin/modclock" in line]
    assert shown
    for _, name, *arguments in shown:
        command = cli.commands[name]
        known = {option for item in command.params for option in item.opts}
        assert {word for word in arguments if word.startswith("--")} <= known


def test_every_make_target_shown_exists():
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"make ([\w-]+)", "\n".join(blocks("sh")) + README):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target

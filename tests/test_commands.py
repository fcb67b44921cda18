"""Every command that README, CONTRIBUTING and docs show works as it stands there.

They run one after the other in a folder like a fresh clone, by what the README says of
MODCLOCK_PROFILE in the smallest profile. What takes minutes, waits for somebody or needs other
machines is given to its program with --help behind it, which refuses options that it does not have.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import ROOT, command_environment

PAGES = ("README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")))
RUNS = re.compile(
    r"\.venv/bin/modclock (list|run *$|run 03|report|predict|verify|score)"
    r"|\.venv/bin/papermill .* -f params/smoke/|eval |openssl |chmod |export "
)
DRY = re.compile(r"make ")
HELP = re.compile(r"\.venv/bin/|python3 -m venv|pip install")
ELSEWHERE = re.compile(r"kubectl ")


def commands(page: str) -> list[str]:
    """The lines of a page's blocks for the shell."""
    text = (ROOT / page).read_text("utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


EVERY = list({line: page for page in reversed(PAGES) for line in commands(page)}.items())


@pytest.fixture(scope="module")
def clone(tmp_path_factory, smoke_run) -> Path:
    """What git has of the study, this Python as `.venv`, and a smoke run's outputs."""
    folder = tmp_path_factory.mktemp("clone") / "modclock"
    made = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "outputs")
    shutil.copytree(ROOT, folder, ignore=made)
    shutil.copytree(smoke_run.out, folder / "outputs")
    shutil.copytree(ROOT / "outputs" / "reference", folder / "outputs" / "reference")
    (folder / ".venv").symlink_to(sys.prefix)
    readme = (ROOT / "README.md").read_text("utf-8")
    own = next(b for b in re.findall(r"```python\n(.*?)```", readme, re.DOTALL) if "MyEncoder" in b)
    (folder / "my_module.py").write_text(own)
    return folder


def typed(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env=command_environment(folder) | {"MODCLOCK_PROFILE": "smoke"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(("line", "page"), [(x, p) for x, p in EVERY if RUNS.match(x)])
def test_a_short_command_runs(clone, line, page):
    done = typed(line, clone)
    differs = " verify" in line and done.returncode == 1  # from the published run
    assert done.returncode == 0 or differs, done.stderr
    assert "Traceback" not in done.stderr
    if not re.search("modclock|papermill|openssl", line) or line.startswith("eval"):
        assert done.stderr == ""


@pytest.mark.parametrize(("line", "page"), [(x, p) for x, p in EVERY if not RUNS.match(x)])
def test_a_long_command_is_one_that_its_program_knows(clone, line, page):
    command = line.partition("  #")[0].rstrip(" &")
    if ELSEWHERE.match(command):
        assert typed(f"bash -n -c '{command}'", clone).returncode == 0
        return
    assert DRY.match(command) or HELP.match(command), "nobody knows how to try it"
    command = command.replace("pip install '.[", ".venv/bin/pip install '.[")
    done = typed(f"{command} {'--dry-run' if DRY.match(command) else '--help'}", clone)
    assert done.returncode == 0, done.stderr + done.stdout


def test_commands_are_found():
    assert len(EVERY) > 30

"""What a run needs for a while is in one folder, which does not stay."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support import ROOT, command_environment

START = """
import subprocess, sys, tempfile
from modclock.study.forking import temporary
temporary._STARTING_SECONDS = float(sys.argv[1])
temporary.own_temporary_folder()
open(tempfile.gettempdir() + "/something", "w").close()
again = "import tempfile; from modclock.study.forking.temporary import own_temporary_folder as o; "
again += "print(o(), tempfile.gettempdir())"
child = subprocess.check_output([sys.executable, "-c", again], text=True)
print(tempfile.gettempdir(), *child.split())
sys.stdout.flush()
sys.stdin.readline()
"""


@pytest.fixture
def start(tmp_path):
    """Start a process with a folder of its own; the process, and its folder."""
    started = []

    def begun(seconds: int = 0) -> tuple[subprocess.Popen[str], Path]:
        process = subprocess.Popen(
            [sys.executable, "-c", START, str(seconds)],
            env=command_environment(ROOT) | {"TMPDIR": str(tmp_path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        own, nothing, of_child = process.stdout.readline().split()
        assert (nothing, of_child) == ("None", own)  # what it starts has the same folder
        return process, Path(own)

    yield begun
    for process in started:
        process.kill()
        process.communicate(timeout=60)


def end(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=60)


def test_the_folder_is_private_and_leaves_with_the_process(start, tmp_path):
    process, folder = start()
    assert folder.parent == tmp_path
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "something").exists()
    end(process)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed_by_the_next(start, tmp_path):
    process, left = start()
    process.kill()
    process.wait(60)
    assert left.exists()
    young, _ = start(seconds=3600)  # it may have been about to lock its folder
    assert left.exists()
    after, _ = start()
    assert not left.exists()
    for one in (young, after):
        end(one)
    assert list(tmp_path.iterdir()) == []


def test_nothing_else_is_removed(start, tmp_path):
    at_work, used = start()
    (tmp_path / "mc-file").write_text("a file")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "kept").write_text("kept")
    (tmp_path / "mc-link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "mc-loop").symlink_to("mc-loop")
    process, _ = start()
    assert (used / "something").exists()
    for one in (at_work, process):
        end(one)
    assert {path.name for path in tmp_path.iterdir()} == {
        "mc-file", "elsewhere", "mc-link", "mc-loop",
    }  # fmt: skip
    assert (tmp_path / "elsewhere" / "kept").read_text() == "kept"


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="takes another user")
def test_folders_of_other_users_are_left_alone(start, tmp_path):
    theirs = tmp_path / "mc-theirs"
    theirs.mkdir()
    victim = tmp_path / "victim"
    victim.write_text("kept")
    (theirs / ".lock").symlink_to(victim)  # opening the lock would empty it
    os.chown(theirs, 65534, 65534)
    process, _ = start()
    end(process)
    assert theirs.exists()
    assert victim.read_text() == "kept"

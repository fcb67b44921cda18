"""A sample of the random cases of `fuzz.py`; 20,000 take a quarter of an hour."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support import ROOT, command_environment


@pytest.mark.slow
def test_no_command_file_or_folder_ends_in_a_traceback(smoke_run):
    script = Path(__file__).with_name("fuzz.py")
    done = subprocess.run(
        [
            sys.executable,
            script,
            "--count=200",
            "--seed=1",
            f"--outputs={smoke_run.out}",
        ],
        env=command_environment(ROOT) | {"PYTHONSAFEPATH": ""},  # beside it are its modules
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
    assert "200 cases, 0 failed" in done.stdout
    for kind in ("command: refused", "params: planned", "claims: refused", "folder: planned"):
        assert kind in done.stdout

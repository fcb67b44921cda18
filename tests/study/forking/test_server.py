"""What workers and kernels are forked from."""

from __future__ import annotations

import subprocess
import sys

from modclock.study.forking.server import IMPORTED


def test_nothing_that_is_imported_before_forks_starts_threads():
    code = (
        "import sys, threading\n"
        f"for name in {IMPORTED}: __import__(name)\n"
        "print('jax' in sys.modules, threading.active_count())"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "1"]

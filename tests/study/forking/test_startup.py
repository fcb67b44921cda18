from __future__ import annotations

import multiprocessing
import pickle
import subprocess
import sys
from multiprocessing.context import set_spawning_popen
from typing import Any

import pytest

from modclock.study.forking import ON
from support import ROOT, command_environment

STARTS = """
import pickle, sys
import modclock.study.forking.startup
pickle.loads(bytes.fromhex(sys.argv[1]))
print("was there")
"""


@pytest.mark.skipif(not ON, reason="processes are forked on Linux only")
@pytest.mark.parametrize("run", ["at work", "at its end", "something else"])
def test_a_process_that_starts_while_its_run_ends_says_nothing(run):
    """Its locks are gone; all other errors are shown."""
    lock: Any = multiprocessing.get_context("spawn").Lock()
    sending: Any = object()
    set_spawning_popen(sending)  # else a lock can't be sent
    try:
        sent = pickle.dumps(lock)
    finally:
        set_spawning_popen(None)
    if run == "at its end":
        name = lock._semlock.name.encode()
        sent = sent.replace(name, b"/".ljust(len(name), b"x"))
    done = subprocess.run(
        [sys.executable, "-c", STARTS, b"nothing".hex() if run == "something else" else sent.hex()],
        env=command_environment(ROOT),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("was there" in done.stdout) == (run == "at work")
    assert ("Traceback" in done.stderr) == (run == "something else")


@pytest.mark.skipif(not ON, reason="processes are forked on Linux only")
@pytest.mark.parametrize(("folder", "shown"), [("mc-0", False), ("other", True)])
def test_what_a_process_would_remove_after_the_run_may_be_gone(tmp_path, folder, shown):
    """As Matplotlib does where it has no folder of its own."""
    code = "import atexit, shutil, sys, modclock.study.forking.startup as startup\n"
    code += "atexit.register(shutil.rmtree, sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / folder / "matplotlib-0")],
        env=command_environment(ROOT),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("FileNotFoundError" in done.stderr) == shown

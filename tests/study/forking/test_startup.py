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

"""Freed memory is kept in processes that train."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a call of the GNU C library")

_PAGES = 2**20 // os.sysconf("SC_PAGE_SIZE")  # of an array
_ALLOCATE = """
from resource import RUSAGE_SELF, getrusage
import numpy as np
before = getrusage(RUSAGE_SELF).ru_minflt
for _ in range(100):
    np.ones(2**17)  # 1 MiB, too small for huge pages
print(getrusage(RUSAGE_SELF).ru_minflt - before)
"""


def _page_faults(imported: str) -> int:
    """Page faults of 100 arrays, one after the other, in a process with Dask's settings."""
    code = f"import {imported}\n{_ALLOCATE}"
    environment = os.environ | {"MALLOC_TRIM_THRESHOLD_": "65536"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    return int(done.stdout)


def test_a_process_that_runs_trials_takes_the_memory_of_an_array_once():
    assert _page_faults("modclock.study.compute.run_trials") < 10 * _PAGES


def test_without_that_every_array_is_taken_anew():
    assert _page_faults("modclock.study.trials.base") > 90 * _PAGES

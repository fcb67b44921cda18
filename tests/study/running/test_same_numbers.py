"""The same bytes from one worker, from several, and from a cluster; after a stop as well."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from support import (
    dask_cluster,
    finished_trials,
    results,
    started_run,
    until,
    wanted_trials,
)

pytestmark = pytest.mark.slow

# Whatever a user's machine may be set to.
ELSEWHERE = {"PYTHONHASHSEED": "7", "LC_ALL": "C", "TZ": "Pacific/Kiritimati"}


def stop_and_go_on(out: Path, sent: signal.Signals, *arguments: str) -> str:
    """Stop a run after some trials, let it go on; returns what the stopped one said."""
    run = started_run(*arguments, "--out", out)
    until(lambda: len(finished_trials(out)) >= 5, 60)
    os.killpg(run.pid, sent)
    _, messages = run.communicate(timeout=60)
    before = finished_trials(out)
    assert 5 <= len(before) < len(wanted_trials())
    again = started_run(*arguments, "--out", out, **ELSEWHERE)
    _, errors = again.communicate(timeout=400)
    assert again.returncode == 0, errors
    after = finished_trials(out)
    assert {key: after[key] for key in before} == before
    assert set(after) == wanted_trials()
    return messages


def test_one_worker_killed_in_the_middle_gives_the_bytes_of_several(smoke_run, tmp_path):
    stop_and_go_on(tmp_path / "outputs", signal.SIGKILL, "--jobs", "1")
    assert results(tmp_path / "outputs" / "smoke") == results(smoke_run.folder)


def test_a_cluster_interrupted_in_the_middle_gives_the_same_bytes(smoke_run, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with dask_cluster(tmp_path / "cluster") as (address, _):
        messages = stop_and_go_on(tmp_path / "outputs", signal.SIGINT, "--scheduler", address)
    assert "finished trials are kept" in messages
    assert "lib/modclock" not in messages
    assert results(tmp_path / "outputs" / "smoke") == results(smoke_run.folder)

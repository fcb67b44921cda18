"""What real machines do to a run: nothing that was finished is lost, and the user is told."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from modclock.study.running.planning import plan_notebooks
from support import (
    copy_of_run,
    dask_cluster,
    finished_trials,
    results,
    started_run,
    until,
    wanted_trials,
)

pytestmark = pytest.mark.slow

NAMES = ["22_predicting_usefulness"]  # many short trials


def finish(run: subprocess.Popen[str], status: int) -> str:
    """What a run says on stderr; it ends with the status and without a traceback of ours."""
    _, errors = run.communicate(timeout=200)
    assert run.returncode == status, errors
    assert "lib/modclock" not in errors
    return errors


def run_again(out: Path) -> None:
    """A plain run of `NAMES` finishes what another one left, and repeats nothing."""
    before = finished_trials(out)
    finish(started_run(*NAMES, "--out", out), 0)
    after = finished_trials(out)
    assert {key: after[key] for key in before} == before
    assert set(after) == wanted_trials(NAMES)


both_ways = pytest.mark.parametrize("forks", ["1", "0"], ids=["forked", "plain"])


def started(run: subprocess.Popen[str], *, kernels: bool) -> list[psutil.Process]:
    """The kernels of a run or its workers: forked from one process, or started by the run itself.

    Only kernels have a session of their own.
    """
    found = []
    for process in psutil.Process(run.pid).children(recursive=True):
        with suppress(ProcessLookupError, psutil.NoSuchProcess):  # it has just ended
            helper = process.ppid() == run.pid and "spawn_main" not in "".join(process.cmdline())
            is_kernel = os.getsid(process.pid) == process.pid
            if is_kernel if kernels else not (is_kernel or helper):
                found.append(process)
    return found


@both_ways
def test_a_killed_worker_costs_nothing(smoke_run, tmp_path, forks):
    out = tmp_path / "outputs"
    run = started_run(*NAMES, "--out", out, MODCLOCK_FORK=forks)
    until(lambda: len(finished_trials(out)) >= 5, 60)
    started(run, kernels=False)[0].kill()
    finish(run, 0)
    assert set(finished_trials(out)) == wanted_trials(NAMES)
    assert results(out / "smoke", NAMES) == results(smoke_run.folder, NAMES)


@both_ways
def test_a_killed_kernel_fails_its_notebook_and_is_mended_by_the_next_run(
    smoke_run, tmp_path, forks
):
    out = tmp_path / "outputs"
    run = started_run(*NAMES, "--out", out, MODCLOCK_FORK=forks)
    until(lambda: started(run, kernels=True), 100)
    started(run, kernels=True)[0].kill()
    assert f"{NAMES[0]}: failed: " in finish(run, 1)
    run_again(out)
    assert results(out / "smoke", NAMES) == results(smoke_run.folder, NAMES)


@both_ways
def test_nothing_outlives_a_run_that_is_killed(tmp_path, forks):
    run = started_run("02_clock_encoders", "--out", tmp_path / "outputs", MODCLOCK_FORK=forks)
    until(lambda: started(run, kernels=True), 100)
    left = psutil.Process(run.pid).children(recursive=True)
    run.kill()
    run.communicate(timeout=60)
    assert psutil.wait_procs(left, timeout=30)[1] == []


def test_a_killed_scheduler_ends_the_run_in_a_line_and_the_next_goes_on(smoke_run, tmp_path):
    out = tmp_path / "outputs"
    with dask_cluster(tmp_path / "cluster") as (address, (scheduler, *_)):
        run = started_run(*NAMES, "--out", out, "--scheduler", address)
        until(lambda: len(finished_trials(out)) >= 5, 60)
        scheduler.kill()
        told = finish(run, 1).splitlines()[-1]
    assert told.startswith("modclock: error: the Dask scheduler is gone; finished trials are kept")
    run_again(out)
    assert results(out / "smoke", NAMES) == results(smoke_run.folder, NAMES)


def test_a_worker_without_memory_fails_its_trials_and_no_other(tmp_path):
    out = tmp_path / "outputs"
    wide = ("--set", "other_widths=[400000]")  # 253 pairs of that many numbers
    with dask_cluster(tmp_path / "cluster", "--memory-limit", "600MB") as (address, _):
        errors = finish(started_run("07", "--out", out, "--scheduler", address, *wide), 1)
    assert "07_sparsity_and_width: failed: TrialError: 2 trial(s) failed" in errors
    assert "every worker that ran it died, as workers do that run out of memory" in errors
    assert len(finished_trials(out)) == len(wanted_trials(["07"])) - 2


def damaged(path: Path, how: str) -> bytes:
    """Spoil a store; returns what it holds then."""
    content = path.read_bytes()
    spoilt = {
        "garbage": b"this is no database " * 100,
        "truncated": content[: len(content) // 2],
        "overwritten": content[:5000] + b"\xff" * 9000 + content[14000:],
    }[how]
    path.write_bytes(spoilt)
    return spoilt


@pytest.mark.parametrize("how", ["garbage", "truncated", "overwritten"])
def test_a_damaged_store_is_set_aside_and_the_run_goes_on(smoke_run, tmp_path, how):
    out = tmp_path / "outputs"
    copy_of_run(smoke_run, out)
    spoilt = damaged(out / "trials.sqlite", how)
    errors = finish(started_run("01", "--out", out), 0)
    (aside,) = out.glob("trials-damaged-*.sqlite")
    assert f"trials.sqlite is damaged: set aside as {aside.name}" in errors
    assert aside.read_bytes() == spoilt
    assert set(finished_trials(out)) == wanted_trials(["01"])
    assert results(out / "smoke", ["01_the_task"]) == results(smoke_run.folder, ["01_the_task"])


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a file system of its own with three megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a file system can be mounted by root only")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_told_in_a_line_and_spoils_nothing(small_disk):
    finish(started_run("01", "--out", small_disk), 0)
    before = {path: path.read_bytes() for path in small_disk.rglob("*") if path.is_file()}
    filler = small_disk / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
    except OSError:
        pass
    told = finish(started_run("03", "--out", small_disk), 1).splitlines()[-1]
    assert told.startswith(f"modclock: error: {small_disk / 'trials.sqlite'}: trial store can't be")
    assert told.endswith("database or disk is full")
    filler.unlink()
    assert {path: path.read_bytes() for path in before} == before
    assert not list(small_disk.glob("smoke/**/.*"))
    finish(started_run("03", "--out", small_disk), 0)


def test_a_read_only_folder_is_told_before_anything_is_computed(small_disk):
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    start = time.monotonic()
    errors = finish(started_run("01", "--out", small_disk), 2)
    assert errors.count("\n") == 1
    assert f"{small_disk / 'smoke'}: output folder can't be written" in errors
    assert time.monotonic() - start < 30


def test_two_runs_at_once_are_both_right_and_compute_no_trial_twice(smoke_run, tmp_path):
    out = tmp_path / "outputs"
    runs = [started_run(*NAMES, "--out", out) for _ in range(2)]
    first, second = sorted((finish(run, 0) for run in runs), key=len, reverse=True)
    # The notebook itself asks for the rest, once it knows what is forecast.
    n_trained_first = sum(len(book.first) for book in plan_notebooks(NAMES, "smoke", {}))
    assert f"trials: {n_trained_first} of {n_trained_first}" in first
    assert second == f"{out}: another run is at work, waiting for it\n"
    assert set(finished_trials(out)) == wanted_trials(NAMES)
    assert results(out / "smoke", NAMES) == results(smoke_run.folder, NAMES)


def test_a_scheduler_of_another_dask_is_told_in_a_line(tmp_path):
    other = tmp_path / "packages" / "distributed-2020.1.0.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: distributed\nVersion: 2020.1.0\n")
    command = "[dask_cli]\nscheduler = distributed.cli.dask_scheduler:main\n"
    (other / "entry_points.txt").write_text(command)
    path = f"{other.parent}{os.pathsep}{Path(__file__).parents[3] / 'lib'}"
    with dask_cluster(tmp_path / "cluster", n_workers=0, PYTHONPATH=path) as (address, _):
        start = time.monotonic()
        run = started_run("01", "--out", tmp_path / "outputs", "--scheduler", address)
        errors = finish(run, 2)
    assert time.monotonic() - start < 15
    assert errors.startswith(f"modclock: error: --scheduler: '{address}' runs Dask 2020.1.0, here")
    assert errors.count("\n") == 1


def test_a_worker_with_other_code_fails_its_trials(tmp_path, study_copy):
    cycle = study_copy / "lib" / "modclock" / "encoders" / "cycle.py"
    cycle.write_text(cycle.read_text() + "\nOTHER = 1\n")
    with dask_cluster(tmp_path / "cluster", study=study_copy) as (address, _):
        run = started_run("01", "--out", tmp_path / "outputs", "--scheduler", address)
        errors = finish(run, 1)
    assert "this worker has another modclock, or other packages" in errors
    assert finished_trials(tmp_path / "outputs") == {}

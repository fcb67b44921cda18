"""Machines that lack what a run needs: fewer workers, or one line."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from modclock.study.compute import machine, watch
from modclock.study.compute.cluster import open_cluster
from modclock.study.compute.machine import affordable_workers, check_machine
from modclock.study.errors import MachineError
from modclock.study.runner import run_study
from support import ROOT, command_environment, finished_trials, started_run, until

LOG_LINES_OF_A_RUN = 25


def run(before: str, out: Path, *wrapper: str, force: bool = False, **variables: str):
    """`modclock run 01` in a shell that does something else first."""
    command = f'{before}\nexec {sys.executable} -m modclock.study.cli "$@"'
    arguments = ["run", "01", "--profile", "smoke", "--jobs", "2", "--out", str(out)]
    arguments += ["--force"] * force
    return subprocess.run(
        [*wrapper, "bash", "-c", command, "modclock", *arguments],
        env=command_environment(ROOT) | variables,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def refused(done: subprocess.CompletedProcess[str], words: str) -> None:
    assert done.returncode == 1
    assert done.stderr.startswith("modclock: error: ")
    assert done.stderr.count("\n") == 1
    assert words in done.stderr


def test_little_memory_means_fewer_workers(tmp_path):
    done = run("ulimit -m 380000", tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("1 of 2 workers: the limit is 389 MB of memory\n")
    assert done.stderr.count("\n") < LOG_LINES_OF_A_RUN


def test_hardly_any_memory_is_one_line(tmp_path):
    refused(run("ulimit -m 150000", tmp_path), "takes 300 MB of memory at least")


def test_few_open_files_are_one_line(tmp_path):
    refused(run("ulimit -n 64", tmp_path), "the limit is 64: raise it with `ulimit -n`")


def test_a_soft_limit_of_open_files_is_raised(tmp_path):
    done = run("ulimit -S -n 64", tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_long_folder_of_temporary_files_is_one_line(tmp_path):
    folder = tmp_path / ("x" * 95)
    folder.mkdir()
    refused(run("", tmp_path / "out", TMPDIR=str(folder)), "sockets in it take at most 54")


def unshared(*kinds: str) -> list[str]:
    wrapper = ["unshare", *kinds]
    if subprocess.run([*wrapper, "true"], capture_output=True, check=False).returncode:
        pytest.skip("a name space can be made by root only")
    return wrapper


def test_a_loopback_that_is_down_is_one_line(tmp_path):
    refused(run("", tmp_path, *unshared("-n")), "127.0.0.1, the loopback interface")


@pytest.mark.parametrize("mount", ["mount -t tmpfs -o ro none", "mount --bind /proc/self"])
def test_shared_memory_that_takes_nothing_is_one_line(tmp_path, mount):
    refused(run(f"{mount} /dev/shm", tmp_path, *unshared("-m")), "workers need shared memory")


@pytest.mark.parametrize(
    ("memory", "wanted", "given"),
    [(4e9, 16, 5), (4e9, 2, 2), (350e6, 8, 1), (24e9, 2, 2), (1.4e9, 2, 2), (1.3e9, 2, 1)],
)
def test_workers_share_the_memory(monkeypatch, memory, wanted, given):
    monkeypatch.setattr(machine, "available_memory", lambda: int(memory))
    assert affordable_workers(wanted) == given


def test_workers_share_the_open_files(monkeypatch, capsys):
    monkeypatch.setattr(machine, "available_memory", lambda: 10**12)
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (120, 120))
    assert affordable_workers(64) == 4
    assert capsys.readouterr().err == "4 of 64 workers: the limit is open files\n"
    check_machine()
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (89, 89))
    with pytest.raises(MachineError, match="limit is 89"):
        check_machine()


def test_what_keeps_workers_from_starting_is_one_line(monkeypatch):
    from distributed import nanny

    async def broken(self):
        raise OSError("no more processes")

    monkeypatch.setattr(nanny.WorkerProcess, "start", broken)
    with pytest.raises(MachineError, match=r"workers can't be started: OSError: no more processes"):
        open_cluster(None, 1).__enter__()


@pytest.mark.slow
def test_a_run_ends_when_no_worker_is_left(monkeypatch, capfd):
    monkeypatch.setattr(watch, "_WITHOUT_WORKER_SECONDS", 1)
    with open_cluster(None, 1) as client:
        future = client.submit(time.sleep, 100)
        cluster: Any = client.cluster
        cluster.scale(0)
        with pytest.raises(Exception, match=r"cancelled|lost"):
            future.result(timeout=60)
    assert "no worker is left, and no other one starts" in capfd.readouterr().err


@pytest.mark.slow
def test_a_worker_that_is_stopped_is_replaced(tmp_path):
    """A run does not wait for it for ever."""
    started = started_run("22", "--jobs", "1", "--out", tmp_path)
    until(lambda: len(finished_trials(tmp_path)) >= 3, 60)
    # Its worker is the one process that was forked from another child of the run.
    forked = [
        process
        for process in psutil.Process(started.pid).children(recursive=True)
        if process.ppid() != started.pid and os.getsid(process.pid) != process.pid
    ]
    for process in forked:
        process.suspend()
    _, errors = started.communicate(timeout=200)
    assert started.returncode == 0, errors


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.5, 1.5, 2.0, 2.5, 3.5, 5.0])
def test_ctrl_c_while_modules_are_imported_shows_no_traceback(tmp_path, seconds):
    started = started_run("03", "--out", tmp_path)
    time.sleep(seconds)
    os.killpg(started.pid, signal.SIGINT)  # as a terminal does
    _, errors = started.communicate(timeout=60)
    assert "Traceback" not in errors
    assert errors.endswith("modclock: stopped; finished trials are kept\n")


def test_outputs_that_can_not_be_locked_are_one_line(out, monkeypatch):
    def none(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", none)
    with pytest.raises(MachineError, match=r"lock can't be locked, so .*: No locks available; "):
        run_study(["01"], "smoke")


@pytest.mark.parametrize("blocks", [16, 100, 300])
def test_a_disk_that_is_full_while_a_notebook_is_written_is_one_line(smoke_run, tmp_path, blocks):
    out = tmp_path / "out"
    shutil.copytree(smoke_run.out, out)
    done = run(f"ulimit -f {blocks}", out, force=True)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    told = done.stderr.splitlines()[-1]
    assert re.fullmatch(f"modclock: error: {out}/\\S+: can't be written: File too large", told)
    assert not list(out.glob("smoke/**/.*"))
    assert run("", out, force=True).returncode == 0


def test_a_user_without_a_home_is_one_line():
    unknown = "import pwd; pwd.getpwuid = {}.__getitem__; from modclock.study.cli import main; "
    environment = command_environment(ROOT)
    del environment["HOME"]
    done = subprocess.run(
        [sys.executable, "-c", f"{unknown}main(['report'])"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    refused(done, "HOME is not set, and this user has no home folder")

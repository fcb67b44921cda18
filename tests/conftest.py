"""Fixtures of all tests."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import pytest
from filelock import FileLock
from hypothesis import settings

from support import ROOT, command_environment, started_run

# Without it scikit-learn skips its array API checks; SciPy reads it when it is imported.
os.environ.setdefault("SCIPY_ARRAY_API", "1")

# A shell that starts something in the background lets it ignore Ctrl-C, and all that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long one example takes says more about what else the machine does.
settings.register_profile("side by side", deadline=None)
settings.load_profile("side by side")

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """In CI no test may skip."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("MODCLOCK_NO_SKIP"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may skip: {report.longrepr}"
    return report


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An output folder of the test's own."""
    folder = tmp_path / "outputs"
    monkeypatch.setenv("MODCLOCK_OUT", str(folder))
    return folder


@pytest.fixture
def study_copy(tmp_path: Path) -> Path:
    """A copy of the study that a test may change."""
    copy = tmp_path / "study"
    for name in ("lib", "notebooks", "params"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.fixture
def modclock() -> Command:
    """Run the `modclock` command as a user does: modclock("run", ..., study=folder)."""

    def command(*arguments: str, study: Path = ROOT, cwd: Path | None = None):
        return subprocess.run(
            [sys.executable, "-m", "modclock.study.cli", *arguments],
            env=command_environment(study),
            cwd=cwd or study,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return command


class TimedRun(NamedTuple):
    seconds: float
    status: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class SmokeRun:
    """A `modclock run --profile smoke` into a fresh folder, the same once more, what that changed.

    Tests share the folder, so they leave it as it is.
    """

    parent: str
    first: TimedRun
    again: TimedRun
    changed: list[str]

    @property
    def out(self) -> Path:
        return Path(self.parent) / "outputs"

    @property
    def folder(self) -> Path:
        return self.out / "smoke"


@pytest.fixture(scope="session")
def smoke_run(tmp_path_factory: pytest.TempPathFactory) -> SmokeRun:
    """One smoke run for all test processes."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "smoke"
    folder.mkdir(exist_ok=True)
    record = folder / "run.json"
    with FileLock(folder / "lock"):
        if not record.exists():
            record.write_text(json.dumps(asdict(run_twice(folder))))
    found = json.loads(record.read_text())
    first, again = (TimedRun(*found.pop(name)) for name in ("first", "again"))
    return SmokeRun(first=first, again=again, **found)


@pytest.fixture(scope="session", autouse=True)
def smoke_run_comes_first(request: pytest.FixtureRequest) -> None:
    """While it is timed no other test runs: each test process waits for it."""
    if any("smoke_run" in getattr(item, "fixturenames", ()) for item in request.session.items):
        request.getfixturevalue("smoke_run")


def run_twice(folder: Path) -> SmokeRun:
    out = folder / "outputs"
    first = timed_run(out)
    before = written(out)
    again = timed_run(out)
    return SmokeRun(str(folder), first, again, sorted(name for name, _ in written(out) - before))


def timed_run(out: Path) -> TimedRun:
    start = time.monotonic()
    run = started_run("--out", out)
    stdout, stderr = run.communicate()
    return TimedRun(time.monotonic() - start, run.returncode, stdout, stderr)


def written(out: Path) -> set[tuple[str, int]]:
    """The files of a run and when they were written, but for the lock."""
    files = (path for path in out.rglob("*") if path.is_file() and path.name != ".lock")
    return {(str(path.relative_to(out)), path.stat().st_mtime_ns) for path in files}

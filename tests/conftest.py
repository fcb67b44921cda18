"""Fixtures of all tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from support import ROOT, command_environment

# Without it scikit-learn skips its array API checks; SciPy reads it when it is imported.
os.environ.setdefault("SCIPY_ARRAY_API", "1")

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


@dataclass(frozen=True)
class SmokeRun:
    """A finished `modclock run --profile smoke` into a fresh folder."""

    out: Path
    seconds: float
    status: int
    stderr: str

    @property
    def folder(self) -> Path:
        return self.out / "smoke"


@pytest.fixture(scope="session")
def smoke_run(tmp_path_factory: pytest.TempPathFactory) -> SmokeRun:
    out = tmp_path_factory.mktemp("smoke") / "outputs"
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "modclock.study.cli", "run", "--profile", "smoke", "--out", out],
        env=command_environment(ROOT),
        capture_output=True,
        text=True,
        check=False,
    )
    return SmokeRun(out, time.monotonic() - start, done.returncode, done.stderr)

"""Fixtures of all tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

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


def command_environment(study: Path) -> dict[str, str]:
    """The environment in which `modclock` runs the study in a folder."""
    ours = ("MODCLOCK_", "SCIPY_ARRAY_API")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return clean | {"PYTHONPATH": str(study / "lib")}


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

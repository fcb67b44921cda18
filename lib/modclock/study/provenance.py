"""What a result was made with: commit, package versions, machine."""

from __future__ import annotations

import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

from modclock.study.project import project_root

PACKAGES = (
    "modclock", "dask", "distributed", "equinox", "jax", "jaxlib", "matplotlib", "nbconvert",
    "numpy", "optax", "pandas", "papermill", "scikit-learn", "scipy", "seaborn", "threadpoolctl",
)  # fmt: skip


def provenance() -> dict[str, Any]:
    """Commit, versions and machine as plain values."""
    return {
        "commit": _git("rev-parse", "HEAD") or "unknown",
        "uncommitted_changes": bool(_git("status", "--porcelain", "--untracked-files=no")),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "platform": platform.platform(),
        "cpu": _cpu_model(),
    }


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=project_root(), capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _cpu_model() -> str:
    """The processor's name; `platform.processor()` is empty on many Linux systems."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()

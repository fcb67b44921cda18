"""What a result was made with: commit, package versions, machine."""

from __future__ import annotations

import platform
import re
import subprocess
from pathlib import Path
from typing import Any

from modclock.study.keys import package_version
from modclock.study.project import project_root

PACKAGES = (
    "modclock", "dask", "distributed", "equinox", "jax", "jaxlib", "matplotlib", "nbconvert",
    "numpy", "optax", "pandas", "papermill", "scikit-learn", "scipy", "seaborn", "threadpoolctl",
)  # fmt: skip
_VECTOR_UNIT = re.compile(r"avx|fma|amx")


def provenance() -> dict[str, Any]:
    """Commit, versions and machine as plain values."""
    return {
        "commit": _git("rev-parse", "HEAD") or "unknown",
        "uncommitted_changes": bool(_git("status", "--porcelain", "--untracked-files=no")),
        "python": platform.python_version(),
        "packages": {name: package_version(name) for name in PACKAGES},
        "platform": platform.platform(),
        "cpu": _cpu_type(),
    }


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=project_root(), capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _cpu_type() -> str:
    """The processor's name, and what decides how numeric libraries round: its vector units.

    `platform.processor()` is empty on many Linux systems.
    """
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    first = {
        name.strip(): text.strip() for name, _, text in (x.partition(":") for x in lines[::-1])
    }
    name = first.get("model name") or platform.processor() or platform.machine()
    units = sorted(flag for flag in first.get("flags", "").split() if _VECTOR_UNIT.match(flag))
    return f"{name} ({' '.join(units)})" if units else name

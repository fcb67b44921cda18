"""What a result was made with: commit, package versions, machine."""

from __future__ import annotations

import platform
import subprocess
from pathlib import Path
from typing import Any

from modclock.study.project import project_root
from modclock.study.trials.environment import here, of_trials
from modclock.study.trials.packages import package_version

PACKAGES = (
    "modclock", "dask", "distributed", "equinox", "jax", "jaxlib", "matplotlib", "nbconvert",
    "numpy", "optax", "pandas", "papermill", "scikit-learn", "scipy", "seaborn", "threadpoolctl",
)  # fmt: skip


def provenance() -> dict[str, Any]:
    """Those fields of a `RunRecord` that say what it was made with."""
    around = here()
    trials = of_trials()
    return {
        **_commit(),
        "python": around.pop("python"),
        "packages": {name: package_version(name) for name in PACKAGES},
        "platform": platform.platform(),
        "cpu": around.pop("cpu"),
        "environment": {name: value for name, value in around.items() if name != "platform"},
        "trials_on": None if trials == here() else trials,
    }


def _commit() -> dict[str, Any]:
    """The study's own commit; that of a repository which only contains its folder is none."""
    top = _git("rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != project_root().resolve():
        return {"commit": "unknown", "uncommitted_changes": False}
    return {
        "commit": _git("rev-parse", "HEAD") or "unknown",
        "uncommitted_changes": bool(_git("status", "--porcelain", "--untracked-files=no")),
    }


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=project_root(), capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()

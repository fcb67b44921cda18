"""What tests of the study half share."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]


def command_environment(study: Path) -> dict[str, str]:
    """The environment in which `modclock` runs the study in a folder."""
    ours = ("MODCLOCK_", "SCIPY_ARRAY_API")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return clean | {"PYTHONPATH": str(study / "lib")}

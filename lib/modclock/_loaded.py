"""Which state of its files this process has loaded: stamps, taken before all else of the package.

A result is kept under the code that made it. A file that is edited while a run is at work, or
behind the back of a live kernel, is not the code that is in memory; see `modclock.study.trials`.
"""

from __future__ import annotations

import os
from pathlib import Path

Stamp = tuple[int, int]


def stamp(path: Path) -> Stamp | None:
    """When a file was last written, in nanoseconds, and its size; None for no file."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


STAMPS: dict[Path, Stamp | None] = {
    path: stamp(path) for path in Path(__file__).parent.rglob("*.py")
}

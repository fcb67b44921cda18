"""One folder for all temporary files of a run, and what runs that were killed have left there."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from contextlib import suppress
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "mc-"  # short, as names of sockets have to be
_LOCK = ".lock"
_STARTING_SECONDS = 60  # what is younger may be of a run that has not locked it yet


@cache
def own_temporary_folder() -> FileLock | None:
    """Make a folder in the temporary one, for this process and those that it starts.

    It is locked as long as this process lives, and removed when it ends. What is not locked any
    more is of a run that was killed, and is removed as well. A process that a run has started
    uses that run's folder.

    Returns
    -------
    The lock, which is held as long as somebody has it; None in a process that a run has started.
    """
    if Path(tempfile.gettempdir()).name.startswith(PREFIX):
        return None
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    lock = FileLock(folder / _LOCK)
    with suppress(OSError):  # where there are no locks, no other run can take it for left
        lock.acquire()
    # After multiprocessing, which has priority -100, has removed what is its own there.
    Finalize(None, shutil.rmtree, (folder, True), exitpriority=-1000)
    for other in folder.parent.glob(f"{PREFIX}*"):
        if _may_be_left(other, folder.stat().st_uid):
            _remove_if_left(other)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    os.environ.setdefault("JUPYTER_RUNTIME_DIR", str(folder))
    return lock


def _may_be_left(other: Path, owner: int) -> bool:
    """Whether it is a folder of this user that is old enough to have been locked."""
    try:
        found = other.lstat()
    except OSError:  # it has just been removed
        return False
    old = time.time() - found.st_ctime > _STARTING_SECONDS
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and old


def _remove_if_left(other: Path) -> None:
    try:
        with FileLock(other / _LOCK, timeout=0):
            shutil.rmtree(other, ignore_errors=True)
    except (Timeout, OSError):  # a run is at work in it, or removes it just now
        return

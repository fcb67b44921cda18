"""A copy of the study that may be spoilt, and a watch over what is written outside of it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from fuzzing.damage import remove


class Sandbox:
    """A copy of the study, folders for outputs, and what writes outside of them."""

    def __init__(self, folder: Path, outputs: Path) -> None:
        self.study = folder / "study"
        self.out = folder / "work" / "out"
        self.base = outputs
        mine = Path(tempfile.gettempdir())
        self.allowed = [folder / "work", self.study / "outputs", mine / "mc-", Path("/dev")]
        self.watching = False
        self.written: list[str] = []
        self.out.parent.mkdir()
        os.chdir(self.out.parent)
        sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.watching:
            return
        paths: list[Any] = []
        if event == "open":
            flags = arguments[2] or 0
            if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC):
                paths = [arguments[0]]
        elif event in ("os.mkdir", "os.remove", "os.rmdir", "os.truncate", "sqlite3.connect"):
            paths = [arguments[0]]
        elif event in ("os.rename", "os.link", "os.symlink"):
            paths = [arguments[1]]
        for path in paths:
            if isinstance(path, int):
                continue
            whole = os.path.abspath(os.fsdecode(path))
            published = whole.startswith(str(self.study / "outputs" / "reference"))
            if published or not any(whole.startswith(str(place)) for place in self.allowed):
                self.written.append(f"{event} {whole}")

    def restore(self) -> None:
        """Outputs as a run has left them; files that are as they were keep their times."""
        wanted = {path.relative_to(self.base) for path in self.base.rglob("*")}
        for path in sorted(self.out.rglob("*"), reverse=True):
            if path.relative_to(self.out) not in wanted or path.is_symlink():
                remove(path)
        for name in sorted(wanted):
            source, target = self.base / name, self.out / name
            if source.is_dir():
                if not target.is_dir():
                    remove(target)
                    target.mkdir(parents=True)
            elif not (target.is_file() and _like(source, target)):
                remove(target)
                shutil.copy2(source, target)


def _like(source: Path, target: Path) -> bool:
    one, other = source.stat(), target.stat()
    return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)

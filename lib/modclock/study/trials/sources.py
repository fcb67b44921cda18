"""What code can be reached from a module, by imports in whatever form.

Modules of this package, and a reader's own, are followed; what is installed beside them counts with
its version, see `packages`. An import that can't be resolved is an error that names its line.

A package's `__init__` that only re-exports counts with its own text, but of what it imports only
the names that are asked for are followed: else one encoder would bring all others along.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from modclock.study.trials.imports import Import, reexports
from modclock.study.trials.module_files import (
    bytes_digest,
    checked_stamp,
    code_digest,
    data_files,
    imports_in,
    is_ours,
    is_reexporting,
    source_file,
    spec_of,
)

# Hands out what trials name; what it hands out is among the parts of a trial, and counts there.
_NOT_FOLLOWED = "modclock.study.trials.lookup"


class Reached(NamedTuple):
    """What code a trial can reach.

    Attributes
    ----------
    digests : for every file, by module (or module and file name), the SHA-256 of what it says.
    outside : names of the top-level packages that are installed, none of the standard library.
    """

    digests: dict[str, str]
    outside: frozenset[str]


def reached_from(modules: Iterable[str]) -> Reached:
    """All code that the modules can reach, themselves included.

    Raises
    ------
    ValueError : for an import that can't be resolved, or a module without a source.
    CodeChangedError : if a file has changed since this process loaded it.

    Examples
    --------
    >>> found = reached_from(["modclock.encoders.cycle"])
    >>> [name for name in found.digests if "cycle" in name or "htm" in name]
    ['modclock.encoders.cycle']
    >>> sorted(found.outside)
    ['numpy', 'scipy', 'sklearn']
    """
    reached, files = _reached(tuple(sorted(modules)), tuple(sys.path))
    for file in files:
        checked_stamp(file)
    return reached


@cache
def _reached(modules: tuple[str, ...], _path: tuple[str, ...]) -> tuple[Reached, list[Path]]:
    """What can be reached, and its files."""
    walk = _Walk()
    for name in modules:
        walk.visit(name)
    digests: dict[str, str] = {}
    files: list[Path] = []
    for name in sorted(walk.seen):
        file = source_file(name)
        if file is None:  # a folder without an __init__
            continue
        is_source = file.suffix == ".py"  # else it was compiled
        beside = data_files(file, checked_stamp(file)) if is_source else ()
        digests[name] = (code_digest if is_source else bytes_digest)(file, checked_stamp(file))
        digests |= {
            f"{name}: {data.relative_to(file.parent)}": bytes_digest(data, checked_stamp(data))
            for data in beside
        }
        files += [file, *beside]
    return Reached(digests, frozenset(walk.outside)), files


class _Walk:
    """Follows imports. A package that was imported for some of its names alone is `seen`, but not
    among the `whole` ones.
    """

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.whole: set[str] = set()
        self.outside: set[str] = set()

    def visit(self, name: str, *, wanted: str | None = None) -> None:
        """Reach a module: all of it, or of a package that re-exports one name."""
        top = name.partition(".")[0]
        if top == "__main__":
            raise ValueError("a trial's class is defined in a module, not in a notebook or script")
        if top in sys.stdlib_module_names:
            return
        if not is_ours(top):
            self.outside.add(top)
            return
        if "." in name:
            self.visit(name.rpartition(".")[0], wanted="")  # Python runs it first
        file = source_file(name)
        if wanted is not None and file is not None and file.name == "__init__.py":
            found = imports_in(file, name, checked_stamp(file))
            if is_reexporting(file, checked_stamp(file)):
                self._visit_part(name, wanted, found)
                return
        if name in self.whole:
            return
        self.seen.add(name)
        self.whole.add(name)
        if file is not None and file.suffix == ".py" and name != _NOT_FOLLOWED:
            for item in imports_in(file, name, checked_stamp(file)):
                self._follow(item)

    def _visit_part(self, name: str, wanted: str, found: tuple[Import, ...]) -> None:
        first = name not in self.seen
        self.seen.add(name)
        for item in found:
            if item.name is None and first:  # imported for what it does
                self._follow(item)
        if wanted:
            for item in reexports(found, wanted):
                self._follow(item)

    def _follow(self, item: Import) -> None:
        """An import, of a module or of a name that a module may have."""
        if not item.is_certain and not self._is_module(item.module):
            return
        if item.name is None:
            self.visit(item.module)
            return
        inner = f"{item.module}.{item.name}"
        is_module = self._is_module(inner)
        if is_module:
            self.visit(inner)
        file = source_file(item.module) if is_ours(item.module.partition(".")[0]) else None
        if file is not None and file.name == "__init__.py":
            bound = any(reexports(imports_in(file, item.module, checked_stamp(file)), item.name))
            if is_module or bound:
                self.visit(item.module, wanted=item.name)
                return
        if not is_module:
            self.visit(item.module)

    @staticmethod
    def _is_module(name: str) -> bool:
        """Whether a name is that of a module that is followed."""
        return is_ours(name.partition(".")[0]) and spec_of(name) is not None

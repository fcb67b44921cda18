"""What code can be reached from a module, by imports in whatever form.

Modules of this package, and a reader's own, are followed; what is installed beside them counts with
its version, see `packages`. An import that can't be resolved is an error that names its line.

A package's `__init__` that only re-exports counts with its own text, but of what it imports only
the names that are asked for are followed: else one encoder would bring all others along.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import NamedTuple

from modclock._loaded import STAMPS, Stamp, stamp
from modclock.study.errors import CodeChangedError
from modclock.study.trials.imports import Import, imports_of, only_reexports, reexports

# Hands out what trials name; what it hands out is among the parts of a trial, and counts there.
_NOT_FOLLOWED = "modclock.study.trials.lookup"
_INSTALLED = {"site-packages", "dist-packages"}  # folders


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
    ['numpy', 'sklearn']
    """
    reached, files = _reached(tuple(sorted(modules)), tuple(sys.path))
    for file in files:
        _checked_stamp(file)
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
        beside = _data_files(file, _checked_stamp(file)) if is_source else ()
        digests[name] = (_digest if is_source else _bytes_digest)(file, _checked_stamp(file))
        digests |= {
            f"{name}: {data.name}": _bytes_digest(data, _checked_stamp(data)) for data in beside
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
            found = _imports(file, name, _checked_stamp(file))
            if _only_reexports(file, _checked_stamp(file)):
                self._visit_part(name, wanted, found)
                return
        if name in self.whole:
            return
        self.seen.add(name)
        self.whole.add(name)
        if file is not None and file.suffix == ".py" and name != _NOT_FOLLOWED:
            for item in _imports(file, name, _checked_stamp(file)):
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
        if item.name is None:
            self.visit(item.module)
            return
        inner = f"{item.module}.{item.name}"
        is_module = is_ours(inner.partition(".")[0]) and _spec(inner) is not None
        if is_module:
            self.visit(inner)
        file = source_file(item.module) if is_ours(item.module.partition(".")[0]) else None
        if file is not None and file.name == "__init__.py":
            bound = any(reexports(_imports(file, item.module, _checked_stamp(file)), item.name))
            if is_module or bound:
                self.visit(item.module, wanted=item.name)
                return
        if not is_module:
            self.visit(item.module)


def is_ours(top: str) -> bool:
    """Whether a top-level module is followed: this package, or a reader's own.

    >>> is_ours("modclock"), is_ours("numpy")
    (True, False)
    """
    return top == "modclock" or _is_beside(top, tuple(sys.path))


@cache
def _is_beside(top: str, _path: tuple[str, ...]) -> bool:
    """Whether a module is neither installed nor of the standard library."""
    spec = None if top in sys.stdlib_module_names else _spec(top)
    if spec is None:
        return False
    places = [Path(place).resolve() for place in (spec.origin, *_locations(spec)) if place]
    places = [place for place in places if place.exists()]  # "built-in" and the like are none
    return bool(places) and not any(_INSTALLED & set(place.parts) for place in places)


def source_file(module: str) -> Path | None:
    """The file of a module that is ours; None for a folder without an `__init__`.

    Raises
    ------
    ValueError : if there is no such module, or no file of it.
    """
    return _file(module, tuple(sys.path))


@cache
def _file(module: str, _path: tuple[str, ...]) -> Path | None:
    spec = _spec(module)
    if spec is None:
        raise ValueError(f"there is no module {module}")
    if spec.origin is None and spec.submodule_search_locations is not None:
        return None
    path = Path(spec.origin or "")
    if not path.is_file():
        raise ValueError(f"module {module} has no file")
    return path


def _spec(module: str) -> ModuleSpec | None:
    return _found(module, tuple(sys.path))


@cache
def _found(module: str, _path: tuple[str, ...]) -> ModuleSpec | None:
    """Found without running the package that it is in."""
    parent, _, _ = module.rpartition(".")
    if parent:
        inside = _spec(parent)
        return PathFinder.find_spec(module, _locations(inside)) if inside else None
    try:
        return importlib.util.find_spec(module)
    except ValueError:  # __main__, a notebook
        return None


def _locations(spec: ModuleSpec) -> list[str]:
    return list(spec.submodule_search_locations or ())


def _checked_stamp(path: Path) -> Stamp:
    """The stamp of a file, if it is the one that it had when this process loaded it."""
    now = stamp(path)
    if STAMPS.setdefault(path, now) != now or now is None:
        raise CodeChangedError(
            f"{path} has changed since this process loaded it: start the run again, or restart "
            "the kernel"
        )
    return now


@cache
def _tree(path: Path, _stamp: Stamp) -> ast.Module:
    return ast.parse(path.read_bytes(), filename=str(path))


@cache
def _imports(path: Path, module: str, stamped: Stamp) -> tuple[Import, ...]:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return tuple(imports_of(_tree(path, stamped), package, str(path)))


@cache
def _only_reexports(path: Path, stamped: Stamp) -> bool:
    return only_reexports(_tree(path, stamped))


@cache
def _digest(path: Path, _stamp: Stamp) -> str:
    """SHA-256 of a module's code, without comments, docstrings and `__version__`."""
    return hashlib.sha256(
        ast.unparse(_without_docstrings(ast.parse(path.read_bytes()))).encode()
    ).hexdigest()


def _without_docstrings(tree: ast.Module) -> ast.Module:
    tree.body = [node for node in tree.body if not _is_version(node)]
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, kinds) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def _is_version(node: ast.stmt) -> bool:
    """A release of the package alone changes no number."""
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__version__"


@cache
def _bytes_digest(path: Path, _stamp: Stamp) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def _data_files(path: Path, stamped: Stamp) -> tuple[Path, ...]:
    """What a module may read: files in its package, and those beside it that it names."""
    if (path.parent / "__init__.py").exists():
        found = set(_inside(path.parent))
    else:
        values = (n.value for n in ast.walk(_tree(path, stamped)) if isinstance(n, ast.Constant))
        words = {value for value in values if isinstance(value, str)}
        found = {file for file in path.parent.iterdir() if file.name in words and file.is_file()}
    return tuple(sorted(file for file in found if file.suffix not in (".py", ".pyc")))


def _inside(folder: Path) -> Iterator[Path]:
    """Files of a package, without the packages in it."""
    for path in folder.iterdir():
        if path.is_file():
            yield path
        elif path.name != "__pycache__" and not (path / "__init__.py").exists():
            yield from _inside(path)

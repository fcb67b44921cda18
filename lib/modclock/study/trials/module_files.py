"""The files of modules: where they are, what they say, and whether that is what was loaded."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import marshal
import struct
import sys
from collections.abc import Iterator
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

import modclock
from modclock._loaded import STAMPS, Stamp, stamp
from modclock.study.errors import CodeChangedError
from modclock.study.trials.imports import Import, imports_of, only_reexports

_INSTALLED = {"site-packages", "dist-packages"}  # folders
_LONGEST_NAME = 255  # of a file, on most systems; longer words of a module name none


def is_ours(top: str) -> bool:
    """Whether a top-level module is followed: this package, or a reader's own.

    >>> is_ours("modclock"), is_ours("numpy")
    (True, False)
    """
    return top == "modclock" or _is_beside(top, tuple(sys.path))


@cache
def _is_beside(top: str, _path: tuple[str, ...]) -> bool:
    """Whether a module is neither installed nor of the standard library."""
    spec = None if top in sys.stdlib_module_names else spec_of(top)
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
    spec = spec_of(module)
    if spec is None:
        raise ValueError(f"there is no module {module}")
    if spec.origin is None and spec.submodule_search_locations is not None:
        return None
    path = Path(spec.origin or "")
    if not path.is_file():
        raise ValueError(f"module {module} has no file")
    return path


def spec_of(module: str) -> ModuleSpec | None:
    """Where Python would find a module; None for no module."""
    return _found(module, tuple(sys.path))


@cache
def _found(module: str, _path: tuple[str, ...]) -> ModuleSpec | None:
    """Found without running the package that it is in."""
    parent, _, _ = module.rpartition(".")
    if parent:
        inside = spec_of(parent)
        return PathFinder.find_spec(module, _locations(inside)) if inside else None
    try:
        return importlib.util.find_spec(module)
    except ValueError:  # __main__, a notebook
        return None


def _locations(spec: ModuleSpec) -> list[str]:
    return list(spec.submodule_search_locations or ())


def checked_stamp(path: Path) -> Stamp:
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
def imports_in(path: Path, module: str, stamped: Stamp) -> tuple[Import, ...]:
    """All imports of a file, which is that module.

    Raises
    ------
    ValueError : for an import that can't be resolved.
    """
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return tuple(imports_of(_tree(path, stamped), package, str(path)))


@cache
def is_reexporting(path: Path, stamped: Stamp) -> bool:
    """Whether a file, an `__init__`, does nothing but re-export."""
    return only_reexports(_tree(path, stamped))


@cache
def code_digest(path: Path, _stamp: Stamp) -> str:
    """SHA-256 of a module's code, without comments, docstrings and `__version__`.

    Raises
    ------
    CodeChangedError : if Python would load bytecode that is not that of the file.
    """
    _check_bytecode(path)
    code = ast.unparse(_without_docstrings(ast.parse(path.read_bytes())))
    return hashlib.sha256(code.encode()).hexdigest()


def _check_bytecode(path: Path) -> None:
    """Python takes a .pyc for current by whole seconds and size, and some by nothing at all."""
    cached = Path(importlib.util.cache_from_source(str(path)))
    if not cached.exists() or cached.stat().st_size <= 16:  # only a header, or nothing
        return
    source, compiled = path.read_bytes(), cached.read_bytes()
    flags, written, size = struct.unpack("<4xLLL", compiled[:16])
    by_time = flags == 0 and (written, size) == (int(path.stat().st_mtime), len(source))
    if not (by_time or flags == 1) or compiled[:4] != importlib.util.MAGIC_NUMBER:
        return
    if marshal.loads(compiled[16:]) != compile(source, str(path), "exec", dont_inherit=True):
        raise CodeChangedError(f"{cached} is not the bytecode of {path}: delete it")


def package_digest() -> str:
    """SHA-256 of all files of this package, as this process has loaded them.

    Raises
    ------
    CodeChangedError : if one of them has changed since.
    """
    folder = Path(modclock.__file__).parent
    files = (path for path in sorted(folder.rglob("*")) if "__pycache__" not in path.parts)
    digests = [bytes_digest(path, checked_stamp(path)) for path in files if path.is_file()]
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def changed_files() -> list[str]:
    """Files of this package that are no longer what this process has loaded."""
    return sorted(str(path) for path, loaded in STAMPS.items() if stamp(path) != loaded)


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
def bytes_digest(path: Path, _stamp: Stamp) -> str:
    """SHA-256 of a file as it is."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def data_files(path: Path, stamped: Stamp) -> tuple[Path, ...]:
    """What a module may read: files in its package; beside a module alone the files that it names,
    and all in the folders that it names.
    """
    if (path.parent / "__init__.py").exists():
        found = set(_inside(path.parent))
    else:
        values = (n.value for n in ast.walk(_tree(path, stamped)) if isinstance(n, ast.Constant))
        words = {value for value in values if isinstance(value, str) and "\0" not in value}
        named = [path.parent / word for word in words if len(word) < _LONGEST_NAME]
        found = {file for file in named if file.is_file()}
        for folder in named:
            if path.parent in folder.resolve().parents and folder.is_dir():
                found |= set(_inside(folder))
    return tuple(sorted(file for file in found if file.suffix not in (".py", ".pyc")))


def _inside(folder: Path) -> Iterator[Path]:
    """Files of a package, without the packages in it."""
    for path in folder.iterdir():
        if path.is_file():
            yield path
        elif path.name != "__pycache__" and not (path / "__init__.py").exists():
            yield from _inside(path)

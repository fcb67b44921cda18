"""The imports that a module's text holds, in whatever form they are written."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

# What can import without an import statement; its arguments are seen when it is called by name.
_DYNAMIC = {"importlib", "runpy", "pkgutil", "imp", "zipimport"}
_HARMLESS = {"importlib.metadata", "importlib.resources"}
_NO_IMPORT = {"", "invalidate_caches"}
# In a reader's module: what they run or find is in no file that its text names.
_UNSEEN = {"exec", "eval", "compile", "sys.path.append", "sys.path.insert", "sys.path.extend"}


class Import(NamedTuple):
    """One import.

    Attributes
    ----------
    module : absolute name of the module.
    name : what is taken out of it, a name or a module inside; None for the module itself.
    bound : what it is called where it is imported.
    is_certain : False for an attribute that may be a module or not.
    """

    module: str
    name: str | None = None
    bound: str = ""
    is_certain: bool = True


def imports_of(tree: ast.Module, package: str, place: str) -> Iterator[Import]:
    r"""All imports of a module.

    Parameters
    ----------
    tree : the parsed module.
    package : the package that relative imports start from.
    place : what the module is called in errors.

    Raises
    ------
    ValueError : for an import that can't be resolved before it is run.

    Examples
    --------
    >>> tree = ast.parse("import numpy as np\nfrom .sdr import k_winners_take_all")
    >>> [item[:2] for item in imports_of(tree, "modclock", "pairing.py")]
    [('numpy', None), ('modclock.sdr', 'k_winners_take_all')]
    >>> list(imports_of(ast.parse("\n__import__(name)"), "", "own.py"))
    Traceback (most recent call last):
    ...
    ValueError: own.py, line 2: an import that can't be resolved: __import__(name)
    """
    yield from _attributes(tree, package, place)
    importers: set[str] = {"__import__"}
    others: set[str] = set()  # functions that import in other ways
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, None, alias.asname or alias.name)
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(node, package, place)
            for alias in node.names:
                name = None if alias.name == "*" else alias.name
                yield Import(module, name, alias.asname or alias.name)
            for alias in node.names if _imports_by_call(module) else ():
                bound = importers if alias.name == "import_module" else others
                bound.add(alias.asname or alias.name)
    modules = {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if _imports_by_call(alias.name)
    }
    yield from _dynamic(tree, importers, others, modules, package, place)


def _attributes(tree: ast.Module, package: str, place: str) -> Iterator[Import]:
    """What is read of imported modules: `a.b.c` after `import a` may be a module inside."""
    bound: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                bound[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(node, package, place)
            bound |= {alias.asname or alias.name: f"{module}.{alias.name}" for alias in node.names}
    read = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for name in sorted(read):
        top, _, rest = name.partition(".")
        if top in bound and rest.replace(".", "").isidentifier():
            yield Import(f"{bound[top]}.{rest}", is_certain=False)


def _imports_by_call(module: str) -> bool:
    return module.partition(".")[0] in _DYNAMIC and module not in _HARMLESS


def _dynamic(
    tree: ast.Module,
    importers: set[str],
    others: set[str],
    modules: set[str],
    package: str,
    place: str,
) -> Iterator[Import]:
    """Imports by a call, or by `sys.modules`: those of a literal name; all others are errors, as is
    code that is in no file.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in _UNSEEN and package.partition(".")[0] != "modclock":
                raise ValueError(
                    f"{place}, line {node.lineno}: code that can't be followed: "
                    f"{ast.unparse(node)}; write it, or import it, from a module beside yours"
                )
            top, _, rest = called.partition(".")
            if called not in importers | others and (top not in modules or rest in _NO_IMPORT):
                continue
            first = node.args[0] if node.args else None
            is_import = called in importers or rest == "import_module"
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "sys.modules":
            first, is_import = node.slice, True
        else:
            continue
        if not (is_import and isinstance(first, ast.Constant) and isinstance(first.value, str)):
            raise ValueError(
                f"{place}, line {node.lineno}: an import that can't be resolved: "
                f"{ast.unparse(node)}"
            )
        name = first.value
        if name.startswith("."):
            name = _relative(len(name) - len(name.lstrip(".")), name.lstrip("."), package, place)
        yield Import(name)


def _absolute(node: ast.ImportFrom, package: str, place: str) -> str:
    if not node.level:
        return node.module or ""
    return _relative(node.level, node.module or "", package, place)


def _relative(level: int, name: str, package: str, place: str) -> str:
    parts = package.split(".") if package else []
    if level > len(parts):
        raise ValueError(f"{place}: a relative import that leads out of its package")
    return ".".join([*parts[: len(parts) - level + 1], *([name] if name else [])])


def only_reexports(tree: ast.Module) -> bool:
    r"""Whether a module only re-exports: docstring, imports, `__all__`, a version.

    Examples
    --------
    >>> only_reexports(ast.parse("from a import b\n__all__ = ['b']"))
    True
    >>> only_reexports(ast.parse("from a import b\nb.size = 3"))
    False
    """

    def is_plain(node: ast.stmt) -> bool:
        if isinstance(node, ast.Import):
            return True
        if isinstance(node, ast.ImportFrom):
            return all(alias.name != "*" for alias in node.names)
        if isinstance(node, ast.Expr):
            return isinstance(node.value, ast.Constant)
        if isinstance(node, ast.Assign):
            named = [target.id for target in node.targets if isinstance(target, ast.Name)]
            return set(named) <= {"__all__", "__version__"} and len(named) == len(node.targets)
        return False

    bound = [
        a.asname or a.name for n in tree.body if isinstance(n, ast.ImportFrom) for a in n.names
    ]
    return all(map(is_plain, tree.body)) and len(bound) == len(set(bound))


def reexports(found: Iterable[Import], name: str) -> list[Import]:
    """The imports that give a module a name."""
    return [item for item in found if item.name is not None and item.bound == name]

"""Write docs/api.md from the docstrings of the classes that other code uses.

    .venv/bin/python docs/make_api.py

A test says whether the page is current.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import modclock.encoders
from modclock.classifiers import mlp_classifier
from modclock.classifiers.value_map import ValueMapClassifier
from modclock.datasets import make_pairs, modular_sum, split_pairs
from modclock.encoders.base import BitEncoder, NumberEncoder
from modclock.pairing import PairEncoder, needed_parameters
from modclock.sdr import KWinnersTakeAll
from modclock.table_encoder import TableEncoder

PAGE = Path(__file__).parent / "api.md"
PARTS = {
    "Encoders of numbers": [getattr(modclock.encoders, name) for name in modclock.encoders.__all__],
    "Several columns": [PairEncoder, TableEncoder],
    "Bits": [KWinnersTakeAll, ValueMapClassifier],
    "For an encoder of your own": [NumberEncoder, BitEncoder],
    "Functions": [make_pairs, modular_sum, split_pairs, mlp_classifier, needed_parameters],
}
TOP = """# Encoders, PairEncoder and ValueMapClassifier

This page is written by `docs/make_api.py` from the docstrings. All classes are scikit-learn
estimators. [tables.md](tables.md) uses them on a table, and says what becomes of missing values,
new numbers, types and memory. [own_encoder.md](own_encoder.md) writes a new one.
"""
_SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}\n", flags=re.MULTILINE)


def page() -> str:
    """The whole page as Markdown."""
    parts = [TOP]
    for title, kinds in PARTS.items():
        rows = [f"| [{k.__name__}](#{k.__name__.lower()}) | {_summary(k)} |" for k in kinds]
        parts.append("\n".join([f"**{title}**\n", "| name | what it is |", "|---|---|", *rows, ""]))
    parts += [_described(kind) for kinds in PARTS.values() for kind in kinds]
    return "\n".join(parts)


def _described(kind: Any) -> str:
    """A heading, the import, the docstring by sections, and the class's own methods."""
    start, *sections = _SECTION.split(_docstring(kind))
    parts = [
        f"## {kind.__name__}\n",
        f"```python\nfrom {_home(kind)} import {kind.__name__}\n\n{_call(kind)}\n```\n",
        f"{start.strip()}\n",
    ]
    for title, text in zip(sections[::2], sections[1::2], strict=True):
        kind_of_block = "pycon" if title == "Examples" else "text"
        parts.append(f"**{title}**\n\n```{kind_of_block}\n{text.strip()}\n```\n")
    if methods := _methods(kind):
        rows = [
            f"| `{name}({_arguments(method)})` | {_first_line(method)} |"
            for name, method in methods.items()
        ]
        parts.append("\n".join(["| method | |", "|---|---|", *rows, ""]))
    return "\n".join(parts)


def _docstring(item: Any) -> str:
    return inspect.cleandoc(item.__doc__ or "")


def _summary(kind: Any) -> str:
    return _docstring(kind).partition("\n\n")[0].replace("\n", " ")


def _first_line(method: Any) -> str:
    return (
        (inspect.getdoc(method) or "").partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")
    )


def _home(kind: Any) -> str:
    """Where a class is imported from: its package, if that exports it."""
    package = kind.__module__.rpartition(".")[0]
    return package if hasattr(importlib.import_module(package), kind.__name__) else kind.__module__


def _call(kind: Any) -> str:
    """The class or function with its parameters and their defaults."""
    if inspect.isfunction(kind):
        return f"{kind.__name__}({_arguments(kind, _as_written)})"
    if "__init__" not in vars(kind) and not any("__init__" in vars(k) for k in _own(kind)):
        return f"{kind.__name__}()"
    return f"{kind.__name__}({_arguments(kind.__init__, _as_written)})"


def _as_written(arguments: ast.arguments) -> str:
    return ast.unparse(arguments).removeprefix("self").removeprefix(", ")


def _names_alone(arguments: ast.arguments) -> str:
    return ", ".join(a.arg for a in (*arguments.args[1:], *arguments.kwonlyargs))


def _arguments(function: Any, shown: Callable[[ast.arguments], str] = _names_alone) -> str:
    (parsed,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(parsed, ast.FunctionDef)
    return shown(parsed.args)


def _own(kind: Any) -> list[Any]:
    """The class and those that it is derived from, of this package."""
    return [k for k in kind.__mro__ if k.__module__.startswith("modclock.")]


def _methods(kind: Any) -> dict[str, Any]:
    """Public methods of this package, the nearest of each name, and `fit` before all."""
    found: dict[str, Any] = {}
    if inspect.isfunction(kind):
        return found
    for k in reversed(_own(kind)):
        found |= {n: m for n, m in vars(k).items() if inspect.isfunction(m) and n[0] != "_"}
    found.pop("check_parameters", None)
    return dict(sorted(found.items(), key=lambda item: item[0] != "fit"))


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")

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
from pathlib import Path
from typing import Any

import modclock.encoders
from modclock.classifiers.value_map import ValueMapClassifier
from modclock.encoders.base import BitEncoder, NumberEncoder
from modclock.pairing import PairEncoder
from modclock.sdr import KWinnersTakeAll
from modclock.table_encoder import TableEncoder

PAGE = Path(__file__).parent / "api.md"
PARTS = {
    "Encoders of numbers": [getattr(modclock.encoders, name) for name in modclock.encoders.__all__],
    "Several columns": [PairEncoder, TableEncoder],
    "Bits": [KWinnersTakeAll, ValueMapClassifier],
    "For an encoder of your own": [NumberEncoder, BitEncoder],
}
TOP = """# Encoders, PairEncoder and ValueMap

This page is written by `docs/make_api.py` from the docstrings of the classes. All are scikit-learn
estimators. [tables.md](tables.md) uses them on a table, and says what becomes of missing values,
new numbers, types and memory. [own_encoder.md](own_encoder.md) writes a new one.
"""
_SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}\n", flags=re.MULTILINE)


def page() -> str:
    """The whole page as Markdown."""
    parts = [TOP]
    for title, kinds in PARTS.items():
        rows = [f"| [{k.__name__}](#{k.__name__.lower()}) | {_summary(k)} |" for k in kinds]
        parts.append(
            "\n".join([f"**{title}**\n", "| class | what it is |", "|---|---|", *rows, ""])
        )
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
        rows = [f"| `{name}` | {_first_line(method)} |" for name, method in methods.items()]
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
    """The class with its parameters and their defaults."""
    if "__init__" not in vars(kind) and not any("__init__" in vars(k) for k in _own(kind)):
        return f"{kind.__name__}()"
    source = textwrap.dedent(inspect.getsource(kind.__init__))
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    arguments = ast.unparse(function.args).removeprefix("self").removeprefix(", ")
    return f"{kind.__name__}({arguments})"


def _own(kind: Any) -> list[Any]:
    """The class and those that it is derived from, of this package."""
    return [k for k in kind.__mro__ if k.__module__.startswith("modclock.")]


def _methods(kind: Any) -> dict[str, Any]:
    """Public methods of this package, the nearest of each name."""
    found: dict[str, Any] = {}
    for k in reversed(_own(kind)):
        found |= {n: m for n, m in vars(k).items() if inspect.isfunction(m) and n[0] != "_"}
    found.pop("check_parameters", None)
    return found


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")

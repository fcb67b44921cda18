"""The key of a trial: what its numbers depend on, and nothing else."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modclock.study.base_trial import BaseTrial

NUMERIC_PACKAGES = ("numpy", "scipy", "scikit-learn", "threadpoolctl")
JAX_PACKAGES = ("jax", "jaxlib", "equinox", "optax")


def trial_key(trial: BaseTrial) -> str:
    """SHA-256 of the trial's canonical JSON, the science it uses and the numeric packages.

    A change to one encoder module gives new keys to the trials with that encoder and to
    no others; a change to a plot, a notebook, a comment or a docstring changes no key.

    Examples
    --------
    >>> from modclock.study.trials import Trial
    >>> trial_key(Trial(k=133)) == trial_key(Trial(k=133, encoder_params={"n_clocks": 400}))
    True
    """
    modules = science_modules(frozenset(part.__module__ for part in trial.parts()))
    uses_jax = any(name.startswith("modclock.grokking.") for name in modules)
    packages = NUMERIC_PACKAGES + (JAX_PACKAGES if uses_jax else ())
    payload = {
        "trial": trial.spec(),
        "sources": {name: source_digest(name) for name in modules},
        "versions": {name: package_version(name) for name in packages},
    }
    return digest(payload)


def digest(payload: Any) -> str:
    """SHA-256 of the canonical JSON of plain values."""
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def science_modules(start: frozenset[str]) -> tuple[str, ...]:
    """The given modules and all modules of this package that they import, sorted.

    The `__init__` files of `encoders` and `classifiers` only re-export, so they count for
    nothing: else a change to one encoder would touch the trials of all.
    """
    found: set[str] = set()
    waiting = set(start)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= _imported_modules(name) - found
    return tuple(sorted(found))


@cache
def _imported_modules(name: str) -> frozenset[str]:
    imported = (node for node in ast.walk(_tree(name)) if isinstance(node, ast.ImportFrom))
    modules = {node.module for node in imported if node.module and node.level == 0}
    return frozenset(m for m in modules if m.startswith("modclock.") and not _is_package(m))


@cache
def source_digest(module: str) -> str:
    """SHA-256 of a module's code, without comments and docstrings."""
    tree = _tree(module)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return hashlib.sha256(ast.unparse(tree).encode()).hexdigest()


package_version = cache(version)  # which reads and parses a file


def _is_package(module: str) -> bool:
    return _source_file(module).name == "__init__.py"


def _tree(module: str) -> ast.Module:
    return ast.parse(_source_file(module).read_text("utf-8"))


def _source_file(module: str) -> Path:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"no source for module {module}")
    return Path(spec.origin)

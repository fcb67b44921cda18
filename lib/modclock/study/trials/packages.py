"""Versions of installed packages, by the names under which they are imported."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires, version

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# Looked up by reading all that is installed, unless it stands here.
_DISTRIBUTIONS = {"sklearn": "scikit-learn", "yaml": "pyyaml", "PIL": "pillow"}

package_version = cache(version)  # which reads and parses a file


def versions(imported: Collection[str]) -> dict[str, str]:
    """Versions of the packages that are imported, and of all that these require.

    Parameters
    ----------
    imported : names of top-level modules.

    Returns
    -------
    dict of versions by the name of the package, sorted; "missing" for one that is not installed.

    Examples
    --------
    >>> found = versions(["sklearn"])
    >>> {"numpy", "scikit-learn", "scipy"} <= found.keys()
    True
    """
    waiting = {name for module in imported for name in _distributions(module)}
    found: dict[str, str] = {}
    while waiting:
        name = waiting.pop()
        found[name] = _version_or_missing(name)
        waiting |= _required(name) - found.keys()
    return dict(sorted(found.items()))


@cache
def _distributions(module: str) -> frozenset[str]:
    if module in _DISTRIBUTIONS:
        return frozenset({_DISTRIBUTIONS[module]})
    name = canonicalize_name(module)
    if _version_or_missing(name) != "missing":
        return frozenset({name})
    named = packages_distributions().get(module, [module])
    return frozenset(canonicalize_name(found) for found in named)


@cache
def _required(name: str) -> frozenset[str]:
    try:
        lines = requires(name) or []
    except PackageNotFoundError:
        return frozenset()
    needed = (Requirement(line) for line in lines)
    here = (item for item in needed if item.marker is None or item.marker.evaluate({"extra": ""}))
    return frozenset(canonicalize_name(item.name) for item in here)


def _version_or_missing(name: str) -> str:
    try:
        return package_version(name)
    except PackageNotFoundError:
        return "missing"

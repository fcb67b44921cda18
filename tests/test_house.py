"""The package is built as CONTRIBUTING.md says: who imports whom, and which packages."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from support import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
IMPORTED_AS = {"scikit-learn": "sklearn", "pyyaml": "yaml", "pillow": "pil"}
ON_JAX = ("modclock.networks", "modclock.grokking")


def importable(*lists: list[str]) -> set[str]:
    """Names under which declared packages are imported, with those of the standard library."""
    names = {canonicalize_name(Requirement(line).name) for lines in lists for line in lines}
    known = {IMPORTED_AS.get(name, name.replace("-", "_")) for name in names}
    return known | {name.lower() for name in sys.stdlib_module_names} | {"modclock"}


def test_the_contracts_in_pyproject_hold():
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [command, "--no-cache", "--config", ROOT / "pyproject.toml"],
        cwd=ROOT / "lib",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """For every module of the package, the top-level names that it imports, in small letters."""
    graph = grimp.build_graph("modclock", include_external_packages=True, cache_dir=None)
    return {
        module: {
            name.partition(".")[0].lower()
            for name in graph.find_modules_directly_imported_by(module)
        }
        for module in graph.modules
        if module.partition(".")[0] == "modclock"
    }


def test_no_module_imports_what_its_part_of_the_package_does_not_declare(imports):
    core, extras = PROJECT["dependencies"], PROJECT["optional-dependencies"]
    for module, names in imports.items():
        allowed = importable(core)
        if module.startswith((*ON_JAX, "modclock.study")):
            allowed |= importable(extras["grokking"])
        if module.startswith("modclock.study"):
            allowed |= importable(extras["study"])
        assert names <= allowed, module


def test_everything_that_is_declared_is_imported_somewhere(imports):
    extras = PROJECT["optional-dependencies"]
    declared = importable(PROJECT["dependencies"], extras["grokking"], extras["study"])
    used = set().union(*imports.values())
    in_notebooks = {"ipython"}
    assert declared - importable() - used == in_notebooks


def names_in_contributing() -> set[str]:
    """All names in code type, without the slash at the end of a folder."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    return {name.rstrip("/") for name in re.findall(r"`([\w./-]+)`", text)}


def test_the_tests_of_the_core_can_be_collected_where_nothing_else_is_installed():
    tree = ast.parse((ROOT / "noxfile.py").read_text())
    core_tests = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "CORE_TESTS"
    )
    extras = PROJECT["optional-dependencies"]
    missing = {
        IMPORTED_AS.get(name, name.replace("-", "_"))
        for extra in ("grokking", "study", "lab")
        for name in (canonicalize_name(Requirement(line).name) for line in extras[extra])
    } - {"modclock", "threadpoolctl", "filelock"}  # scikit-learn, and nox, bring these
    assert "pydantic" in missing
    code = (
        "import sys, pytest\n"
        f"sys.modules |= dict.fromkeys({sorted(missing)})\n"
        f"sys.exit(pytest.main(['--collect-only', '-q', *{core_tests}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},  # some packages bring one
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_is_on_the_map():
    package = ROOT / "lib" / "modclock"
    children = [*package.iterdir(), *(package / "study").iterdir()]
    rooms = {
        path.relative_to(package).with_suffix("").as_posix()
        for path in children
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    rooms = {room for room in rooms if not room.rpartition("/")[2].startswith("_")}
    assert rooms - names_in_contributing() == {"study"}


def test_what_contributing_names_is_there():
    tops = {path.name for path in ROOT.iterdir() if path.is_dir()}
    paths = {name for name in names_in_contributing() if name.partition("/")[0] in tops}
    assert len(paths) > 20
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []

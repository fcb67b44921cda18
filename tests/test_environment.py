"""The three ways to install agree: pyproject.toml, requirements.lock, environment.yml."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import venv
from itertools import chain
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from support import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK_LINES = [
    line
    for line in (ROOT / "requirements.lock").read_text().splitlines()
    if not line.lstrip().startswith("#")
]
LOCK = [Requirement(line) for line in LOCK_LINES]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text())


def test_the_lock_pins_everything_exactly_and_names_no_index():
    assert all(re.fullmatch(r"==[\w.!+]+", str(item.specifier)) for item in LOCK)
    assert not [line for line in LOCK_LINES if line.startswith("-") or "://" in line]


def test_the_lock_satisfies_every_declared_dependency():
    extras = PROJECT["optional-dependencies"].values()
    declared = [*PROJECT["dependencies"], *chain.from_iterable(extras)]
    pinned = {canonicalize_name(item.name): item for item in LOCK}
    for requirement in map(Requirement, declared):
        version = str(pinned[canonicalize_name(requirement.name)].specifier).removeprefix("==")
        assert requirement.specifier.contains(version), requirement


def test_test_dependencies_stay_out_of_the_run_time_list():
    names = {Requirement(line).name for line in PROJECT["dependencies"]}
    assert not names & {"pytest", "hypothesis", "mypy", "ruff", "jupyterlab", "torch"}


def test_conda_installs_python_and_pip_and_the_rest_from_the_lock():
    *plain, pip_part = CONDA["dependencies"]
    assert plain == [f"python{PROJECT['requires-python']}", "pip"]
    assert pip_part == {"pip": ["-r requirements.lock", "-e ."]}


@pytest.fixture(scope="module")
def conda_like(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment that got the pip part of environment.yml the way conda gives it.

    conda writes the list to a requirements file beside environment.yml and calls
    `pip install -U -r` on it in that folder. Bytecode, which is left out here, takes half the time.
    """
    checkout = tmp_path_factory.mktemp("checkout")
    for name in ("pyproject.toml", "requirements.lock", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, checkout / name)
    shutil.copytree(ROOT / "lib", checkout / "lib")
    file = checkout / "condaenv.requirements.txt"
    file.write_text("\n".join(CONDA["dependencies"][-1]["pip"]))
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-compile", "-U", "-r", file],
        cwd=checkout,
        check=True,
    )
    return python


def run(python: Path, *arguments: str) -> str:
    done = subprocess.run([python, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.slow
def test_what_conda_installs_is_the_lock_and_the_package(conda_like):
    listed = run(conda_like, "-m", "pip", "list", "--format=freeze").splitlines()
    installed = {canonicalize_name(n): v for n, v in (line.split("==") for line in listed)}
    expected = {
        canonicalize_name(item.name): str(item.specifier).removeprefix("==")
        for item in LOCK
        if item.marker is None or item.marker.evaluate()
    }
    for tool in ("pip", "setuptools"):
        installed.pop(tool, None)
        expected.pop(tool, None)
    assert installed.pop("modclock") == PROJECT["version"]
    assert installed == expected


@pytest.mark.slow
def test_what_conda_installs_is_complete_and_runs(conda_like, tmp_path):
    run(conda_like, "-m", "pip", "check")
    command = conda_like.with_name("modclock")
    assert PROJECT["version"] in run(command, "--version")

"""The three ways to install agree: pyproject.toml, requirements.lock, environment.yml."""

from __future__ import annotations

import os
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

from modclock.study.trials.packages import versions
from support import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK_LINES = [
    line
    for line in (ROOT / "requirements.lock").read_text().splitlines()
    if not line.lstrip().startswith("#")
]
LOCK = [Requirement(line) for line in LOCK_LINES]
# Numeric libraries on one thread: more wait for each other while other tests run.
ALONE = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {
    "OMP_NUM_THREADS": "1"
}
TOOLS = {"pip", "setuptools"}
CORE = {"numpy", "scikit-learn", "scipy"}
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text())


def test_the_lock_pins_everything_exactly_and_names_no_index():
    assert all(re.fullmatch(r"==[\w.!+]+", str(item.specifier)) for item in LOCK)
    assert not [line for line in LOCK_LINES if line.startswith("-") or "://" in line]


def test_the_lock_satisfies_every_declared_dependency():
    extras = PROJECT["optional-dependencies"].values()
    declared = [*PROJECT["dependencies"], *chain.from_iterable(extras)]
    pinned = {canonicalize_name(item.name): item for item in LOCK}
    for requirement in map(Requirement, declared):
        if requirement.name == PROJECT["name"]:  # one extra that takes in another
            assert requirement.extras <= set(PROJECT["optional-dependencies"])
            continue
        version = str(pinned[canonicalize_name(requirement.name)].specifier).removeprefix("==")
        assert requirement.specifier.contains(version), requirement


def test_the_core_needs_three_packages_and_every_extra_is_part_of_the_next():
    assert {Requirement(line).name for line in PROJECT["dependencies"]} == CORE
    for extra, inner in [("study", "grokking"), ("lab", "study"), ("test", "lab")]:
        assert f"modclock[{inner}]" in PROJECT["optional-dependencies"][extra]


def test_conda_installs_python_and_pip_and_the_rest_from_the_lock():
    *plain, pip_part = CONDA["dependencies"]
    assert plain == [f"python{PROJECT['requires-python']}", "pip"]
    assert pip_part == {"pip": ["-r requirements.lock", "-e ."]}


def fresh_checkout(folder: Path) -> Path:
    """What an installation reads of this repository, in a folder of its own."""
    for name in ("pyproject.toml", "requirements.lock", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "lib", folder / "lib")
    return folder


def empty_environment(folder: Path) -> Path:
    """The Python of a new environment."""
    venv.create(folder, with_pip=True)
    return folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"


def installed_in(python: Path) -> dict[str, str]:
    """Versions of what is installed in an environment, apart from pip itself."""
    lines = run(python, "-m", "pip", "list", "--format=freeze").splitlines()
    found = {str(canonicalize_name(n)): v for n, v in (line.split("==") for line in lines)}
    return {name: version for name, version in found.items() if name not in TOOLS}


@pytest.fixture(scope="module")
def conda_like(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment that got the pip part of environment.yml the way conda gives it.

    conda writes the list to a requirements file beside environment.yml and calls
    `pip install -U -r` on it in that folder. Bytecode, which is left out here, takes half the time.
    """
    checkout = fresh_checkout(tmp_path_factory.mktemp("checkout"))
    file = checkout / "condaenv.requirements.txt"
    file.write_text("\n".join(CONDA["dependencies"][-1]["pip"]))
    python = empty_environment(tmp_path_factory.mktemp("environment"))
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-compile", "-U", "-r", file],
        cwd=checkout,
        check=True,
    )
    return python


def run(python: Path, *arguments: str) -> str:
    """What a Python prints that finds its own packages alone."""
    done = subprocess.run(
        [python, *arguments], env=ALONE, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.slow
def test_what_conda_installs_is_the_lock_and_the_package(conda_like):
    installed = installed_in(conda_like)
    expected = {
        str(canonicalize_name(item.name)): str(item.specifier).removeprefix("==")
        for item in LOCK
        if item.name not in TOOLS and (item.marker is None or item.marker.evaluate())
    }
    assert installed.pop("modclock") == PROJECT["version"]
    assert installed == expected


@pytest.mark.slow
def test_what_conda_installs_is_complete_and_runs(conda_like, tmp_path):
    run(conda_like, "-m", "pip", "check")
    command = conda_like.with_name("modclock")
    assert PROJECT["version"] in run(command, "--version")


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the built wheel and what it requires; no checkout is in reach."""
    checkout = fresh_checkout(tmp_path_factory.mktemp("checkout"))
    wheels = tmp_path_factory.mktemp("wheels")
    pip = [sys.executable, "-m", "pip"]
    subprocess.run([*pip, "wheel", "--quiet", "--no-deps", "-w", wheels, checkout], check=True)
    (wheel,) = wheels.iterdir()
    python = empty_environment(tmp_path_factory.mktemp("core"))
    pinned = ["-c", str(checkout / "requirements.lock")]
    subprocess.run([python, "-m", "pip", "install", "--quiet", *pinned, wheel], check=True)
    shutil.rmtree(checkout)
    return python


@pytest.mark.slow
def test_the_wheel_brings_three_packages_and_what_they_require(core):
    code = "import importlib.metadata as m; print(*m.requires('modclock'), sep='\\n')"
    direct = [Requirement(line) for line in run(core, "-c", code).splitlines()]
    assert {item.name for item in direct if item.marker is None} == CORE
    pulled = versions(["numpy", "scipy", "sklearn"])
    assert installed_in(core).keys() == {"modclock", *pulled}
    run(core, "-m", "pip", "check")


@pytest.mark.slow
def test_the_wheel_is_small_and_quick_to_import(core):
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(run(core, "-c", code).strip())
    size = sum(path.stat().st_size for path in packages.rglob("*") if path.is_file()) / 1e6
    code = "import time; t = time.perf_counter(); import modclock.encoders"
    seconds = float(run(core, "-c", f"{code}; print(time.perf_counter() - t)"))
    print(f"{len(installed_in(core))} packages, {size:.0f} MB, import: {seconds:.2f} s")
    assert size < 500
    assert seconds < 10


@pytest.mark.slow
def test_with_the_wheel_alone_the_readme_snippet_learns(core, tmp_path):
    _, snippet = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (tmp_path / "snippet.py").write_text(snippet)
    assert float(run(core, str(tmp_path / "snippet.py"))) > 0.9


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["run"], ["--help"], []])
def test_with_the_wheel_alone_the_command_says_what_to_install(core, arguments):
    for command in ([core.with_name("modclock")], [core, "-m", "modclock"]):
        done = subprocess.run(
            [*command, *arguments], env=ALONE, capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert done.stderr == (
            "modclock: error: the command needs click, which is not installed: "
            "pip install 'modclock[study]'\n"
        )

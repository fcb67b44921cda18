"""With forks and without: the same numbers, whatever lies in the working folder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from modclock.study.forking import ON
from support import ROOT, command_environment, results

NAMES = ["02_clock_encoders", "03_overlap_headline"]
both_ways = pytest.mark.parametrize(
    "forks",
    [pytest.param("1", id="forked"), pytest.param("0", id="plain", marks=pytest.mark.slow)],
)


def run_in(folder: Path, out: Path, forks: str, *arguments: str) -> str:
    """The installed command in a folder, as a user gives it; what it says on stderr."""
    done = subprocess.run(
        [
            Path(sys.executable).with_name("modclock"), "run", *NAMES, "--profile", "smoke",
            "--out", out, *arguments,
        ],
        cwd=folder,
        env=command_environment(ROOT) | {"MODCLOCK_FORK": forks},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stderr


def pictures(folder: Path) -> list[str]:
    """All pictures that the executed notebooks hold."""
    found = []
    for name in NAMES:
        notebook = nbformat.read(folder / "notebooks" / f"{name}.ipynb", as_version=4)
        outputs = [
            item.get("data", {}) for cell in notebook.cells for item in cell.get("outputs", [])
        ]
        found += [data["text/html"] for data in outputs if "<img" in data.get("text/html", "")]
    return found


@both_ways
def test_no_file_of_the_working_folder_stands_in_for_a_module_or_a_setting(
    smoke_run, tmp_path, forks
):
    folder = tmp_path / "work"
    folder.mkdir()
    for name in ("calendar", "random", "numpy", "json", "pandas", "modclock"):
        (folder / f"{name}.py").write_text("raise RuntimeError('a file of the working folder')\n")
    (folder / "matplotlibrc").write_text("axes.facecolor: red\nlines.linewidth: 9\n")
    run_in(folder, tmp_path / "outputs", forks)
    assert results(tmp_path / "outputs" / "smoke", NAMES) == results(smoke_run.folder, NAMES)
    assert pictures(tmp_path / "outputs" / "smoke") == pictures(smoke_run.folder)


@pytest.mark.slow
@both_ways
def test_another_checkout_as_the_working_folder_changes_nothing(
    smoke_run, study_copy, tmp_path, forks
):
    cycle = study_copy / "lib" / "modclock" / "encoders" / "cycle.py"
    cycle.write_text(cycle.read_text().replace("% 1.0\n", "% 0.5\n", 1))
    out = tmp_path / "outputs"
    run_in(study_copy / "lib", out, forks, "--force")
    assert results(out / "smoke", NAMES) == results(smoke_run.folder, NAMES)


@pytest.mark.slow
@both_ways
def test_a_module_of_the_working_folder_can_be_imported_in_a_notebook(study_copy, tmp_path, forks):
    """Last, after all that is installed."""
    (tmp_path / "of_the_reader.py").write_text("NUMBER = 41\n")
    path = study_copy / "notebooks" / "02_clock_encoders.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("import of_the_reader, sys\nprint(sys.path)"))
    nbformat.write(notebook, path)
    command = Path(sys.executable).with_name("modclock")
    environment = command_environment(study_copy) | {"MODCLOCK_FORK": forks}
    done = subprocess.run(
        [command, "run", "02", "--profile", "smoke"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    folder = study_copy / "outputs" / "smoke"
    executed = nbformat.read(folder / "notebooks" / path.name, as_version=4)
    printed = "".join(item.text for item in executed.cells[-1].outputs)
    assert printed.rstrip().endswith("'']")
    record = json.loads((folder / "provenance.json").read_text())["02_clock_encoders"]
    assert record["error"] is None


def test_the_switch_turns_everything_off():
    code = (
        "import gc, sys\nimport modclock.study.cli, modclock.study.compute.timed_trial\n"
        "from modclock.study.forking import ON\n"
        "print(ON, 'rfc3987_syntax' in sys.modules, gc.get_freeze_count())"
    )
    environment = command_environment(ROOT) | {"MODCLOCK_FORK": "0"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "0"]
    assert (sys.platform == "linux") == ON

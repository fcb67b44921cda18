"""What people leave in the folders of notebooks and outputs."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest

from modclock.study.errors import InputError
from modclock.study.files import read_notebook
from modclock.study.project import notebooks_in

DAMAGED = {
    "empty": b"",
    "cut off": b'{"cells": [{"cell_type": "code", "sour',
    "with the marks of a merge": b'<<<<<<< HEAD\n{"cells": []}\n=======\n{}\n>>>>>>> theirs\n',
    "another kind of JSON": b"[1, 2]",
    "no cells": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
    "cells that are none": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{}]}',
    "not text": b"\xff\xfe\x00\x01",
    "of another version": b'{"nbformat": 99, "cells": []}',
}
NAME = "03_overlap_headline"


@pytest.fixture
def outputs(smoke_run, tmp_path) -> Path:
    """Outputs of a smoke run, to be spoilt."""
    copy = tmp_path / "outputs"
    shutil.copytree(smoke_run.out, copy)
    return copy


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_notebook_is_named(tmp_path, content):
    path = tmp_path / "03_x.ipynb"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"03_x\.ipynb: not a notebook$"):
        read_notebook(path)


def test_what_is_no_file_in_the_place_of_a_notebook_is_named(tmp_path):
    os.mkfifo(tmp_path / "03_pipe.ipynb")
    (tmp_path / "03_folder.ipynb").mkdir()
    (tmp_path / "03_link.ipynb").symlink_to(tmp_path / "nothing")
    (tmp_path / "03_loop.ipynb").symlink_to(tmp_path / "03_loop.ipynb")
    for path in tmp_path.iterdir():
        with pytest.raises(InputError, match=rf"{path.name}: (is no file|can't be read)"):
            read_notebook(path)


@pytest.mark.parametrize("put", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to(path)])
def test_what_is_no_file_in_the_place_of_a_result_is_left_out(modclock, outputs, put):
    spoilt = outputs / "smoke" / "notebooks" / f"{NAME}.ipynb"
    spoilt.unlink()
    put(spoilt)
    done = modclock("report", "--profile", "smoke", "--out", outputs)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(f"left out of the report: {spoilt}: ")
    assert done.stderr.count("\n") == 1
    run = modclock("run", "02", "--profile", "smoke", "--out", outputs)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("kind", ["empty", "with the marks of a merge"])
def test_a_damaged_result_is_left_out_and_made_again(modclock, outputs, kind):
    spoilt = outputs / "smoke" / "notebooks" / f"{NAME}.ipynb"
    whole = spoilt.read_bytes()
    spoilt.write_bytes(DAMAGED[kind])
    done = modclock("report", "--profile", "smoke", "--out", outputs)
    assert done.returncode == 0, done.stderr
    assert done.stderr == f"left out of the report: {spoilt}: not a notebook\n"
    ids = {claim["id"] for claim in json.loads((outputs / "smoke" / "claims.json").read_text())}
    assert "C01" not in ids
    assert "C08" in ids
    listed = modclock("list", "--profile", "smoke", "--out", outputs)
    assert listed.returncode == 0, listed.stderr
    assert f"{NAME:<30} to run" in listed.stdout
    run = modclock("run", "03", "--profile", "smoke", "--out", outputs)
    assert run.returncode == 0, run.stderr
    again = nbformat.reads(spoilt.read_text(), as_version=4)
    before = nbformat.reads(whole.decode(), as_version=4)
    assert again.metadata["modclock"]["fingerprint"] == before.metadata["modclock"]["fingerprint"]
    assert again.metadata["modclock"]["trials_computed"] == 0


def test_results_that_are_not_of_a_run_are_left_out(modclock, outputs):
    folder = outputs / "smoke" / "notebooks"
    plain = read_notebook(folder / f"{NAME}.ipynb")
    del plain.metadata["modclock"]  # as papermill alone leaves it
    nbformat.write(plain, folder / "98_mine.ipynb")
    plain.metadata["modclock"] = {"title": "of another version"}
    nbformat.write(plain, folder / "99_old.ipynb")
    shutil.copy(folder / f"{NAME}.ipynb", folder / f"{NAME}-Copy1.ipynb")
    done = modclock("report", "--profile", "smoke", "--out", outputs)
    assert done.returncode == 0
    first, second = done.stderr.splitlines()
    assert "98_mine.ipynb: not executed by `modclock run`" in first
    assert "99_old.ipynb: parameters: Field required" in second
    ids = [claim["id"] for claim in json.loads((outputs / "smoke" / "claims.json").read_text())]
    assert len(ids) == len(set(ids))
    assert not (outputs / "smoke" / "html" / f"{NAME}-Copy1.html").exists()


def edited(study: Path, name: str, tag: str, before: str, after: str) -> None:
    path = study / "notebooks" / f"{name}.ipynb"
    content = read_notebook(path)
    cells = [cell for cell in content.cells if tag in cell.metadata.get("tags", [])]
    assert any(before in cell.source for cell in cells)
    for cell in cells:
        cell.source = cell.source.replace(before, after, 1)
    nbformat.write(content, path)


@pytest.mark.parametrize(
    ("tag", "before", "after", "words"),
    [
        ("parameters", "p: int = 97", "p: int = 10**2", "p: int = 10 ** 2: takes the form"),
        ("parameters", "p: int = 97", "p: whole = 97", "p: whole = 97: takes the form"),
        ("parameters", "p: int = 97", "p: int = (97", "SyntaxError"),
        ("plan", "plan =", "import missing_thing\nplan =", "No module named 'missing_thing'"),
        ("plan", "plan =", "undefined\nplan =", "NameError: name 'undefined'"),
        ("plan", "plan =", "plan = (\nplan =", "SyntaxError"),
    ],
)
def test_a_mistake_in_an_edited_notebook_is_one_line_and_others_are_listed(
    modclock, study_copy, out, tag, before, after, words
):
    edited(study_copy, "24_your_encoder", tag, before, after)
    run = modclock("run", "24", "--profile", "smoke", study=study_copy)
    assert run.returncode == 2
    (line,) = run.stderr.splitlines()
    assert line.startswith("modclock: error: ")
    assert "24_your_encoder" in line
    assert words in line
    assert "notebooks/24_your_encoder.ipynb" in line
    if words != "SyntaxError":  # once more for one of each kind is enough
        return
    listed = modclock("list", "--profile", "smoke", study=study_copy)
    assert listed.returncode == 1
    assert "Traceback" not in listed.stderr
    (broken,) = (x for x in listed.stdout.splitlines() if x.startswith("24_your_encoder"))
    assert words in broken
    assert f"{NAME:<30} to run" in listed.stdout


@pytest.mark.parametrize("ends", ["import sys; sys.exit(0)", "raise SystemExit", "exit()"])
def test_a_plan_that_ends_python_is_one_line_that_names_the_notebook(
    modclock, study_copy, out, ends
):
    edited(study_copy, "24_your_encoder", "plan", "plan =", f"{ends}\nplan =")
    run = modclock("run", "24", "--profile", "smoke", study=study_copy)
    assert run.returncode == 2
    (line,) = run.stderr.splitlines()
    assert "notebooks/24_your_encoder.ipynb" in line
    assert "cells of the plan: " in line


@pytest.mark.parametrize("ends", ["import sys; sys.exit(0)", "raise SystemExit"])
def test_a_cell_that_ends_python_is_no_success(modclock, study_copy, out, ends):
    path = study_copy / "notebooks" / "02_clock_encoders.ipynb"
    content = read_notebook(path)
    cell = next(c for c in content.cells if c.cell_type == "code" and not c.metadata.get("tags"))
    cell.source = f"{ends}\n{cell.source}"
    nbformat.write(content, path)
    run = modclock("run", "02", "--profile", "smoke", study=study_copy)
    assert run.returncode == 1
    assert "02_clock_encoders: failed: SystemExit" in run.stdout + run.stderr


COPIES = ["-Copy1", "-Copy12", " copy", " copy 2", " (1)", " - Copy", "-kopie"]


@pytest.mark.parametrize("added", COPIES)
def test_copies_under_the_names_that_programs_give_do_no_harm(study_copy, added):
    path = study_copy / "notebooks" / "02_clock_encoders.ipynb"
    shutil.copy(path, path.with_name(f"{path.stem}{added}.ipynb"))
    assert [found.stem for found in notebooks_in(path.parent)].count(path.stem) == 1
    assert [found.stem for found in notebooks_in(path.parent) if found.stem[:2] == "02"] == [
        path.stem
    ]


def test_commands_of_ipython_and_copies_do_no_harm(modclock, study_copy, out):
    edited(study_copy, "24_your_encoder", "parameters", "p: int", "%matplotlib inline\np: int")
    folder = study_copy / "notebooks"
    shutil.copy(folder / "24_your_encoder.ipynb", folder / "24_your_encoder-Copy1.ipynb")
    listed = modclock("list", "--profile", "smoke", study=study_copy)
    assert listed.returncode == 0, listed.stdout
    assert "Copy1" not in listed.stdout
    assert "24_your_encoder" in listed.stdout


def test_a_number_that_two_notebooks_have_is_not_enough(modclock, study_copy, out):
    folder = study_copy / "notebooks"
    shutil.copy(folder / "24_your_encoder.ipynb", folder / "24_another.ipynb")
    run = modclock("run", "24", "--profile", "smoke", study=study_copy)
    assert run.returncode == 2
    assert "24 is 24_another and 24_your_encoder; give the whole name" in run.stderr


@pytest.mark.parametrize("name", ["o{run1}", "two {p} words", "größe {"])
def test_an_output_folder_may_have_any_name(modclock, tmp_path, name):
    run = modclock("run", "02", "--profile", "smoke", "--out", tmp_path / name)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / name / "smoke" / "data" / "02_clock_encoders.csv").is_file()
    assert [path.name for path in tmp_path.iterdir()] == [name]

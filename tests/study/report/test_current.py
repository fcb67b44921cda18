"""What was deleted, damaged or renamed in the outputs is made good by the next run."""

from __future__ import annotations

import json
import os
import shutil
import time

import pytest

NAME = "01_the_task"


@pytest.fixture
def outputs(smoke_run, tmp_path):
    """Outputs of a smoke run, to be spoilt."""
    copy = tmp_path / "outputs"
    shutil.copytree(smoke_run.out, copy)
    return copy


def snapshot(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder): path.read_bytes() for path in files}


@pytest.mark.parametrize(
    ("place", "how"),
    [
        ("index.html", "deleted"),
        ("html", "deleted"),
        ("data", "deleted"),
        ("claims.json", "cut"),
        (f"html/{NAME}.html", "cut"),
        ("provenance.json", "cut"),
        ("study.html", "of the future"),
    ],
)
def test_a_run_restores_what_is_missing_or_damaged(modclock, outputs, place, how):
    folder = outputs / "smoke"
    before = snapshot(folder)
    path = folder / place
    files = [path] if path.is_file() else list(path.iterdir())
    if how == "deleted":
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    else:
        for file in files:
            file.write_bytes(file.read_bytes()[:100])
            if how == "of the future":
                os.utime(file, (time.time() + 10**6,) * 2)
    done = modclock("run", "01", "--profile", "smoke", "--out", outputs)
    assert done.returncode == 0, done.stderr
    assert snapshot(folder) == before


def test_the_result_of_a_renamed_notebook_leaves(modclock, outputs):
    folder = outputs / "smoke"
    (folder / "notebooks" / f"{NAME}.ipynb").rename(folder / "notebooks" / "01_an_older_name.ipynb")
    done = modclock("run", "01", "--profile", "smoke", "--out", outputs)
    assert done.returncode == 0, done.stderr
    assert "01_an_older_name.ipynb: the study has no notebook of this name any more" in done.stderr
    ids = [claim["id"] for claim in json.loads((folder / "claims.json").read_text())]
    assert len(ids) == len(set(ids))
    assert not list(folder.glob("*/01_an_older_name.[hc]*"))

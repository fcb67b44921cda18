"""What was made before the study changed is marked wherever a reader sees it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from support import ROOT

OLD, NEW = "03_overlap_headline", "01_the_task"
MARK = '<p class="outdated"><strong>Outdated:</strong>'


@pytest.fixture
def outputs(smoke_run, tmp_path) -> Path:
    """Outputs of a smoke run of the study as it was before."""
    return shutil.copytree(smoke_run.out, tmp_path / "outputs")


def edited(study: Path) -> None:
    """Change what all notebooks can reach, and no trial."""
    charts = study / "lib" / "modclock" / "study" / "figures" / "charts.py"
    charts.write_text(charts.read_text() + "\nCHANGED = 1\n")


def claim_rows(page: str) -> dict[str, bool]:
    """The claims of a scoreboard, and whether they are marked."""
    rows = re.findall(r"<tr>\s*<td><strong>(C\d\d|T\d)</strong>.*?</tr>", page, flags=re.DOTALL)
    parts = re.split(r"<tr>\s*<td><strong>(?=C\d\d|T\d)", page)[1:]
    marked = ['<strong class="outdated">' in part.split("</tr>")[0] for part in parts]
    return dict(zip(rows, marked, strict=True))


def test_after_an_edit_and_a_run_of_one_notebook_the_others_are_marked(
    modclock, study_copy, outputs
):
    edited(study_copy)
    done = modclock("run", NEW, "--profile", "smoke", "--out", str(outputs), study=study_copy)
    assert done.returncode == 0, done.stderr
    folder = outputs / "smoke"
    assert MARK in (folder / "html" / f"{OLD}.html").read_text()
    assert MARK not in (folder / "html" / f"{NEW}.html").read_text()
    n_old = len(list((folder / "notebooks").glob("*.ipynb"))) - 1
    for page in ("index.html", "study.html"):
        text = (folder / page).read_text()
        assert text.count(MARK) == n_old
        rows = claim_rows(text)
        assert rows["C01"]
        assert not rows["C27"]
    assert "C27" in done.stdout  # and what was not run is not said
    assert "C01" not in done.stdout
    # Written again without a run, the report says the same, and so does a run with nothing to do.
    before = (folder / "index.html").read_text()
    for command in ("report", "run"):
        names = [NEW] if command == "run" else []
        told = modclock(
            command, *names, "--profile", "smoke", "--out", str(outputs), study=study_copy
        )
        assert told.returncode == 0, told.stderr
        assert (folder / "index.html").read_text() == before


def test_the_mark_leaves_with_the_edit(modclock, study_copy, outputs):
    edited(study_copy)
    modclock("report", "--profile", "smoke", "--out", str(outputs), study=study_copy)
    index = outputs / "smoke" / "index.html"
    assert MARK in index.read_text()
    done = modclock("run", NEW, "--profile", "smoke", "--out", str(outputs), study=ROOT)
    assert done.returncode == 0, done.stderr
    assert MARK not in index.read_text()


def test_verify_says_what_it_did_not_look_at(modclock, study_copy, outputs):
    reference = study_copy / "outputs" / "reference" / "smoke"
    for name in ("data", "claims.json", "provenance.json"):
        source = outputs / "smoke" / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        reference.mkdir(parents=True, exist_ok=True)
        copy(source, reference / name)
    for change, words in ((lambda study: None, None), (edited, f"not looked at: what {OLD} would")):
        change(study_copy)
        arguments = ("verify", OLD, "--profile", "smoke", "--out", str(outputs))
        done = modclock(*arguments, study=study_copy)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "1 notebooks compared, 0 differences" in done.stdout
        assert (words in done.stdout) if words else ("not looked at" not in done.stdout)
        assert NEW not in done.stdout

"""A copied notebook runs on its own defaults, and leaves nothing when it is deleted."""

from __future__ import annotations

import json
import shutil

from modclock.study.running.notebooks import StudyNotebook


def test_a_copy_runs_beside_the_others_and_is_gone_when_it_is_deleted(study_copy, modclock):
    copy = study_copy / "notebooks" / "02_mine.ipynb"
    shutil.copy(study_copy / "notebooks" / "02_clock_encoders.ipynb", copy)
    ran = modclock("run", "02_clock_encoders", "notebooks/02_mine.ipynb", "--profile", "smoke",
                   study=study_copy)  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    folder = study_copy / "outputs" / "smoke"
    records = json.loads((folder / "provenance.json").read_text())
    assert records["02_mine"]["parameters"] == StudyNotebook(copy).defaults()
    assert records["02_clock_encoders"]["parameters"] != StudyNotebook(copy).defaults()
    listed = modclock("list", "--profile", "smoke", study=study_copy)
    assert listed.returncode == 0
    up_to_date = [line for line in listed.stdout.splitlines() if "up to date" in line]
    assert [line.split()[0] for line in up_to_date] == ["02_clock_encoders", "02_mine"]

    copy.unlink()
    again = modclock("run", "02", "--profile", "smoke", study=study_copy)
    assert again.returncode == 0, again.stderr
    assert list(json.loads((folder / "provenance.json").read_text())) == ["02_clock_encoders"]
    assert not list(folder.glob("*/02_mine.[hc]*"))
    assert "02_mine" not in (folder / "index.html").read_text()
    assert "02_mine" not in (folder / "study.html").read_text()
    assert "02_mine" not in modclock("list", "--profile", "smoke", study=study_copy).stdout

"""A run with parameters set by hand leaves the results of the profile alone, and says so."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest

from modclock.study.claims.criteria import load_claims
from modclock.study.project import run_folder
from modclock.study.records import read_records
from modclock.study.running.notebooks import find_notebooks
from modclock.study.running.planning import plan_notebooks
from support import copy_of_run


def written(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


RUN = ("run", "02", "--profile", "smoke")


def test_it_has_a_folder_of_its_own_that_says_on_top_what_was_changed(
    smoke_run, modclock, tmp_path
):
    out = tmp_path / "outputs"
    copy_of_run(smoke_run, out)
    shutil.copytree(smoke_run.folder, out / "smoke")
    before = written(out / "smoke")
    done = modclock(*RUN, "--set", "p=10", "--set", "n_clocks=30", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert written(out / "smoke") == before
    folder = out / "smoke-with-n_clocks=30,p=10"
    assert done.stdout.splitlines()[-1] == f"report: {folder / 'index.html'}"
    assert read_records(folder / "provenance.json")["02_clock_encoders"].parameters["p"] == 10
    for page in ("index.html", "study.html", "html/02_clock_encoders.html"):
        text = (folder / page).read_text("utf-8")
        assert "Set by hand: n_clocks = 30, p = 10." in text.partition("<h1")[0]
        assert "Set by hand" not in (out / "smoke" / page).read_text("utf-8")
    assert "<strong>smoke</strong> profile" in (folder / "index.html").read_text("utf-8")
    again = modclock(*RUN, "--set", "n_clocks=30", "--set", "p=10", "--out", str(out))
    assert "02_clock_encoders" not in again.stderr  # nothing is left to do


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({}, "quick"),
        ({"p": 10}, "quick-with-p=10"),
        ({"width_factor": 0.5}, "quick-with-width_factor=0.5"),
        ({"encoder": "/etc/passwd"}, r"quick-with-encoder=-etc-passwd-\w{8}"),
        ({"encoder": ".."}, r"quick-with-encoder=-\w{8}"),
        ({"ranges": [[2, 5]]}, r"quick-with-ranges=-2,-5-\w{8}"),
        ({f"n_{i}": 12345 for i in range(20)}, r"quick-with-[\w,=]{60}-\w{8}"),
    ],
)
def test_the_name_of_the_folder_is_short_and_safe(out, settings, name):
    folder = run_folder("quick", settings)
    assert folder.parent == out
    assert re.fullmatch(name, folder.name)


def test_other_values_have_another_folder(out):
    assert run_folder("quick", {"r": [1]}) != run_folder("quick", {"r": [2]})


def test_predictions_of_changed_parameters_do_not_replace_those_of_the_profile(out):
    (book,) = plan_notebooks(["22"], "smoke", {"n_runs": 2})
    assert book.parameters["profile"] == "smoke-with-n_runs=2"
    (plain,) = plan_notebooks(["22"], "smoke", {})
    assert plain.parameters["profile"] == "smoke"


def test_parameters_that_conclusions_name_are_given_to_them():
    named = {
        (claim_id, name)
        for claim_id, claim in load_claims().items()
        for outcome in claim.outcomes
        for name in re.findall(r"\{(\w+)\}", outcome.conclusion)
    }
    found = set()
    for book in find_notebooks():
        for cell in nbformat.read(book.path, as_version=4).cells:
            for claim_id in re.findall(r'judge\("(\w+)"', cell.source):
                for name in book.parameter_names():
                    if (claim_id, name) in named:
                        found.add((claim_id, name))
                        assert f'"{name}": ' in cell.source
    assert found >= {("C04", "max_iter"), ("C09", "longer_epochs"), ("C21", "max_iter")}


def test_no_conclusion_states_a_number_of_epochs_or_a_modulus():
    for claim in load_claims().values():
        for outcome in claim.outcomes:
            assert not re.search(r"\d+ epochs|\b97\b|9409", outcome.conclusion)


def test_the_smoke_run_fills_them_in(smoke_run):
    claims = json.loads((smoke_run.folder / "claims.json").read_text())
    assert not [claim["id"] for claim in claims if "{" in claim["conclusion"]]


def test_a_list_that_was_emptied_is_named_where_a_notebook_needs_it(smoke_run, modclock, tmp_path):
    out = tmp_path / "outputs"
    copy_of_run(smoke_run, out)
    run = ("--profile", "smoke", "--out", str(out), "--set")
    failed = modclock("run", "16", *run, "weight_decays=[]")
    assert failed.returncode == 1
    assert "perhaps because nothing is in weight_decays" in failed.stderr
    refused = modclock("run", "25", *run, "moduli=[]")
    assert refused.returncode == 2
    assert "with --set moduli" in refused.stderr
    assert refused.stderr.endswith("perhaps because nothing is in moduli\n")
    unharmed = modclock("run", "02", *run, "other_period_ranges=[]")
    assert unharmed.returncode == 0
    assert "perhaps" not in unharmed.stderr

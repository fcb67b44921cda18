from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from contextlib import closing
from typing import Any

import nbformat
import pandas as pd
import papermill
import pytest
import yaml
from nbclient import NotebookClient
from papermill.parameterize import parameterize_notebook

from modclock.study.claims.criteria import load_claims
from modclock.study.claims.judgement import CLAIM_MIME
from modclock.study.figures.rows import ROWS_MIME
from modclock.study.records import read_records
from modclock.study.report.current import is_current
from modclock.study.running.executing import _notebook_pool
from modclock.study.running.notebooks import find_notebooks
from modclock.study.running.planning import plan_notebooks
from support import (
    ROOT,
    command_environment,
    copy_of_run,
    finished_trials,
    results,
    wanted_trials,
)

NAMES = [book.name for book in find_notebooks()]


def outputs_of(notebook: nbformat.NotebookNode) -> tuple[list[Any], list[Any]]:
    """The judged claims and the rows that an executed notebook holds."""
    data = [o.data for cell in notebook.cells for o in cell.get("outputs", []) if "data" in o]
    claims = [item[CLAIM_MIME] for item in data if CLAIM_MIME in item]
    return claims, [item[ROWS_MIME] for item in data if ROWS_MIME in item]


def test_a_run_leaves_what_the_contract_names(smoke_run):
    assert smoke_run.first.status == 0, smoke_run.first.stderr
    folder = smoke_run.folder
    for name in NAMES:
        assert (folder / "notebooks" / f"{name}.ipynb").is_file()
        assert (folder / "html" / f"{name}.html").is_file()
        assert len(pd.read_csv(folder / "data" / f"{name}.csv")) > 0
    assert (folder / "index.html").is_file()
    claims = json.loads((folder / "claims.json").read_text())
    assert [claim["id"] for claim in claims] == sorted(load_claims())
    fields = {"id", "claim", "source", "thread_value", "network", "measured", "criterion"}
    fields |= {"verdict", "conclusion"}
    assert all(set(claim) == fields | {"notebook"} for claim in claims)
    provenance = json.loads((folder / "provenance.json").read_text())
    assert set(provenance) == set(NAMES)
    assert {"commit", "packages", "cpu", "started", "finished"} <= set(provenance[NAMES[0]])
    assert not [path for path in folder.rglob(".*")]


def test_all_smoke_notebooks_together_take_at_most_90_seconds(smoke_run):
    assert smoke_run.first.seconds <= 90


def test_a_trial_that_two_notebooks_want_is_computed_once(smoke_run):
    planned = plan_notebooks([], "smoke", {})
    assert sum(len(book.trials) for book in planned) > len(wanted_trials())
    assert set(finished_trials(smoke_run.out)) == wanted_trials()


def test_a_second_run_trains_nothing_and_starts_no_kernel(smoke_run):
    assert smoke_run.again.status == 0, smoke_run.again.stderr
    assert smoke_run.again.seconds < 15
    assert smoke_run.changed == []


def test_a_run_with_nothing_to_do_imports_nothing_heavy(smoke_run):
    code = (
        "import sys; from modclock.study.runner import run_study; run_study(profile='smoke'); "
        "print(sorted({'dask', 'jax', 'nbconvert', 'pandas', 'papermill', 'sklearn'} "
        "& sys.modules.keys()))"
    )
    environment = command_environment(ROOT) | {"MODCLOCK_OUT": str(smoke_run.out)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_notebooks_whose_trials_are_gone_run_again_and_no_others(smoke_run, modclock, tmp_path):
    out = shutil.copytree(smoke_run.out, tmp_path / "outputs")
    planned = plan_notebooks([], "smoke", {})
    wanted_by = Counter(key for book in planned for key in book.trials)
    wanting, key = next(
        (j.notebook.name, k) for j in planned for k in j.trials if wanted_by[k] == 1
    )
    with closing(sqlite3.connect(out / "trials.sqlite")) as connection, connection:
        connection.execute("DELETE FROM trials WHERE key = ?", [key])
    done = modclock("run", "--profile", "smoke", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert {name for name in NAMES if f"{name}: done" in done.stderr} == {wanting}
    assert results(out / "smoke") == results(smoke_run.folder)


def test_a_changed_parameter_recomputes_the_trials_that_it_touches_and_no_others(
    smoke_run, modclock, tmp_path
):
    out = tmp_path / "outputs"
    copy_of_run(smoke_run, out)
    before = finished_trials(out)
    done = modclock("run", "03", "--profile", "smoke", "--set", "k=19", "--out", str(out))
    assert done.returncode == 0, done.stderr
    after = finished_trials(out)
    assert {key: after[key] for key in before} == before
    # Two seeds times two period ranges of the overlap; the dense sum has no k.
    assert len(after) - len(before) == 4


# Without trials, with trials of each kind, and with an encoder of the notebook's own.
@pytest.mark.parametrize(
    "name", ["02_clock_encoders", "03_overlap_headline", "19_weight_decay", "24_your_encoder"]
)
def test_plain_papermill_from_another_folder_gives_the_same_numbers(
    smoke_run, name, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MODCLOCK_OUT", str(tmp_path / "outputs"))  # an empty store
    papermill.execute_notebook(
        ROOT / "notebooks" / f"{name}.ipynb",
        "out.ipynb",
        yaml.safe_load((ROOT / "params" / "smoke" / f"{name}.yaml").read_text()),
        progress_bar=False,
    )
    check_same_numbers(smoke_run, name, nbformat.read("out.ipynb", as_version=4))


def test_run_all_in_the_notebooks_folder_gives_the_same_numbers(smoke_run, tmp_path, monkeypatch):
    """As JupyterLab does it: a kernel in notebooks/, all cells in order."""
    name = "03_overlap_headline"
    monkeypatch.setenv("MODCLOCK_OUT", str(tmp_path / "outputs"))
    values = yaml.safe_load((ROOT / "params" / "smoke" / f"{name}.yaml").read_text())
    stored = papermill.iorw.load_notebook_node(str(ROOT / "notebooks" / f"{name}.ipynb"))
    notebook = parameterize_notebook(stored, values)
    folder = {"metadata": {"path": str(ROOT / "notebooks")}}
    NotebookClient(notebook, kernel_name="python3", resources=folder).execute()
    check_same_numbers(smoke_run, name, notebook)


def check_same_numbers(smoke_run, name, notebook):
    claims, rows = outputs_of(notebook)
    reference = json.loads((smoke_run.folder / "claims.json").read_text())
    expected = [
        {field: value for field, value in claim.items() if field != "notebook"}
        for claim in reference
        if claim["notebook"] == name
    ]
    assert sorted(claims, key=lambda claim: claim["id"]) == expected
    assert rows == [(smoke_run.folder / "data" / f"{name}.csv").read_text()]


def test_pages_are_current_by_what_files_hold_and_not_by_their_times(smoke_run, tmp_path):
    folder = shutil.copytree(smoke_run.folder, tmp_path / "smoke")
    notebook = folder / "notebooks" / f"{NAMES[0]}.ipynb"
    os.utime(notebook)
    assert is_current(folder)
    notebook.write_text(notebook.read_text() + "\n")
    assert not is_current(folder)


def test_a_file_that_changes_while_its_notebook_runs_makes_it_run_again(study_copy, modclock):
    path = study_copy / "notebooks" / "02_clock_encoders.ipynb"
    source = nbformat.read(path, as_version=4)
    claims = study_copy / "params" / "claims.yaml"
    change = nbformat.v4.new_code_cell(f"open({str(claims)!r}, 'a').write('# later\\n')")
    source.cells.append(change)
    nbformat.write(source, path)
    for _ in range(2):
        done = modclock("run", "02", "--profile", "smoke", study=study_copy)
        assert done.returncode == 0, done.stderr
        assert "02_clock_encoders: done" in done.stderr


def test_notebooks_that_wait_do_not_begin_once_a_run_is_stopped():
    begun, first_began, stopped = [], threading.Event(), threading.Event()

    def notebook(number):
        begun.append(number)
        first_began.set()
        stopped.wait(60)

    def stopped_run():
        with _notebook_pool(1) as pool:
            for number in range(5):
                pool.submit(notebook, number)
            first_began.wait(60)
            threading.Timer(0.2, stopped.set).start()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped_run()
    assert begun == [0]


def test_a_kernel_that_dies_costs_no_other(study_copy, modclock):
    source = nbformat.read(study_copy / "notebooks" / "02_clock_encoders.ipynb", as_version=4)
    source.cells.insert(3, nbformat.v4.new_code_cell("import os; os._exit(1)"))
    nbformat.write(source, study_copy / "notebooks" / "02_clock_encoders.ipynb")
    done = modclock("run", "01", "02", "--profile", "smoke", study=study_copy)
    assert done.returncode == 1
    assert "02_clock_encoders: failed: DeadKernelError" in done.stderr
    assert "01_the_task: done" in done.stderr
    assert "DeadKernelError" in (study_copy / "outputs" / "smoke" / "index.html").read_text()


def test_a_copied_notebook_runs_on_its_defaults(study_copy, modclock):
    folder = study_copy / "notebooks"
    shutil.copy(folder / "02_clock_encoders.ipynb", folder / "95_mine.ipynb")
    done = modclock("run", "95", "--profile", "full", study=study_copy)
    assert done.returncode == 0, done.stderr
    (record,) = read_records(study_copy / "outputs" / "full" / "provenance.json").values()
    assert record.parameters == find_notebooks(["02"])[0].parameters("quick", {})


def test_a_notebook_that_raises_costs_no_other(study_copy, modclock):
    source = nbformat.read(study_copy / "notebooks" / "02_clock_encoders.ipynb", as_version=4)
    source.cells.insert(3, nbformat.v4.new_code_cell("1 / 0  # broken on purpose"))
    nbformat.write(source, study_copy / "notebooks" / "99_broken.ipynb")
    (study_copy / "params" / "smoke" / "99_broken.yaml").write_text("p: 23\n")
    done = modclock("run", "01", "02", "99", "--profile", "smoke", study=study_copy)
    assert done.returncode == 1
    assert "99_broken: failed: ZeroDivisionError: division by zero" in done.stderr
    assert "01_the_task: done" in done.stderr
    assert "02_clock_encoders: done" in done.stderr
    folder = study_copy / "outputs" / "smoke"
    page = (folder / "html" / "99_broken.html").read_text()
    assert "ZeroDivisionError" in page
    assert "broken on purpose" in page
    assert "ZeroDivisionError" in (folder / "index.html").read_text()
    assert {c["id"] for c in json.loads((folder / "claims.json").read_text())} == {"C27"}
    again = modclock("run", "01", "02", "99", "--profile", "smoke", study=study_copy)
    assert again.returncode == 1
    assert "01_the_task" not in again.stderr  # only what failed runs again

from __future__ import annotations

import ast
import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
import yaml

from modclock.study.claims.criteria import load_claims
from modclock.study.errors import InputError
from modclock.study.project import PROFILES
from modclock.study.running.notebooks import StudyNotebook, find_notebooks
from modclock.study.running.planning import PlannedNotebook
from modclock.study.trials.keys import trial_key
from modclock.study.trials.trial import Trial
from support import ROOT

NOTEBOOKS = find_notebooks()
each_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda book: book.name)


def cells(notebook, kind, tag=None):
    content = nbformat.read(notebook.path, as_version=4)
    nbformat.validate(content)
    return [
        cell
        for cell in content.cells
        if cell.cell_type == kind and (tag is None or tag in cell.metadata.get("tags", []))
    ]


@each_notebook
def test_notebooks_are_stored_without_outputs_and_stay_short(notebook):
    code = cells(notebook, "code")
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert len(code) <= 12
    assert max(len(cell.source.splitlines()) for cell in code) <= 22
    assert len(cells(notebook, "code", "parameters")) == 1


@each_notebook
def test_every_parameter_has_a_type_a_plain_default_and_a_comment(notebook):
    for line in cells(notebook, "code", "parameters")[0].source.splitlines():
        assert re.fullmatch(r"\w+: [\w\[\], ]+ = .+  # .+", line), line
        ast.literal_eval(line.partition("=")[2].partition("  #")[0].strip())


@each_notebook
def test_the_defaults_are_the_quick_profile(notebook):
    assert notebook.parameters("quick", {}) == json.loads(json.dumps(notebook.defaults()))


@each_notebook
@pytest.mark.parametrize("profile", PROFILES)
def test_a_params_file_holds_what_differs_from_the_defaults_and_nothing_else(notebook, profile):
    path = ROOT / "params" / profile / f"{notebook.name}.yaml"
    stated = yaml.safe_load(path.read_text()) if path.exists() else {}
    values, defaults = notebook.parameters(profile, {}), notebook.parameters("quick", {})
    assert set(stated) == {name for name in defaults if values[name] != defaults[name]}
    assert stated or not path.exists()


@pytest.mark.parametrize("profile", PROFILES)
def test_a_notebook_without_params_files_runs_on_its_defaults(profile, tmp_path):
    (thread,) = find_notebooks(["03"])
    own = StudyNotebook(Path(shutil.copy(thread.path, tmp_path / "25_mine.ipynb")))
    assert own.parameters(profile, {}) == thread.parameters("quick", {})
    assert own.parameters(profile, {"k": 20})["k"] == 20


def test_defaults_are_checked_as_all_values_are(tmp_path, recwarn):
    (thread,) = find_notebooks(["03"])
    own = tmp_path / "25_mine.ipynb"
    own.write_text(thread.path.read_text().replace("n_clocks: int = 400", "n_clocks: int = 0.5"))
    with pytest.raises(InputError, match=r"25_mine\.ipynb: n_clocks: Input should be a valid int"):
        StudyNotebook(own).parameters("quick", {})
    for value in thread.parameters("quick", {})["other_period_ranges"][0]:
        assert isinstance(value, float)  # though the cell says 2
    assert not recwarn.list


def test_trials_that_have_to_wait_are_planned_and_not_trained_before(tmp_path):
    cell = nbformat.v4.new_code_cell(
        "from modclock.study.trials.trial import Trial\n"
        "plan, later = {'first': Trial(k=20)}, {'then': Trial(k=30)}",
        metadata={"tags": ["plan"]},
    )
    path = tmp_path / "25_mine.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    planned = PlannedNotebook(StudyNotebook(path), "quick", {}, {}, tmp_path)
    first, then = trial_key(Trial(k=20)), trial_key(Trial(k=30))
    assert set(planned.first) == {first}
    assert set(planned.trials) == {first, then}


def test_a_params_file_belongs_to_a_notebook():
    names = {path.stem for path in (ROOT / "params").glob("*/*.yaml")}
    assert names <= {book.name for book in NOTEBOOKS}


@each_notebook
@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_plans(notebook, profile):
    planned = notebook.plan(notebook.parameters(profile, {}), profile)
    trials = planned.plan + planned.later
    assert len(trials) == len({trial_key(trial) for trial in trials})


@pytest.mark.parametrize(("profile", "least", "least_runs"), [("quick", 3, 1), ("full", 10, 3)])
def test_claims_rest_on_enough_seeds(profile, least, least_runs):
    for notebook in NOTEBOOKS:
        if any("judge(" in cell.source for cell in cells(notebook, "code")):
            parameters = notebook.parameters(profile, {})
            if "n_runs" in parameters:  # a run of minutes
                assert parameters["n_runs"] >= least_runs
            else:
                assert parameters["n_seeds"] >= least


@pytest.mark.parametrize("claim_id", load_claims())
def test_every_claim_is_judged_in_exactly_one_notebook(claim_id):
    source = {
        book.name: "\n".join(cell.source for cell in cells(book, "code")) for book in NOTEBOOKS
    }
    judged = [name for name in source if re.search(rf'judge\(\s*"{claim_id}"', source[name])]
    assert len(judged) == 1


def test_notebooks_are_found_by_name_and_by_number():
    assert [book.name for book in find_notebooks(["03", "01_the_task"])] == [
        "01_the_task",
        "03_overlap_headline",
    ]
    with pytest.raises(InputError, match="did you mean '03_overlap_headline'"):
        find_notebooks(["03_overlap_headlines"])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"k": "many"}, "--set for 03_overlap_headline: k: Input should be a valid integer"),
        ({"k": 1.5}, "k: Input should be a valid integer"),
        ({"kk": 3}, "unknown name 'kk', did you mean 'k'"),
        (
            {"other_period_ranges": [["a", 2]]},
            r"other_period_ranges\.0\.0: Input should be a valid number",
        ),
        ({"n_seeds": None}, "n_seeds: Input should be a valid integer"),
    ],
)
def test_a_wrong_parameter_is_told_by_name(settings, message):
    (notebook,) = find_notebooks(["03"])
    with pytest.raises(InputError, match=message):
        notebook.parameters("smoke", settings)

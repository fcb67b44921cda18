"""Whatever stands in files and options: an answer or one clear error, and no code is run."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modclock.study.claims.criteria import load_claims
from modclock.study.compute.store import TrialStore
from modclock.study.errors import InputError
from modclock.study.project import project_root
from modclock.study.running import notebooks
from modclock.study.running.notebooks import find_notebooks
from modclock.study.running.planning import plan_notebooks, plan_trials

fuzz = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
SCALARS = st.none() | st.booleans() | st.integers(-50, 50) | st.floats() | st.text(max_size=8)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
CODE = "!!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path [{}]]"
# Small numbers of everything, whatever the rest is: a plan is built, not run.
NAMES = st.sampled_from(find_notebooks(["03"])[0].parameter_names())


@pytest.fixture
def params(tmp_path, monkeypatch) -> Path:
    """The params file of notebook 03 for the smoke profile, in a study of its own."""
    for name in ("notebooks", "params"):
        (tmp_path / name).symlink_to(project_root() / name)
    (tmp_path / "params").unlink()
    (tmp_path / "params" / "smoke").mkdir(parents=True)
    monkeypatch.setattr(notebooks, "project_root", lambda: tmp_path)
    return tmp_path / "params" / "smoke" / "03_overlap_headline.yaml"


def planned(settings_: dict[str, Any]) -> None:
    """A plan, or one line that says what is wrong."""
    told = ""
    try:
        plan_trials(plan_notebooks(["03"], "smoke", settings_))
    except InputError as error:
        told = str(error)
    assert "\n" not in told.strip()


@fuzz
@given(content=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_as_a_params_file(params, content):
    params.write_bytes(content)
    planned({})


@fuzz
@given(values=st.dictionaries(NAMES | st.text(max_size=6), VALUES, max_size=4))
def test_any_values_in_a_params_file(params, values):
    params.write_text(yaml.safe_dump(values))
    planned({})


@fuzz
@given(values=st.dictionaries(NAMES | st.text(max_size=6), VALUES, max_size=3))
def test_any_values_set_by_hand(values):
    planned(values)


@fuzz
@given(content=st.binary(max_size=80))
def test_any_bytes_as_claims(tmp_path, content):
    path = tmp_path / "claims.yaml"
    path.write_bytes(content)
    told, claims = str(path), {}
    try:
        claims = load_claims(path)
    except InputError as error:
        told = str(error)
    assert claims == {}
    assert str(path) in told


@fuzz
@given(values=VALUES)
def test_any_values_as_a_claim(tmp_path, values):
    path = tmp_path / "claims.yaml"
    path.write_text(yaml.safe_dump({"C01": values}))
    with pytest.raises(InputError, match="C01"):
        load_claims(path)


def test_no_file_runs_code(params, tmp_path, modclock):
    witness = tmp_path / "was-here"
    code = CODE.format(witness)
    params.write_text(f"k: {code}\n")
    claims = tmp_path / "claims.yaml"
    claims.write_text(f"C01: {code}\n")
    with pytest.raises(InputError, match="not YAML"):
        plan_notebooks(["03"], "smoke", {})
    with pytest.raises(InputError, match="not YAML"):
        load_claims(claims)
    done = modclock("run", "03", "--profile", "smoke", "--set", f"k={code}")
    assert done.returncode == 2
    assert done.stderr.startswith("modclock: error: --set k: not YAML")
    assert not witness.exists()


@pytest.mark.parametrize(
    "name",
    ["../03_overlap_headline", "/etc/03_overlap_headline.ipynb", "/etc/passwd", "03/../04", "*"],
)
def test_a_notebook_is_named_not_pointed_at(name):
    with pytest.raises(InputError, match=f"there is no {re.escape(repr(name))}"):
        plan_notebooks([name], "smoke", {})


@fuzz
@given(content=st.binary(max_size=300), start=st.sampled_from([b"", b"SQLite format 3\x00"]))
def test_any_bytes_as_a_store(tmp_path_factory, content, start):
    path = tmp_path_factory.mktemp("store") / "trials.sqlite"
    path.write_bytes(start + content)
    store = TrialStore(path)
    aside = store.set_aside_if_damaged()
    assert aside is None or aside.read_bytes() == start + content
    store.put("key", {}, {"value": 1}, seconds=1.0)
    assert store.get(["key"]) == {"key": {"value": 1}}


@fuzz
@given(metrics=st.none() | st.binary(max_size=20) | st.text(max_size=20) | VALUES.map(json.dumps))
def test_any_metrics_in_a_store(tmp_path_factory, metrics):
    path = tmp_path_factory.mktemp("store") / "trials.sqlite"
    TrialStore(path).put("first", {}, {}, seconds=1.0)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = 1")
        try:
            row = ("other", "{}", metrics, 1.0, "")
            connection.execute("INSERT INTO trials VALUES (?, ?, ?, ?, ?)", row)
        except sqlite3.IntegrityError:
            return  # the table itself refuses it
    store = TrialStore(path)
    aside = store.set_aside_if_damaged()
    known = store.get(["first", "other"])
    assert known.pop("first") == {}  # whatever stands beside it
    assert known == {} if aside else isinstance(known["other"], dict)


def test_more_repeats_than_a_plan_can_hold_are_refused_before_it_is_built():
    for notebook, name in (
        ("03", "n_seeds"), ("25", "share_seeds"), ("25", "decay_seeds"), ("22", "n_choosing"),
        ("28", "n_tuning"), ("20", "n_halves"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=f"{name}: Input should be less than or equal to 1000"):
            plan_notebooks([notebook], "smoke", {name: 1001})
    with pytest.raises(InputError, match="n_clocks: Input should be less than or equal to 10000"):
        plan_notebooks(["02"], "smoke", {"n_clocks": 10_001})

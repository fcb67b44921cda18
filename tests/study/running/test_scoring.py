"""`modclock score`: several classes, by module or file, beside those that were scored before."""

from __future__ import annotations

import sqlite3
from typing import Any

import pandas as pd
import pytest

from modclock.study.cli import main
from modclock.study.files import write_json, write_text
from modclock.study.records import RunRecord
from modclock.study.running.notebooks import find_notebooks
from modclock.study.running.scoring import import_path, own_encoder, remember, remembered
from support import ROOT, copy_of_run

MODULE = (ROOT / "tests" / "own_classes.py").read_text("utf-8")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory with a module."""
    place = tmp_path / "work"
    (place / "inside").mkdir(parents=True)
    (place / "gray.py").write_text(MODULE)
    (place / "inside" / "deeper.py").write_text(MODULE)
    (tmp_path / "outside.py").write_text(MODULE)
    monkeypatch.chdir(place)
    return place


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("gray:Gray", "gray:Gray"),
        ("gray.py:Gray", "gray:Gray"),
        ("./gray.py:Gray", "gray:Gray"),
        ("inside/deeper.py:Gray", "inside.deeper:Gray"),
        ("modclock.encoders:CycleEncoder", "modclock.encoders:CycleEncoder"),
    ],
)
def test_a_class_is_named_by_module_or_file(folder, text, path):
    assert import_path(text) == path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("gray", "takes module:Class or module.py:Class, got 'gray'"),
        ("gray.py", "takes module:Class or module.py:Class"),
        ("grey.py:Gray", "there is no file grey.py; searched: {folder}"),
        ("grey:Gray", "there is no module grey; searched: {folder}, and what is installed"),
        ("../outside.py:Gray", "outside.py can't be imported from {folder}: change to its folder"),
        ("gray.py:Grey", "unknown name 'Grey', did you mean 'Gray'"),
    ],
)
def test_what_is_not_there_is_one_line_that_says_where_it_was_looked_for(
    folder, capsys, text, message
):
    with pytest.raises(SystemExit) as ended:
        main(["score", text, "--profile", "smoke"])
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert message.format(folder=folder) in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(("name", "where"), [("numbers", "of Python itself"), ("pandas", "/")])
def test_a_file_named_as_a_module_that_is_there_already_is_told_so(folder, name, where):
    (folder / f"{name}.py").write_text(MODULE)
    with pytest.raises(ValueError, match=f"{name} is the name of another module, {where}.*rename"):
        import_path(f"{name}.py:Gray")


def test_an_encoder_has_its_arguments_in_its_label(folder):
    own = own_encoder("gray.py:Gray", {"n_bits": 5}, p=23)
    assert own.label == "Gray(n_bits=5)"
    assert own_encoder("gray.py:Gray", {}, p=23).label == "Gray"


def test_several_are_compared_and_earlier_ones_stay_in_the_table(
    folder, smoke_run, modclock, out, monkeypatch
):
    copy_of_run(smoke_run, out)
    monkeypatch.setenv("COLUMNS", "80")
    command = ("score", "--profile", "smoke", "--out", str(out))
    first = modclock(*command, "gray.py:Gray", "gray:Waves", "--n-seeds", "3", cwd=folder)
    assert first.returncode == 0, first.stderr
    assert "The codes of Gray are all 0 or 1, so they are used as bits." in first.stdout
    assert "Means of 3 seeds with their 95 % interval" in first.stdout
    assert "concatenate_dense  " in first.stdout
    assert "…" not in first.stdout
    assert max(map(len, without_paths(first.stdout))) <= 80

    second = modclock(*command, "gray.py:Gray", "--set", "n_bits=5", cwd=folder)
    assert "One seed, so no interval" in second.stdout
    assert "[" not in second.stdout
    table = second.stdout.partition("finished")[2].splitlines()[1:]
    assert {line.split()[0] for line in table} == {"Gray(n_bits=5)", "Gray", "Waves"}
    best = [float(line.split()[1].rstrip("%")) for line in table]
    assert best == sorted(best, reverse=True)
    with sqlite3.connect(out / "trials.sqlite") as connection:
        assert kept_scores(connection) == 3


def test_other_tasks_are_no_comparison(folder, out):
    (notebook,) = find_notebooks(["24_your_encoder"])
    rows = {"encoder": ["Gray"], "composition": ["or"], "seed": [0], "test_accuracy": [0.5]}
    record: dict[str, Any] = dict.fromkeys(RunRecord.model_fields, "") | {
        "settings": {}, "error": None, "trials_computed": 0, "trials_stored": 0, "seconds": 1.0,
        "trial_seconds": {}, "uncommitted_changes": False, "packages": {}, "environment": {},
        "trials": [], "trials_on": None,
    }  # fmt: skip
    for p in (11, 23):
        parameters = notebook.parameters("smoke", {"p": p})
        place = out / str(p)
        write_json(place / "provenance.json", {"24": record | {"parameters": parameters}})
        write_text(place / "data" / "24.csv", pd.DataFrame(rows).to_csv(index=False))
        remember(own_encoder("gray:Gray", {}, p), place, "24")
    assert remembered(parameters).test_accuracy.tolist() == [0.5]
    assert remembered(parameters | {"p": 97}).empty


def without_paths(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("report: ")]


def kept_scores(connection: sqlite3.Connection) -> int:
    query = "SELECT count(*) FROM trials WHERE json_extract(spec, '$.kind') = 'OwnEncoder'"
    return int(connection.execute(query).fetchone()[0])

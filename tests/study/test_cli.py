from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from modclock.study import project
from modclock.study.claims.verify import Difference
from modclock.study.cli import main
from modclock.study.report.terminal import print_conclusions, print_differences
from modclock.study.running import notebooks
from modclock.study.running.notebooks import find_notebooks
from support import ROOT, command_environment

RUN = ("run", "--profile", "smoke")


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line with which the command refuses its arguments, in this process."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert told.startswith("modclock: error: ")
    assert told.count("\n") == 1
    return told


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((*RUN, "--set", "k=61"), "k lies in 1..60 for 60 bits, got 61"),
        ((*RUN, "--set", "k=0"), "PairEncoder: k takes a whole number of at least 1, got 0"),
        ((*RUN, "--set", "k=20.0"), "k: Input should be a valid integer"),
        ((*RUN, "--set", "k=.nan"), "--set k: nan is no finite number"),
        ((*RUN, "--set", "k=many"), "k: Input should be a valid integer"),
        ((*RUN, "03", "--set", "period_low=11"), "period_low=11.0 is above period_high=10.0"),
        (
            (*RUN, "03", "--set", "period_low=-1"),
            "Encoder: period_low takes a positive number",
        ),
        (
            (*RUN, "03", "--set", "period_high=0"),
            "Encoder: period_high takes a positive number",
        ),
        ((*RUN, "--set", "p=1"), "modulus p is an integer of at least 2, got 1"),
        ((*RUN, "--set", "n_clock=5"), "--set: unknown name 'n_clock', did you mean 'n_clocks'"),
        ((*RUN, "--set", "n_clocks"), "--set: takes name=value"),
        ((*RUN, "--set", "n_clocks=[1"), "--set n_clocks: not YAML"),
        (
            (*RUN, "20", "--set", "train_fractions=0.7"),
            "should be a valid array, got 0.7; write [0.7]",
        ),
        ((*RUN, "16", "--set", "p=31"), "p=31 with train_fraction=0.5: take more of either"),
        ((*RUN, "--set", 'p=!!int ""'), "--set p: not YAML"),
        ((*RUN, "--set", "p=13", "--set", "p=17"), "--set: p is given twice, 13 and 17"),
        ((*RUN, "--set", "p=1:30"), "p: Input should be a valid integer, got '1:30'"),
        ((*RUN, "--set", "p=1_000"), "p: Input should be a valid integer, got '1_000'"),
        ((*RUN, "03_overlap"), "did you mean '03_overlap_headline'"),
        ((*RUN, "02", "--set", "k=500"), "k lies in 1..60 for 60 bits, got 500"),
        ((*RUN, "02", "--set", "p=1"), "modulus p is an integer of at least 2, got 1"),
        ((*RUN, "02", "--set", "period_low=11"), "period_low=11.0 is above period_high=10.0"),
        (
            (*RUN, "02", "--set", "n_clocks=0"),
            "n_clocks: Input should be greater than or equal to 1",
        ),
        ((*RUN, "03", "--set", "n_seeds=0"), "n_seeds: Input should be greater than or equal to 1"),
        ((*RUN, "03", "--set", "width_factor=.inf"), "width_factor: inf is no finite number"),
        ((*RUN, "03", "--set", "width_factor=.nan"), "width_factor: nan is no finite number"),
        ((*RUN, "03", "--set", "width_factor=-1e-1"), "width_factor is a positive number"),
        ((*RUN, "--set", "p=99999"), "p: Input should be less than or equal to 1000"),
        ((*RUN, "--set", "n_clocks=2147483648"), "n_clocks: Input should be less than"),
        ((*RUN, "--set", "k=2001-13-45"), "--set k: not YAML"),
        ((*RUN, "--jobs", "99999999999999999999"), "--jobs"),
        (
            (*RUN, "03", "--set", "other_period_ranges=[[2]]"),
            "other_period_ranges.0.1: Field required",
        ),
        (("run", "--profile", "quik"), "--profile: unknown name 'quik', did you mean 'quick'"),
        (("run", "--jobs", "0"), "--jobs"),
        (("run", "--job", "2"), "--jobs"),
        (("rnu",), "rnu"),
        (("report", "--profile", "smoke"), "no executed notebooks"),
    ],
)
def test_bad_usage_is_one_line_and_writes_nothing(capsys, out, arguments, message):
    extra = () if arguments == ("rnu",) else ("--out", str(out))
    assert message in refusal(capsys, *arguments, *extra)
    assert not out.exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("k: twenty\n", "k: Input should be a valid integer"),
        ("k: 99\n", "k lies in 1..60 for 60 bits, got 99"),
        ("periodlow: 3\n", "unknown name 'periodlow', did you mean 'period_low'"),
        ("k: [1\n", "not YAML"),
        ("- k\n", "holds name: value lines"),
        ("k: !!python/object/apply:os.getcwd []\n", "not YAML"),
    ],
)
def test_a_bad_params_file_is_named_with_its_field(
    capsys, monkeypatch, out, study_copy, text, message
):
    monkeypatch.setattr(notebooks, "project_root", lambda: study_copy)
    file = study_copy / "params" / "smoke" / "03_overlap_headline.yaml"
    file.write_text("n_clocks: 60\n" + text if ":" in text and "- " not in text else text)
    told = refusal(capsys, *RUN)
    assert message in told
    assert "params/smoke/03_overlap_headline.yaml" in told
    assert not out.exists()


@pytest.mark.parametrize("name", ["", "o\udcff"])
def test_an_output_folder_has_a_name(capsys, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    assert "--out: takes the name of a folder" in refusal(capsys, *RUN, "--out", name)
    assert list(tmp_path.iterdir()) == []


def test_an_output_folder_that_can_not_be_written_is_told(capsys, out):
    out.write_text("I am no folder")
    assert "output folder can't be written" in refusal(
        capsys, *RUN, "02", "--out", str(out / "outputs")
    )
    assert out.read_text() == "I am no folder"


def test_an_unreachable_scheduler_is_one_line(modclock, tmp_path):
    address = "tcp://127.0.0.1:9"
    out = tmp_path / "outputs"
    done = modclock(*RUN, "03", "--scheduler", address, "--out", str(out))
    assert done.returncode == 2
    assert f"no Dask scheduler answers at '{address}'" in done.stderr.splitlines()[-1]
    assert done.stderr.count("\n") == 1
    assert not out.exists()


def test_list_names_notebooks_claims_and_what_is_left_to_compute(modclock, tmp_path):
    done = modclock("list", "--profile", "smoke", "--out", str(tmp_path / "outputs"))
    assert done.returncode == 0
    assert "03_overlap_headline" in done.stdout
    assert "11 of 11 trials to compute" in done.stdout
    assert "C01" in done.stdout
    assert not (tmp_path / "outputs").exists()


def test_list_knows_what_is_up_to_date_and_how_long_it_took(smoke_run, modclock):
    done = modclock("list", "--profile", "smoke", "--out", str(smoke_run.out))
    lines = [line for line in done.stdout.splitlines() if line[:2].isdigit()]
    assert done.returncode == 0
    assert len(lines) == len(find_notebooks())
    assert all(re.search(r"up to date .* last: \d+ s", line) for line in lines)


def test_report_is_written_again_from_the_executed_notebooks(smoke_run, modclock, tmp_path):
    out = tmp_path / "outputs"
    shutil.copytree(smoke_run.folder / "notebooks", out / "smoke" / "notebooks")
    done = modclock("report", "--profile", "smoke", "--out", str(out))
    assert done.returncode == 0
    assert done.stdout == f"report: {out / 'smoke' / 'index.html'}\n"
    for written in ("index.html", "study.html", "claims.json"):
        assert (out / "smoke" / written).read_bytes() == (smoke_run.folder / written).read_bytes()


def test_without_a_command_it_shows_its_help(modclock):
    done = modclock()
    assert done.returncode == 2
    assert "Commands:" in done.stderr.splitlines()


def test_help_and_version_work_from_any_folder(tmp_path: Path):
    for option in ("--help", "--version"):
        done = subprocess.run(
            [sys.executable, "-m", "modclock.study.cli", option],
            env=command_environment(ROOT),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout


def test_a_run_of_all_ends_with_the_claims_of_each_verdict(smoke_run):
    assert smoke_run.again.status == 0, smoke_run.again.stderr
    *lines, last = smoke_run.again.stdout.splitlines()
    claims = json.loads((smoke_run.folder / "claims.json").read_text())
    said: dict[str, str] = {}
    verdict = ""
    for line in lines:  # long ones go on in the next
        verdict = re.findall(r"^[a-z ]*[a-z]|^", line)[0] or verdict
        said |= dict.fromkeys(re.findall(r"\b[CT]\d+", line), verdict)
    assert said.keys() == {claim["id"] for claim in claims}
    for claim in claims:
        assert said[claim["id"]] == claim["verdict"]
    assert last == f"report: {smoke_run.folder / 'index.html'}"


def test_a_run_of_one_notebook_ends_with_its_claims_in_short_lines(smoke_run, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    print_conclusions(smoke_run.folder, ["03_overlap_headline"])
    told = capsys.readouterr().out
    claims = json.loads((smoke_run.folder / "claims.json").read_text())
    own = [claim for claim in claims if claim["notebook"] == "03_overlap_headline"]
    assert [claim["id"] for claim in own] == ["C01", "C04"]
    assert re.findall(r"^([CT]\d+)  (.+)$", told, flags=re.MULTILINE) == [
        (claim["id"], claim["verdict"]) for claim in own
    ]
    for claim in own:
        assert claim["conclusion"] in " ".join(told.split())
    assert max(map(len, told.splitlines())) <= 80


def test_a_notebook_without_a_number_is_told_what_name_it_needs(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "My encoder (1).ipynb").write_text("{}")
    told = refusal(capsys, *RUN, "My encoder (1).ipynb")
    assert f"is there, but one of the study is in {ROOT / 'notebooks'} and named as" in told
    assert "30_my_encoder_1.ipynb: two digits, then letters" in told


@pytest.mark.parametrize(
    "name",
    ["3", "03", "03_overlap_headline", "03_overlap_headline.ipynb",
     "notebooks/03_overlap_headline.ipynb", f"{ROOT}/notebooks/03_overlap_headline.ipynb"],
)  # fmt: skip
def test_a_notebook_is_given_by_number_name_or_path(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert [book.name for book in find_notebooks([name])] == ["03_overlap_headline"]


@pytest.mark.parametrize("name", ["99", "grokking", "notebooks/77_none.ipynb"])
def test_a_notebook_that_is_not_there_is_one_short_line(capsys, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    told = refusal(capsys, "run", name)
    assert f"there is no {name!r}" in told
    folders = f"{tmp_path}, " * ("/" in name) + str(ROOT / "notebooks")
    assert f"(searched: {folders})" in told
    assert len(told) < 250


def test_without_a_study_it_says_where_it_searched(capsys, tmp_path, monkeypatch):
    installed = tmp_path / "site-packages" / "modclock" / "study" / "project.py"
    monkeypatch.setattr(project, "__file__", str(installed))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    told = refusal(capsys, "run", "03")
    assert "no study found" in told
    assert f"{tmp_path}, {tmp_path / 'elsewhere'}, {tmp_path}, " in told


def test_differences_are_lines_that_can_be_read(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    long = "[[2.0, 5.0], [2.0, 20.0], [2.0, 100.0], [3.0, 20.0], [4.0, 100.0], [4.0, 200.0]]"
    print_differences(
        [
            Difference("01_the_task", "a run", "no run", "a run of both"),
            Difference("03_overlap_headline: other_period_ranges", long, "[]", "equal"),
            Difference("04_diagonal_failures", "a run", "no run", "a run of both"),
        ]
    )
    first, names, told = capsys.readouterr().out.split("\n", 2)
    assert (first, names) == ("not run here", "    01_the_task, 04_diagonal_failures")
    assert told.splitlines()[0] == "03_overlap_headline: other_period_ranges"
    assert "    found:     []" in told.splitlines()
    assert "    allowed:   equal" in told.splitlines()
    assert long in " ".join(told.split())
    assert max(map(len, told.splitlines())) <= 80


def test_make_says_which_python_is_too_old(tmp_path):
    """With a Python that says it is 3.10.4."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).touch()
    old = tmp_path / "old-python"
    is_old = "sys.version_info = (3, 10, 4); sys.version = '3.10.4 (main)'"
    code = f"import sys; {is_old}; exec(sys.argv[1])"
    old.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{code}" "$2"\n')
    old.chmod(0o755)
    done = subprocess.run(
        ["make", "study", f"PYTHON={old}"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert f"Python 3.11 or newer is needed; {old} is 3.10.4." in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_the_shell_completes_notebooks_and_profiles():
    def completed(words: str) -> set[str]:
        count = str(len(words.split()) - (not words.endswith(" ")))
        environment = {"_MODCLOCK_COMPLETE": "bash_complete", "COMP_WORDS": words}
        done = subprocess.run(
            [Path(sys.executable).parent / "modclock"],
            env=os.environ | environment | {"COMP_CWORD": count},
            capture_output=True,
            text=True,
            check=True,
        )
        return {line.split(",")[1] for line in done.stdout.splitlines()}

    assert completed("modclock run 03") == {"03_overlap_headline"}
    assert completed("modclock run --profile ") == {"smoke", "quick", "full"}

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from modclock.study.cli import main
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


def test_a_run_ends_with_the_verdict_of_every_claim(smoke_run):
    assert smoke_run.again.status == 0, smoke_run.again.stderr
    *lines, last = smoke_run.again.stdout.splitlines()
    claims = json.loads((smoke_run.folder / "claims.json").read_text())
    assert [line.split()[0] for line in lines] == [claim["id"] for claim in claims]
    assert all(
        claim["verdict"] in line and claim["conclusion"] in line
        for claim, line in zip(claims, lines, strict=True)
    )
    assert last == f"report: {smoke_run.folder / 'index.html'}"


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

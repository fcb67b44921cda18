"""What users have set for Dask, JAX and Jupyter: a run works or says in a line what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from modclock.study.compute.timed_trial import timed_run
from modclock.study.trials.environment import here
from modclock.study.trials.keys import trial_key
from modclock.study.trials.trial import Trial
from support import ROOT, command_environment


def run(out, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "modclock.study.cli", "run", "--profile", "smoke"]
    return subprocess.run(
        [*command, "--jobs", "1", "--out", str(out), *arguments],
        env=command_environment(ROOT) | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("temporary-directory: /proc/nothing", "workers can't be started: FileNotFoundError"),
        ("distributed: {comm: {tls: {min-version: 1.1}}}", "min-version=1.1 is not supported"),
        ("a: [", "Dask's configuration can't be read"),
        ("- a list", "Dask's configuration can't be read"),
        ("\x00", "Dask's configuration can't be read"),
        ("logging: 5", "Dask's configuration: logging holds name: value lines, got 5"),
        ("distributed: [nanny]", "Dask's configuration: distributed holds name: value lines"),
    ],
)
def test_a_configuration_of_dask_that_can_not_be_is_one_line(tmp_path, text, words):
    (tmp_path / "own.yaml").write_text(text)
    done = run(tmp_path / "out", "01", DASK_CONFIG=str(tmp_path / "own.yaml"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert words in done.stderr


def test_a_configuration_that_asks_for_certificates_has_them(tmp_path):
    (tmp_path / "own.yaml").write_text("distributed: {comm: {require-encryption: true}}")
    done = run(tmp_path / "out", "01", DASK_CONFIG=str(tmp_path / "own.yaml"))
    assert done.returncode == 0, done.stderr


def test_limits_of_memory_that_can_not_be_are_not_for_these_workers(tmp_path):
    done = run(tmp_path / "out", "01", DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE="much")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("of", ["worker", "nanny", "scheduler"])
def test_what_others_import_first_is_not_for_these_workers(tmp_path, of):
    (tmp_path / "own.yaml").write_text(f"distributed: {{{of}: {{preload: [no_such_package]}}}}")
    done = run(tmp_path / "out", "01", DASK_CONFIG=str(tmp_path / "own.yaml"))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("backend", ["nonsense", "TkAgg"])
def test_what_users_draw_with_is_not_what_notebooks_draw_with(tmp_path, backend):
    done = run(tmp_path / "out", "02", MPLBACKEND=backend)
    assert done.returncode == 0, done.stderr


def test_an_error_without_words_is_told_with_its_place(monkeypatch):
    def fail(self):  # as JAX does where there is no GPU
        raise AssertionError

    monkeypatch.setenv("JAX_PLATFORMS", "cuda")
    monkeypatch.setattr(Trial, "run", fail)
    trial = Trial(k=10)
    error, _ = timed_run(trial, trial_key(trial), here())
    assert str(error).startswith("AssertionError in fail, ")
    assert str(error).endswith("; JAX_PLATFORMS is cuda")


@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, "-m", "ipykernel", "-f", "{connection_file}"],
        ["bash", "-c", f"exec {sys.executable} -m ipykernel_launcher -f $0", "{connection_file}"],
        ["env", sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    ],
    ids=["another module", "a shell", "another program"],
)
def test_a_kernel_of_another_command_runs(tmp_path, command):
    folder = tmp_path / "kernels" / "python3"
    folder.mkdir(parents=True)
    spec = {"argv": command, "display_name": "own", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec))
    done = run(tmp_path / "out", "02", JUPYTER_PATH=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert os.listdir(tmp_path / "out" / "smoke" / "notebooks")

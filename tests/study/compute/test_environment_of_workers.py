"""On a cluster keys are those of the machines that its workers run on."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from distributed import Client

from modclock.study.compute.cluster import adopt_surroundings
from modclock.study.errors import InputError
from modclock.study.running.planning import plan_notebooks
from modclock.study.trials.environment import VARIABLE, here, of_trials
from modclock.study.trials.keys import trial_key
from modclock.study.trials.trial import Trial
from support import ROOT, command_environment, dask_cluster


@pytest.fixture(autouse=True)
def of_this_machine(monkeypatch):
    monkeypatch.setenv(VARIABLE, "")  # and undone at the end


def test_keys_are_those_of_the_workers(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Sandybridge")
    with dask_cluster(tmp_path / "cluster", n_workers=1) as (address, _):
        monkeypatch.delenv("OPENBLAS_CORETYPE")
        adopt_surroundings(address)
    assert of_trials() == here() | {"OPENBLAS_CORETYPE": "Sandybridge"}
    trial = Trial(k=133)
    assert trial_key(trial) != trial_key(trial, here())


def test_workers_of_several_kinds_are_refused_in_a_line(tmp_path):
    command = [sys.executable, "-m", "dask", "worker", "--nthreads", "1", "--no-dashboard"]
    other = command_environment(ROOT) | {"OPENBLAS_CORETYPE": "Sandybridge"}
    with dask_cluster(tmp_path / "cluster", n_workers=1) as (address, processes):
        processes.append(subprocess.Popen([*command, address], env=other, cwd=tmp_path))
        with Client(address) as client:
            client.wait_for_workers(2)
        with pytest.raises(InputError) as refused:
            adopt_surroundings(address)
    assert "are of several kinds (OPENBLAS_CORETYPE " in str(refused.value)
    assert "\n" not in str(refused.value)


def test_without_a_cluster_keys_are_those_of_this_machine():
    adopt_surroundings()
    assert json.loads(os.environ[VARIABLE] or "{}") == {}
    assert of_trials() == here()


def test_what_a_notebook_shows_depends_on_where_its_trials_ran(tmp_path, monkeypatch):
    notebook = plan_notebooks(["01"], "smoke", {})[0]
    here_alone = notebook.fingerprint
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Sandybridge")
    with dask_cluster(tmp_path / "cluster", n_workers=1) as (address, _):
        monkeypatch.delenv("OPENBLAS_CORETYPE")
        assert notebook.fingerprint == here_alone
        adopt_surroundings(address)
    assert notebook.fingerprint != here_alone


@pytest.mark.parametrize("nonsense", ["x", "[]", "{", '{"cpu": 1}', "null"])
def test_surroundings_that_no_run_has_set_are_one_line(nonsense, tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "modclock", "run", "01", "--profile", "smoke", "--out", tmp_path],
        env=command_environment(ROOT) | {VARIABLE: nonsense},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert run.returncode == 2
    assert run.stderr.startswith(f"modclock: error: {VARIABLE}: is what a run tells its own")
    assert run.stderr.count("\n") == 1

"""What tests of the study half share."""

from __future__ import annotations

import importlib.util
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modclock.study.claims.criteria import Claim

ROOT = Path(__file__).parents[1]


def command_environment(study: Path) -> dict[str, str]:
    """The environment in which `modclock` runs the study in a folder."""
    ours = ("MODCLOCK_", "SCIPY_ARRAY_API")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return clean | {"PYTHONPATH": str(study / "lib")}


def printed(code: str, study: Path) -> str:
    """What Python code prints in a process of its own, with the package of the study there."""
    done = subprocess.run(
        [sys.executable, "-c", dedent(code)],
        env=command_environment(study),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def loaded_script(path: Path) -> Any:
    """A script that belongs to no package, as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def started_run(*arguments: object, **variables: str) -> subprocess.Popen[str]:
    """`modclock run --profile smoke` in the background, in a process group of its own."""
    command = [sys.executable, "-m", "modclock.study.cli", "run", "--profile", "smoke"]
    return subprocess.Popen(
        [*command, *map(str, arguments)],
        env=command_environment(ROOT) | variables,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def dask_cluster(
    folder: Path,
    *worker_options: str,
    n_workers: int = 2,
    study: Path = ROOT,
    **of_scheduler: str,
) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Address and processes of a Dask scheduler and workers, each in a folder of its own.

    `study` is where the workers have their code from, `of_scheduler` are environment variables
    of the scheduler alone.
    """
    told = folder / "scheduler.json"
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = command_environment(study)
    commands: list[list[Any]] = [
        ["scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", told],
        *(["worker", "--scheduler-file", told, *worker_options] for _ in range(n_workers)),
    ]
    processes = []
    for number, command in enumerate(commands):
        if command[0] == "worker":
            command += ["--nthreads", "1", "--no-dashboard"]
        own = folder / f"process{number}"
        own.mkdir(parents=True)
        processes.append(
            subprocess.Popen(
                [sys.executable, "-m", "dask", *command],
                env=environment | (of_scheduler if number == 0 else {}),
                cwd=own,
                **quiet,
            )
        )
    try:
        until(lambda: told.exists() and told.stat().st_size, 60)
        yield json.loads(told.read_text())["address"], processes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(60)


def until(condition, seconds: float) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not so after {seconds} s")
        time.sleep(0.02)


def finished_trials(out: Path) -> dict[str, str]:
    """Keys of the stored trials and when each was finished."""
    if not (out / "trials.sqlite").exists():
        return {}
    with sqlite3.connect(out / "trials.sqlite", timeout=60) as connection:
        try:
            return dict(connection.execute("SELECT key, finished FROM trials"))
        except sqlite3.OperationalError:  # the table is just being made
            return {}


def copy_of_run(smoke_run, out: Path) -> None:
    """A store of one's own with all that the smoke run has computed."""
    out.mkdir(parents=True)
    target = sqlite3.connect(out / "trials.sqlite")
    sqlite3.connect(smoke_run.out / "trials.sqlite").backup(target)
    target.close()


def wanted_trials(names: Sequence[str] = ()) -> set[str]:
    """Keys of the trials of the smoke profile."""
    # Tests of the science run without the study's packages.
    from modclock.study.running.planning import plan_notebooks, plan_trials

    return set(plan_trials(plan_notebooks(names, "smoke", {})))


def results(folder: Path, names: Sequence[str] = ("*",)) -> dict[str, bytes]:
    """Claims and rows of a smoke run by file name, as they are on the disk."""
    claims = json.loads((folder / "claims.json").read_text())
    if names != ("*",):
        claims = [claim for claim in claims if claim["notebook"] in names]
    files = [path for name in names for path in (folder / "data").glob(f"{name}.csv")]
    return {"claims": json.dumps(claims).encode()} | {
        path.name: path.read_bytes() for path in files
    }


def numbered(claim: Claim) -> Claim:
    """The claim with the places of its outcomes as their conclusions, to tell which one holds."""
    outcomes = [
        item.model_copy(update={"conclusion": str(number)})
        for number, item in enumerate(claim.outcomes)
    ]
    return claim.model_copy(update={"outcomes": outcomes, "in_any_case": ""})

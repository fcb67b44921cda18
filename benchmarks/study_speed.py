"""How long the study takes, beside a plain loop of papermill over the same notebooks.

    python benchmarks/study_speed.py [profile]

Both start from nothing. The loop gives every notebook an empty store, as does somebody who opens
them one after the other, so what several notebooks want is computed for each of them. Then the
study is run once more, with nothing to do. And how long `modclock --help` takes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from modclock.study.project import OUTPUT_VARIABLE, project_root
from modclock.study.running.notebooks import find_notebooks


def seconds(module: str, *arguments: object, **variables: str) -> float:
    """Wall time of a command, a Python module with arguments, in seconds."""
    start = time.perf_counter()
    command = [sys.executable, "-m", module, *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | variables)
    return time.perf_counter() - start


def compare(profile: str, folder: Path) -> None:
    """Time both, and print each notebook's share of the loop, and the ratio."""
    study = ("modclock.study.cli", "run", "--profile", profile, "--out", folder / "study")
    together = seconds(*study)
    print(f"modclock run: {together:.0f} s", flush=True)
    print(f"once more, nothing to do: {seconds(*study):.1f} s", flush=True)
    print(f"modclock --help: {seconds('modclock.study.cli', '--help'):.2f} s", flush=True)
    loop = 0.0
    for notebook in find_notebooks():
        name = notebook.name
        changes = project_root() / "params" / profile / f"{name}.yaml"
        options = ["--parameters_file", changes] if changes.exists() else []
        took = seconds(
            "papermill",
            notebook.path,
            folder / f"{name}.ipynb",
            *options,
            **{OUTPUT_VARIABLE: str(folder / name)},
        )
        loop += took
        print(f"{name}: {took:.0f} s", flush=True)
    print(f"plain papermill: {loop:.0f} s, {loop / together:.2f} times as long")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        compare(sys.argv[1] if len(sys.argv) > 1 else "quick", Path(temporary))

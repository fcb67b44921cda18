"""Random command lines, params files, claims files and folders against the `modclock` command.

    python tests/fuzz.py --count 20000 [--seed 0] [--outputs FOLDER]

Each case ends with an answer or with one line. What is a failure: a traceback, more than a line,
a write outside of the outputs, 20 seconds without an answer, more memory than 2 GB. The command
runs in this process and in a copy of the study. Notebooks are planned and checked, not executed.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from fuzzing.loop import MEMORY, fuzz
from fuzzing.sandbox import Sandbox

ROOT = Path(__file__).parents[1]
IN_REPORT = ("01_the_task", "02_clock_encoders")


def prepared(folder: Path, outputs: Path | None) -> Path:
    """A copy of the study in a folder, and outputs of two notebooks."""
    for name in ("lib", "notebooks", "params", "outputs/reference"):
        ignored = shutil.ignore_patterns("__pycache__", "*.svg")
        shutil.copytree(ROOT / name, folder / "study" / name, ignore=ignored)
    base = folder / "base"
    if outputs is None:
        subprocess.run(
            [
                sys.executable,
                "-m",
                "modclock",
                "run",
                "01",
                "02",
                "--profile",
                "smoke",
                "--out",
                base,
            ],
            env=os.environ | {"PYTHONPATH": str(folder / "study" / "lib")},
            check=True,
        )
        return base
    kept = (*IN_REPORT, "index", "study", "claims", "provenance", "report", "trials")
    for path in outputs.rglob("*"):
        if path.is_file() and path.stem in kept and "reference" not in path.parts:
            target = base / path.relative_to(outputs)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
    return base


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--outputs", type=Path, help="of a smoke run, which else is made first")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)  # the second process
    given = parser.parse_args()
    if given.inside is None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name).resolve()
            base = prepared(folder, given.outputs)
            found = os.pathsep.join(map(str, (folder / "study" / "lib", ROOT / "tests")))
            told = {"inside": folder, "outputs": base, "count": given.count, "seed": given.seed}
            options = [f"--{option}={value}" for option, value in told.items()]
            done = subprocess.run(
                [sys.executable, "-B", __file__, *options],
                env=os.environ | {"PYTHONPATH": found, "PYTHONSAFEPATH": "1"},
                check=False,
            )
        sys.exit(done.returncode)
    resource.setrlimit(resource.RLIMIT_AS, (8 * MEMORY, 8 * MEMORY))  # of addresses
    sandbox = Sandbox(given.inside, given.outputs)
    sys.exit(1 if fuzz(given.count, given.seed, sandbox) else 0)


if __name__ == "__main__":
    main()

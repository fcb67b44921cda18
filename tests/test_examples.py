"""The study in one file is short, needs little, and prints what its comments say."""

from __future__ import annotations

import ast
import os
import subprocess
import sys

import pytest

from support import ROOT

FILE = ROOT / "examples" / "in_one_file.py"


@pytest.fixture(scope="module")
def printed() -> dict[tuple[str, str], tuple[float, float, float]]:
    """Train accuracy, test accuracy and that of pairs with i = j, by input and learner."""
    done = subprocess.run(
        [sys.executable, FILE],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert done.stderr == ""
    found = {}
    for line in done.stdout.splitlines()[1:]:
        train, test, equal = map(float, line[30:].split())
        found[line[:20].strip(), line[20:30].strip()] = train, test, equal
    return found


def test_it_is_short_and_needs_numpy_and_scikit_learn_alone():
    text = FILE.read_text("utf-8")
    assert len(text.splitlines()) <= 100
    tree = ast.parse(text)
    named = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    named += [a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names]
    used = {name.partition(".")[0] for name in named} - set(sys.stdlib_module_names)
    assert used == {"numpy", "sklearn"}


def test_the_overlap_is_learned(printed):
    assert printed["overlap", "network"][0] > 0.99
    assert printed["overlap", "network"][1] > 0.9
    assert printed["overlap", "linear"][1] > 0.95


def test_plain_sums_and_codes_side_by_side_are_not_in_the_same_budget(printed):
    for name in ("dense sum", "bits side by side", "hands side by side"):
        assert printed[name, "network"][1] < printed["overlap", "network"][1] / 4
        assert printed[name, "linear"][1] <= printed["chance", ""][1]
    assert printed["bits side by side", "network"][0] > 0.95  # by heart


def test_equal_numbers_fail_until_hands_are_added_as_angles(printed):
    for learner in ("network", "linear"):
        assert printed["overlap", learner][2] < 0.2
        assert min(printed["overlap of angles", learner]) > 0.9

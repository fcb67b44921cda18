"""Edits of the package, and of a reader's own: whenever a number changes, its key has changed."""

from __future__ import annotations

import ast
import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from modclock.study.trials.sources import reached_from
from mutations import edited, sites
from support import ROOT, command_environment

N_EDITS = 1010
N_RUN = 40  # of those that a trial can reach; more in the slow group
N_MORE = 250
STARTS = {
    "value map": ["study.trials.trial", "encoders.cycle", "classifiers.presets"],
    "ridge": ["study.trials.trial", "encoders.htm", "classifiers.presets"],
    "sweep": ["study.trials.knob_sweep", "encoders.cycle"],
    "committee": ["study.trials.committee"],
    "transformer": ["study.trials.transformer"],
}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the study's package, and of a reader's package beside it."""
    folder = tmp_path_factory.mktemp("study")
    shutil.copytree(ROOT / "lib", folder / "lib", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests" / "own_study", folder / "lib" / "own_study")
    return folder / "lib"


def module_of(study: Path, file: str) -> str:
    parts = list(Path(file).relative_to(study).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.fixture(scope="module")
def edits(study: Path) -> list[tuple[str, str, str]]:
    """A sample of all edits that can be made: file, kind of edit, new text."""
    files = {str(path): path.read_text("utf-8") for path in sorted(study.rglob("*.py"))}
    every = [(file, site) for file, text in files.items() for site in sites(text)]
    # A quarter each: where some trial reaches or not, however large the rest of the package grows,
    # and small edits or dropped statements, most of which fail instead of changing a number.
    start = [f"modclock.{module}" for modules in STARTS.values() for module in modules]
    reach = set(reached_from(start).digests)
    sides: dict[tuple[bool, bool], list[Any]] = {}
    for file, site in every:
        side = module_of(study, file) in reach, site.kind.startswith("statement")
        sides.setdefault(side, []).append((file, site))
    drawn = random.Random(0)
    quarters = zip(
        *(drawn.sample(sides[side], N_EDITS // 2) for side in sorted(sides)), strict=True
    )
    own = [item for item in every if "own_study" in item[0]]
    sample = own + [item for four in quarters for item in four]
    changed = [(file, site.kind, edited(files[file], site)) for file, site in sample]
    plain = {file: ast.unparse(ast.parse(text)) for file, text in files.items()}
    return [item for item in changed if item[2] != plain[item[0]]][:N_EDITS]


def answers(study: Path, edits: list[tuple[str, str, str]], *options: str) -> list[Any]:
    """What the edits do, see `mutants_of_a_study`; the first answer is that of no edit."""
    first = edits[0][0]
    asked = [(first, Path(first).read_text("utf-8")), *((file, text) for file, _, text in edits)]
    done = subprocess.run(
        [sys.executable, "-P", str(ROOT / "tests" / "mutants_of_a_study.py"), *options],
        input=json.dumps(asked),
        env=command_environment(study.parent) | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def keys(study: Path, edits: list[tuple[str, str, str]]) -> list[dict[str, str]]:
    return answers(study, edits)


def test_the_edits_of_what_a_trial_reaches_change_its_key_and_no_others(study, edits, keys):
    """The keys by the reach of each trial: an edit there changes it, an edit elsewhere does not."""
    before, *after = keys
    reach = {
        name: set(reached_from([f"modclock.{module}" for module in start]).digests)
        for name, start in STARTS.items()
    }
    counted: Counter[str] = Counter()
    for (file, kind, _), found in zip(edits, after, strict=True):
        counted[kind.split()[0]] += 1
        for name, modules in reach.items():
            changed = found[name] != before[name]
            assert changed == (module_of(study, file) in modules), (file, kind, name)
            counted["keys changed"] += changed
    print(f"{len(edits)} edits: {dict(counted)}")
    assert len(edits) >= 1000
    assert len({kind.split()[0] for _, kind, _ in edits}) == 4


def check_numbers(study, edits, keys, chosen, *options):
    """Run the trials under the chosen edits; whenever a number changed, the key had changed."""
    before, *after = keys
    normal, *found = answers(study, [edits[place] for place in chosen], "--run", *options)
    assert not [text for text in normal.values() if text.startswith("failed")]
    n_changed = Counter[str]()
    for place, metrics in zip(chosen, found, strict=True):
        for name, text in (metrics or {}).items():
            if text != normal[name] and not text.startswith("failed"):
                n_changed[name] += 1
                key = "value map" if name == "network" else name  # of the same code
                assert after[place][key] != before[key], edits[place]
    print(f"{len(chosen)} edits run, numbers changed: {dict(n_changed)}")
    return n_changed


def reached(study, edits, keys):
    """Places of edits that some key saw, and of those that none did."""
    before, *after = keys
    seen = [place for place, found in enumerate(after) if found != before]
    return seen, sorted(set(range(len(edits))) - set(seen))


def test_no_number_changes_under_an_old_key(study, edits, keys):
    seen, unseen = reached(study, edits, keys)
    drawn = random.Random(1)
    small = [place for place in seen if not edits[place][1].startswith("statement")]
    chosen = drawn.sample(small, N_RUN // 2) + drawn.sample(unseen, N_RUN // 2)
    own = [place for place in seen if "own_study" in edits[place][0]]
    changed = check_numbers(study, edits, keys, chosen + drawn.sample(own, min(len(own), 15)))
    assert changed["own"] >= 3
    assert sum(changed.values()) >= 5


@pytest.mark.slow
def test_no_number_changes_under_an_old_key_in_many_runs(study, edits, keys):
    seen, unseen = reached(study, edits, keys)
    drawn = random.Random(2)
    chosen = drawn.sample(seen, N_MORE) + drawn.sample(unseen, 50)
    changed = check_numbers(study, edits, keys, chosen)
    run = ["encoders/cycle.py", "pairing.py", "sdr.py", "datasets.py", "grokking/committee.py"]
    aimed = small_edits(study, run, 150, 4)
    changed += check_numbers(study, aimed, answers(study, aimed), range(len(aimed)))
    assert sum(changed.values()) >= 50


@pytest.mark.slow
def test_no_number_of_a_transformer_changes_under_an_old_key(study):
    used = ["networks/training.py", "networks/transformer.py", "networks/optimizers.py"]
    rooms = [*used, "grokking/fourier.py", "grokking/progress.py", "study/trials/transformer.py"]
    edits = small_edits(study, rooms, 25, 3)
    keys = answers(study, edits)
    changed = check_numbers(study, edits, keys, range(len(edits)), "--transformer")
    assert changed["transformer"] >= 3


def small_edits(study, rooms, n, seed):
    """Edits of modules that a trial runs, no statement dropped."""
    small = [
        (str(path), site.kind, edited(path.read_text("utf-8"), site))
        for path in [study / "modclock" / room for room in rooms]
        for site in sites(path.read_text("utf-8"))
        if not site.kind.startswith("statement")
    ]
    return random.Random(seed).sample(small, n)

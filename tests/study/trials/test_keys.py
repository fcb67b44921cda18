from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from modclock.study.running.notebooks import find_notebooks
from modclock.study.trials.keys import trial_key
from modclock.study.trials.sources import reached_from
from modclock.study.trials.trial import Trial
from support import ROOT, printed

PRINT_KEYS = """
from modclock.study.trials.keys import trial_key
from modclock.study.trials.trial import Trial
print(trial_key(Trial(k=133)), trial_key(Trial(k=133, seed=1)))
"""


def keys_in(study: Path) -> list[str]:
    return printed(PRINT_KEYS, study).split()


@pytest.fixture(scope="module")
def keys_before() -> list[str]:
    return keys_in(ROOT)


def edit(study: Path, file: str, old: str, new: str) -> None:
    path = study / "lib" / "modclock" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_equal_trials_have_equal_keys_however_they_are_written():
    key = trial_key(Trial(k=133))
    assert key == trial_key(Trial(seed=0, k=133, encoder_params={"period_high": 10.0}))
    assert key != trial_key(Trial(k=134))
    assert key != trial_key(Trial(k=133, encoder_params={"period_high": 10.5}))


@pytest.mark.parametrize("notebook", find_notebooks(), ids=lambda book: book.name)
def test_keys_are_the_same_by_params_file_plain_papermill_and_defaults(notebook):
    """10 in a params file, 10.0 in a cell: still the same trial."""
    path = ROOT / "params" / "smoke" / f"{notebook.name}.yaml"
    ways = [
        notebook.parameters("smoke", {}),
        notebook.defaults() | yaml.safe_load(path.read_text()),
    ]
    ways += [notebook.parameters("quick", {}), notebook.defaults()]
    plans = [[trial_key(trial) for trial in notebook.plan(values, "").plan] for values in ways]
    assert plans[0] == plans[1]
    assert plans[2] == plans[3]


def test_a_change_of_the_encoder_changes_the_key(study_copy, keys_before):
    edit(study_copy, "encoders/cycle.py", "/ self.periods_) % 1.0", "/ self.periods_ + 0.5) % 1.0")
    assert not set(keys_before) & set(keys_in(study_copy))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("study/figures/charts.py", '"colorblind"', '"deep"'),
        ("study/files.py", "indent=2", "indent=3"),
        ("encoders/cycle.py", "# A tiny negative", "# A very tiny negative"),
        ("encoders/cycle.py", "Clocks that start", "Many clocks that start"),
        ("analysis/similarity.py", "max_distance + 1", "max_distance"),
    ],
)
def test_plots_comments_docstrings_and_unused_science_change_no_key(
    study_copy, keys_before, file, old, new
):
    edit(study_copy, file, old, new)
    assert keys_in(study_copy) == keys_before


def test_the_science_of_a_trial_is_what_it_imports():
    modules = reached_from(["modclock.study.trials.trial", "modclock.encoders.cycle"]).digests
    assert {"modclock.pairing", "modclock.sdr", "modclock.encoders"} <= set(modules)
    assert not {"modclock.encoders.htm", "modclock.study.figures.charts"} & set(modules)


def test_what_trials_on_encodings_share_is_not_science_of_transformers():
    modules = reached_from(["modclock.study.trials.transformer"]).digests
    assert {"modclock.study.trials.base", "modclock.networks.training"} <= set(modules)
    assert "modclock.study.trials.trial" not in modules

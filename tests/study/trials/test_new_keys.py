"""What gives a trial a new key: edits of the package, settings, and other processors."""

from __future__ import annotations

import pytest

from modclock.study.compute.timed_trial import timed_run
from modclock.study.trials.environment import here
from modclock.study.trials.keys import trial_key
from modclock.study.trials.trial import Trial
from support import ROOT, printed

# Edits of the package as it is, each of which changes what a trial does.
EDITS = {
    "a constant": ("encoders/cycle.py", "% 1.0\n", "% 1.5\n"),
    "the package's own init": (
        "__init__.py",
        "__version__",
        "import numpy as np\nnp.seterr(all='raise')\n__version__",
    ),
    "a re-export exchanged": (
        "encoders/__init__.py",
        "import CycleEncoder, VarCycleEncoder",
        "import VarCycleEncoder as CycleEncoder, CycleEncoder as VarCycleEncoder",
    ),
    "a preset wrapped": (
        "classifiers/__init__.py",
        "__all__ = [",
        "from functools import partial\n"
        "PRESETS |= {'mlp_classifier': partial(mlp_classifier, n_hidden=2)}\n__all__ = [",
    ),
    "a preset as a partial": (
        "classifiers/presets.py",
        "PRESETS: dict[str, Callable[..., Any]] = {",
        "from functools import partial\nPRESETS: dict[str, Callable[..., Any]] = {",
    ),
    "the look-up of names": (
        "study/trials/lookup.py",
        "return LEARNERS[name]",
        "return LEARNERS['naive_bayes']",
    ),
    "a module imported as such": (
        "sdr.py",
        "winners.astype(np.float32)",
        "-winners.astype(np.float32)",
    ),
}
OF_TRANSFORMERS = {
    "the init of grokking": (
        "grokking/__init__.py",
        "import modclock.networks",
        "import os\nimport modclock.networks",
    ),
    "the init of networks": ("networks/__init__.py", '"1"', '"2"'),
    "the optimiser": ("networks/optimizers.py", "b1=0.9", "b1=0.8"),
}
PRINT_KEYS = """
from modclock.grokking.presets import PRESETS
from modclock.study.trials.keys import trial_key
from modclock.study.trials.transformer import TransformerTrial
from modclock.study.trials.trial import Trial
sizes = {"p": 7, "width": 8, "mlp_width": 12, "n_steps": 30}
print(trial_key(Trial(k=133)), trial_key(TransformerTrial(**PRESETS["classic"] | sizes)))
"""


@pytest.fixture(scope="module")
def keys_before() -> list[str]:
    return printed(PRINT_KEYS, ROOT).split()


@pytest.mark.parametrize(
    ("edit", "place"),
    [(edit, 0) for edit in EDITS.values()] + [(edit, 1) for edit in OF_TRANSFORMERS.values()],
    ids=[*EDITS, *OF_TRANSFORMERS],
)
def test_an_edit_of_the_package_gives_new_keys(study_copy, keys_before, edit, place):
    file, old, new = edit
    path = study_copy / "lib" / "modclock" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    if file == "sdr.py":  # the edit that once went unseen
        pairing = path.with_name("pairing.py")
        pairing.write_text(f"{pairing.read_text()}\nfrom modclock import sdr\n")
    assert printed(PRINT_KEYS, study_copy).split()[place] != keys_before[place]


SETTINGS = [
    ("JAX_ENABLE_X64", "1"), ("JAX_DISABLE_JIT", "1"), ("JAX_PLATFORMS", "cuda"),
    ("XLA_FLAGS", "--xla_cpu_max_isa=AVX"), ("NPY_DISABLE_CPU_FEATURES", "AVX2"),
    ("OPENBLAS_CORETYPE", "Sandybridge"), ("MKL_CBWR", "COMPATIBLE"),
    ("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2"), ("FLEXIBLAS", "netlib"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), SETTINGS)
def test_a_setting_that_changes_numbers_gives_new_keys(monkeypatch, name, value):
    monkeypatch.delenv(name, raising=False)
    trial = Trial(k=133)
    before = trial_key(trial)
    monkeypatch.setenv(name, value)
    assert trial_key(trial) != before


@pytest.mark.parametrize("name", ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PYTHONHASHSEED"])
def test_what_changes_no_number_changes_no_key(monkeypatch, name):
    trial = Trial(k=133)
    before = trial_key(trial)
    monkeypatch.setenv(name, "1")
    assert trial_key(trial) == before


def test_keys_of_two_kinds_of_processor_differ():
    trial = Trial(k=133)
    other = here() | {"cpu": "another"}
    assert trial_key(trial, other) != trial_key(trial, here())
    outcome, _ = timed_run(trial, trial_key(trial, other), other)
    assert "this worker is of another kind: cpu another and " in str(outcome)

"""What counts for the key of a trial: all code that it can reach, however it is imported."""

from __future__ import annotations

import os
import py_compile
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import grimp
import pytest

from modclock._loaded import STAMPS
from modclock.study.compute.timed_trial import timed_run
from modclock.study.errors import CodeChangedError
from modclock.study.trials import module_files, sources
from modclock.study.trials.environment import here
from modclock.study.trials.keys import trial_key
from modclock.study.trials.module_files import changed_files, package_digest, source_file
from modclock.study.trials.sources import reached_from
from modclock.study.trials.trial import Trial
from support import ROOT, command_environment

TRIAL = """
from modclock.study.trials.base import BaseTrial
{imports}

class OwnTrial(BaseTrial):
    def run(self):
        return {{"value": {value}}}

class OtherTrial(BaseTrial):
    def run(self):
        return {{"value": -({value})}}
"""
# How the trial's module gets at `number`, which is defined in own_part.deep.helper.
FORMS = {
    "a name": ("from own_part.deep.helper import number", "number"),
    "a module of a package": ("from own_part.deep import helper", "helper.number"),
    "a module": ("import own_part.deep.helper", "own_part.deep.helper.number"),
    "a module by another name": ("import own_part.deep.helper as h", "h.number"),
    "a relative name": ("from .deep.helper import number", "number"),
    "a relative module": ("from .deep import helper as h", "h.number"),
    "everything": ("from own_part.deep.helper import *", "number"),
    "a re-export": ("from own_part.deep import number", "number"),
    "a package": ("import own_part.deep", "own_part.deep.number"),
    "by a call": (
        "import importlib\nh = importlib.import_module('own_part.deep.helper')",
        "h.number",
    ),
    "by a call of a name": (
        "from importlib import import_module as get\nh = get('.deep.helper', 'own_part')",
        "h.number",
    ),
    "by the built-in": (
        "h = __import__('own_part.deep.helper', fromlist=['number'])",
        "h.number",
    ),
    "by the table of modules": (
        "import sys\nimport own_part.deep\nh = sys.modules['own_part.deep.helper']",
        "h.number",
    ),
    "in a function": (
        "def get():\n    from .deep.helper import number\n    return number",
        "get()",
    ),
    "where it may fail": (
        "try:\n    from .deep.helper import number\nexcept ImportError:\n    pass",
        "number",
    ),
    "an attribute of an attribute": ("import own_part as o", "o.deep.helper.number"),
    "an attribute of a name": ("from own_part import deep", "deep.helper.number"),
    "a constant of a package": ("from own_part.deep import SIZE as number", "number"),
}


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A package of a reader's own, with a module that several forms of import reach."""
    monkeypatch.syspath_prepend(tmp_path)
    package = tmp_path / "own_part"
    (package / "deep").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "deep" / "__init__.py").write_text(
        "from own_part.deep.helper import number\nSIZE = 3\nfrom own_part.deep import data\n"
    )
    (package / "deep" / "helper.py").write_text("number = 3\n")
    (package / "deep" / "data.py").write_text("other = 1\n")
    (package / "unused.py").write_text("number = 4\n")
    yield package
    forget()
    for name in [name for name in sys.modules if name.partition(".")[0] == "own_part"]:
        del sys.modules[name]


def forget() -> None:
    """As in a new process: no module of a reader has been loaded."""
    for path in [path for path in STAMPS if "modclock" not in path.parts]:
        del STAMPS[path]
    sources._reached.cache_clear()
    for name in ("_found", "_file", "_is_beside", "data_files"):
        getattr(module_files, name).cache_clear()


def digests(*modules: str) -> dict[str, str]:
    forget()
    return reached_from(modules or ["own_part.trial"]).digests


def write_trial(package: Path, imports: str, value: str = "0") -> None:
    (package / "trial.py").write_text(TRIAL.format(imports=imports, value=value))


@pytest.mark.parametrize(("imports", "value"), FORMS.values(), ids=FORMS)
def test_an_edit_is_seen_through_every_form_of_import(own, imports, value):
    write_trial(own, imports, value)
    before = digests()
    file = own / "deep" / ("__init__.py" if "SIZE" in imports else "helper.py")
    file.write_text(file.read_text().replace("3", "5"))
    assert digests() != before
    after = digests()
    (own / "unused.py").write_text("number = 7\n")
    assert digests() == after


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("import importlib\nname = 'own'\nimportlib.import_module(name)", "trial.py, line 5"),
        ("import importlib.util\nimportlib.util.find_spec('own_part')", "find_spec"),
        ("import runpy\nrunpy.run_path('x.py')", "run_path"),
        ("import sys\nsys.modules[str(1)]", r"sys\.modules\[str\(1\)\]"),
        ("from importlib.util import find_spec as f\nf('own_part')", r"f\('own_part'\)"),
        ("from ....beyond import x", "leads out of its package"),
        ("from own_part.missing import x", "there is no module own_part.missing"),
        ("import sys\nsys.path.insert(0, '/elsewhere')", r"line 4: .* sys\.path\.insert"),
        ("exec(open('code.txt').read())", r"line 3: code that can't be followed: exec"),
        ("size = eval('3')", "line 3: code that can't be followed: eval"),
    ],
)
def test_an_import_that_cannot_be_resolved_is_an_error_that_names_it(own, code, named):
    write_trial(own, code)
    with pytest.raises(ValueError, match=named):
        digests()


def test_a_module_that_becomes_a_package_is_another_one(own):
    write_trial(own, "from own_part.deep.helper import number", "number")
    before = digests()
    (own / "deep" / "helper").mkdir()
    (own / "deep" / "helper" / "__init__.py").write_text("number = 30\n")
    assert digests() != before


def test_a_data_file_counts_in_a_package_and_beside_a_module_that_names_it(own):
    write_trial(own, "from own_part.deep.helper import number", "number")
    before = digests()
    (own / "deep" / "table.csv").write_text("1\n")
    within = digests()
    assert within != before
    (own / "deep" / "table.csv").write_text("2\n")
    assert digests() != within
    loose = own.parent / "own_loose.py"
    loose.write_text("from pathlib import Path\nPath(__file__).with_name('own.csv').read_text()\n")
    (own.parent / "own.csv").write_text("1\n")
    (own.parent / "of_somebody_else.csv").write_text("1\n")
    assert set(digests("own_loose")) == {"own_loose", "own_loose: own.csv"}


def test_data_in_a_folder_beside_a_module_counts_where_the_module_names_it(own):
    loose = own.parent / "own_loose.py"
    loose.write_text(
        "from pathlib import Path\nHERE = Path(__file__).parent\n"
        "(HERE / 'tables' / f'{3}.csv').read_text()\nopen('more/own.csv')\nup = '..'\n"
    )
    for place in ("tables", "tables/inner", "more", "of_somebody_else"):
        (own.parent / place).mkdir()
        (own.parent / place / "own.csv").write_text("1\n")
    found = digests("own_loose")
    assert len(found) == 4
    for place in ("tables", "tables/inner", "more"):
        (own.parent / place / "own.csv").write_text("2\n")
        assert digests("own_loose") != found
        found = digests("own_loose")
    (own.parent / "of_somebody_else" / "own.csv").write_text("2\n")
    assert digests("own_loose") == found


def test_two_classes_of_one_module_with_equal_fields_have_keys_of_their_own(own):
    write_trial(own, "")
    forget()
    from own_part.trial import OtherTrial, OwnTrial  # type: ignore[import-not-found]

    assert trial_key(OwnTrial()) != trial_key(OtherTrial())


def test_a_trial_of_a_notebook_has_no_source():
    with pytest.raises(ValueError, match="defined in a module, not in a notebook"):
        reached_from(["__main__"])


def test_a_file_that_changes_after_it_was_loaded_is_refused(own):
    write_trial(own, "from own_part.deep.helper import number", "number")
    digests()
    (own / "deep" / "helper.py").write_text("number = 55\n")
    with pytest.raises(CodeChangedError, match=r"helper\.py has changed since"):
        reached_from(["own_part.trial"])
    (own / "deep" / "helper.py").unlink()
    with pytest.raises(CodeChangedError, match=r"helper\.py has changed since"):
        reached_from(["own_part.trial"])


def test_bytecode_that_is_not_that_of_the_file_is_refused(own):
    """Python takes it for current if the whole seconds and the size are the same."""
    write_trial(own, "from own_part.deep.helper import number", "number")
    helper = own / "deep" / "helper.py"
    py_compile.compile(str(helper))
    digests()
    written = helper.stat().st_mtime
    helper.write_text("number = 7\n")
    os.utime(helper, (written, written))
    module_files.code_digest.cache_clear()
    with pytest.raises(CodeChangedError, match=r"is not the bytecode of .*helper\.py: delete it"):
        digests()


def test_files_of_the_package_that_changed_are_named(monkeypatch):
    assert changed_files() == []
    file = next(path for path in STAMPS if path.name == "charts.py")
    monkeypatch.setitem(STAMPS, file, (0, 0))
    assert changed_files() == [str(file)]
    with pytest.raises(CodeChangedError, match=r"charts\.py has changed"):
        package_digest()


def test_every_import_that_grimp_finds_in_the_science_is_found_here():
    """An independent reader of imports: what it says a module imports is in the module's reach."""
    graph = grimp.build_graph("modclock", cache_dir=None)
    study = ("modclock.study", "modclock.__main__")
    science = [m for m in graph.modules if not m.startswith(study)]
    for module in science:
        reach = reached_from([module]).digests
        for imported in graph.find_modules_directly_imported_by(module):
            file = source_file(module)
            is_reexporting_package = file is not None and file.name == "__init__.py"
            assert imported in reach or is_reexporting_package, (module, imported)


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


def keys_in(study: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", dedent(PRINT_KEYS)],
        env=command_environment(study),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.fixture(scope="module")
def keys_before() -> list[str]:
    return keys_in(ROOT)


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
    assert keys_in(study_copy)[place] != keys_before[place]


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


def test_a_worker_whose_file_was_edited_refuses_the_trial(study_copy):
    """Its process has the old code in memory, and would keep its numbers under the new key."""
    code = """
    from pathlib import Path
    from modclock.study.compute.timed_trial import timed_run
    from modclock.study.trials.keys import trial_key
    from modclock.study.trials.environment import here
    from modclock.study.trials.trial import Trial
    import modclock.encoders.cycle as cycle
    trial = Trial(p=7, k=3, encoder_params={"n_clocks": 9}, classifier="naive_bayes")
    key = trial_key(trial)
    assert "n_test" in timed_run(trial, key, here())[0]
    path = Path(cycle.__file__)
    path.write_text(path.read_text().replace("% 1.0", "% 1.5"))
    print(timed_run(trial, key, here())[0])
    """
    command = [sys.executable, "-c", dedent(code)]
    environment = command_environment(study_copy)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "cycle.py has changed since this process loaded it" in done.stdout, done.stderr


def test_the_commit_of_an_outer_repository_is_not_the_study_s(tmp_path, study_copy):
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
    outer = study_copy.parent
    for arguments in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "outer"]):
        subprocess.run([*git, *arguments], cwd=outer, check=True)
    code = "from modclock.study.running.provenance import provenance; print(provenance()['commit'])"
    command = [sys.executable, "-c", code]
    environment = command_environment(study_copy)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "unknown\n"
    shutil.rmtree(outer / ".git")
    assert os.path.exists(study_copy)

"""Code that has changed since a process loaded it is refused: its numbers are of the old code."""

from __future__ import annotations

import os
import py_compile

import pytest

from modclock._loaded import STAMPS
from modclock.study.errors import CodeChangedError
from modclock.study.trials import module_files
from modclock.study.trials.module_files import changed_files, package_digest
from modclock.study.trials.sources import reached_from
from own_package import digests, write_trial
from support import printed


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
    assert "cycle.py has changed since this process loaded it" in printed(code, study_copy)

"""What the `modclock` command says where a package is missing."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import modclock.study.cli
from modclock.__main__ import main
from support import ROOT, command_environment


def test_a_missing_package_is_one_line_that_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "click", None)  # None: not to be found
    monkeypatch.delitem(sys.modules, "modclock.study.cli")
    with pytest.raises(SystemExit) as ended:
        main(["list"])
    assert ended.value.code == 2
    assert capsys.readouterr().err == (
        "modclock: error: the command needs click, which is not installed: "
        "pip install 'modclock[study]'\n"
    )


def test_python_runs_the_package_from_any_folder(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "modclock", "--help"],
        cwd=tmp_path,
        env=command_environment(ROOT),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Commands:" in done.stdout


def test_a_missing_module_of_this_package_is_an_error_as_it_is(monkeypatch):
    monkeypatch.setitem(sys.modules, "modclock.study.cli", None)
    with pytest.raises(ModuleNotFoundError, match=r"modclock\.study\.cli"):
        main(["list"])


def test_what_another_package_lacks_is_an_error_as_it_is(monkeypatch, tmp_path):
    (tmp_path / "of_a_reader.py").write_text("import no_such_package")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(
        modclock.study.cli, "main", lambda arguments: importlib.import_module("of_a_reader")
    )
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        main(["list"])

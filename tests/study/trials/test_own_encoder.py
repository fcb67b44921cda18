from __future__ import annotations

import py_compile
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import KBinsDiscretizer, OneHotEncoder, SplineTransformer

from modclock._loaded import STAMPS
from modclock.encoders import CycleEncoder, OneHotNumberEncoder, VarCycleEncoder
from modclock.encoders.base import NumberEncoder
from modclock.study.errors import CodeChangedError
from modclock.study.running.notebooks import find_notebooks
from modclock.study.trials.import_path import build_encoder, own_sources
from modclock.study.trials.own_encoder import check_encoder, score_encoder, standing
from modclock.study.trials.sources import _reached
from modclock.study.trials.trial import Trial


class Restless(NumberEncoder):
    def _encode(self, numbers):
        return np.random.default_rng().normal(size=(len(numbers), 9))


class Deaf(NumberEncoder):
    def __init__(self, random_state=None):
        self.random_state = random_state

    def _encode(self, numbers):
        return np.cos(numbers[:, np.newaxis] / np.arange(1, 9))


class Hole(NumberEncoder):
    def _encode(self, numbers):
        return np.where(numbers == 3, np.nan, numbers)[:, np.newaxis]


class Refusing(NumberEncoder):
    def _encode(self, numbers):
        raise KeyError("no such number")


class Liar(NumberEncoder):
    emits_bits = True

    def _encode(self, numbers):
        return numbers[:, np.newaxis]


class Words(NumberEncoder):
    def _encode(self, numbers):
        return np.array([[str(number)] for number in numbers])


class Flat(TransformerMixin, BaseEstimator):
    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return X.ravel()


class Relative(Flat):
    def transform(self, X):
        return X / X.max()


class Frame(Flat):
    def transform(self, X):
        return pd.DataFrame(np.cos(X))


class Huge(NumberEncoder):
    def _encode(self, numbers):
        return np.exp(numbers[:, np.newaxis] * 10.0)


class Silent(NumberEncoder):
    def _encode(self, numbers):
        numbers[:, np.newaxis]


class Forgetful(NumberEncoder):
    def __init__(self, n_bits=5):
        self.width = n_bits


class Truths(NumberEncoder):
    def _encode(self, numbers):
        return numbers[:, np.newaxis] % np.arange(2, 20) == 0


class Quitting(NumberEncoder):
    def _encode(self, numbers):
        raise SystemExit(0)


class Masked(NumberEncoder):
    def _encode(self, numbers):
        return np.ma.masked_equal(numbers[:, np.newaxis], 3)


class Product(NumberEncoder):
    def _encode(self, numbers):
        waves = np.cos(numbers[:, np.newaxis] / np.arange(1, 65))
        return waves @ np.random.default_rng(0).normal(size=(64, 50))


class Plain:
    pass


@pytest.mark.parametrize(
    ("encoder", "message"),
    [
        (Restless(), "Restless: not deterministic"),
        (Deaf(), "Deaf: ignores random_state"),
        (Hole(), "Hole: the codes have NaN or infinite values, as that of 3"),
        (Refusing(), "Refusing: fails on the numbers 0 to 10: KeyError: 'no such number'"),
        (Liar(), "Liar: says emits_bits, but has values other than 0 and 1"),
        (Words(), "Words: the codes are <U2, not real numbers"),
        (Flat(), r"Flat: transform returns shape \(11,\) for 11 numbers, not \(11, width\)"),
        (Relative(), "Relative: the code of a number depends on the numbers beside it"),
        (Frame(), "Frame: transform returns a DataFrame, not an array"),
        (Huge(), "Huge: sums of the codes are beyond the values of float32"),
        (Silent(), "Silent: fails on the numbers 0 to 10: _encode returns nothing; is a return"),
        (Forgetful(), "Forgetful: __init__ has to store n_bits as self.n_bits"),
        (Quitting(), "Quitting: fails on the numbers 0 to 10: SystemExit: 0"),
        (Masked(), "Masked: fails on the numbers 0 to 10: _encode returns values under a mask"),
        (OneHotEncoder(), "OneHotEncoder: transform returns a csr_matrix, not an array"),
        (Plain(), "Plain: has no fit, transform, get_params, set_params"),
    ],
)
def test_a_broken_encoder_is_told_what_is_wrong_with_it(encoder, message):
    with pytest.raises(ValueError, match=message):
        check_encoder(encoder, p=11)


@pytest.mark.parametrize(
    "encoder",
    [
        Product(),
        Truths(),
        KBinsDiscretizer(encode="ordinal", strategy="uniform"),
        OneHotEncoder(sparse_output=False),
        SplineTransformer(),
    ],
)
def test_encoders_of_others_are_accepted(encoder):
    check_encoder(encoder, p=47)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import sys; sys.exit(0)", "ends Python when it is imported"),
        ("raise SystemExit('no')", "ends Python when it is imported"),
        (
            "import argparse as a; p = a.ArgumentParser(); p.add_argument('x'); p.parse_args()",
            "ends",
        ),
        ("1 / 0", "fails: ZeroDivisionError"),
        ("def", "fails: SyntaxError"),
        ("import os; os.chdir('/')", "class in mine: unknown name 'Mine'"),
    ],
)
def test_what_a_module_does_when_it_is_imported_is_told(
    tmp_path, monkeypatch, capfd, source, message
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "mine", raising=False)
    (tmp_path / "mine.py").write_text(source)
    with pytest.raises(ValueError, match=message):
        build_encoder("mine:Mine", {})
    assert Path.cwd() == tmp_path
    assert capfd.readouterr().err == ""
    sys.modules.pop("mine", None)


def test_a_module_without_source_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bare.py").write_text("class Mine: pass")
    py_compile.compile(str(tmp_path / "bare.py"), cfile=str(tmp_path / "bare.pyc"))
    (tmp_path / "bare.py").unlink()
    with pytest.raises(ValueError, match=r"module 'bare' has no source, only .*bare\.pyc"):
        own_sources("bare:Mine")


def test_a_source_in_latin_1_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "latin.py").write_bytes(b"# -*- coding: latin-1 -*-\nname = '\xe9'\n")
    assert own_sources("latin:Mine")


def test_the_scores_of_a_built_in_encoder_are_those_of_its_trials():
    learner: dict[str, Any] = {"width_factor": 0.1}
    rows = score_encoder(VarCycleEncoder(30), p=23, active=1 / 3, n_seeds=2, learner=learner)
    assert len(rows) == 2 * rows.composition.nunique() == 2 * 9
    for row in rows.itertuples():
        fields: dict[str, Any] = (
            {} if row.composition in ("dense_sum", "concatenate_dense", "product") else {"k": 10}
        )
        metrics = Trial(
            p=23,
            seed=row.seed,
            composition=row.composition,
            encoder_params={"n_clocks": 30},
            classifier_params=learner,
            **fields,
        ).run()
        assert row.test_accuracy == metrics["test_accuracy"]
        assert row.train_accuracy == metrics["train_accuracy"]


def test_an_encoder_that_knows_the_answer_is_scored_on_the_diagonal():
    # Binding phasors of period p gives a code that depends on the answer alone.
    class Phasor(NumberEncoder):
        def _encode(self, numbers):
            turns = 2 * np.pi * numbers[:, np.newaxis] * np.arange(1, 6) / 11
            return np.hstack([np.cos(turns), np.sin(turns)])

        def bind(self, first, second):
            (a, b), (c, d) = np.hsplit(first, 2), np.hsplit(second, 2)
            return np.hstack([a * c - b * d, a * d + b * c])

    learner = {"width_factor": 0.25, "max_iter": 100}
    rows = score_encoder(Phasor(), p=11, active=0.5, n_seeds=1, learner=learner)
    bound = rows.set_index("composition").loc["bind"]
    assert bound.constancy == pytest.approx(1)
    assert bound.diagonal_accuracy == bound.train_accuracy == 1


def test_places_are_counted_from_the_best():
    rows = pd.DataFrame(
        [("a", "overlap", 0.5), ("a", "bind", 0.9), ("b", "overlap", 0.6), ("c", "overlap", 0.4)],
        columns=["encoder", "composition", "test_accuracy"],
    )
    assert standing(rows, "a").splitlines() == [
        "a by overlap: 50.0%, place 2 of 3",
        "a by the best composition (bind): 90.0%, place 1 of 3",
    ]


@pytest.mark.parametrize(
    ("path", "parameters", "message"),
    [
        ("CycleEncoder", {}, "an import path reads module:Class"),
        ("no_such_module:A", {}, "module 'no_such_module' can't be imported"),
        ("modclock.encoders.cycle:CycleEncode", {}, "did you mean 'CycleEncoder'"),
        ("modclock.encoders:CycleEncoder", {"perod": 3.0}, "did you mean 'period'"),
    ],
)
def test_an_encoder_that_is_not_there_is_told_by_name(path, parameters, message):
    with pytest.raises(ValueError, match=message):
        build_encoder(path, parameters)


def test_encoders_are_built_by_import_path():
    encoder = build_encoder("modclock.encoders:CycleEncoder", {"period": 12.0})
    assert isinstance(encoder, CycleEncoder)
    assert encoder.period == 12.0
    assert isinstance(
        build_encoder("modclock.encoders:OneHotNumberEncoder", {"p": 5}), OneHotNumberEncoder
    )


def test_the_shell_scores_a_module_of_the_working_directory(tmp_path, out, modclock):
    module = tmp_path / "mine.py"
    module.write_text(
        "import numpy as np\n"
        "from modclock.encoders.base import NumberEncoder\n"
        "class Remainders(NumberEncoder):\n"
        "    emits_bits = True\n"
        "    def __init__(self, modulus=5):\n"
        "        self.modulus = modulus\n"
        "    def _encode(self, numbers):\n"
        "        return np.eye(self.modulus)[numbers % self.modulus]\n"
    )
    arguments = ("score", "mine:Remainders", "--profile", "smoke", "--set", "modulus=7")
    done = modclock(*arguments, "--out", str(out), cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert "Remainders by overlap: " in done.stdout
    (made,) = out.glob("smoke-with-*/data/24_your_encoder.csv")
    rows = pd.read_csv(made)
    assert rows[rows.encoder == "Remainders"].width.tolist() == [7, 14, 7, 7, 7, 7]

    wrong = modclock(*arguments[:2], "--set", "modulo=7", cwd=tmp_path)
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("modclock: error: Remainders: parameter: unknown name 'modulo'")
    assert wrong.stderr.count("\n") == 1


def test_a_change_of_the_own_encoder_is_seen(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    (notebook,) = find_notebooks(["24"])
    module = tmp_path / "changing.py"
    parameters = {"encoder": "changing:Mine"}
    module.write_text("# first\n")
    before = notebook.fingerprint(parameters)
    assert before == notebook.fingerprint(parameters)
    module.write_text("helper = 2\n")
    with pytest.raises(CodeChangedError, match=r"changing\.py has changed since"):
        notebook.fingerprint(parameters)
    STAMPS.pop(module)  # as in a new process
    _reached.cache_clear()
    assert before != notebook.fingerprint(parameters)

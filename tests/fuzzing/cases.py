"""Command lines, params files, claims files and states of folders, made of random numbers."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

from fuzzing.damage import NASTY, changed_value, mutated, remove, spoil
from fuzzing.sandbox import Sandbox

REFUSED = "modclock: error: "
ENCODERS = [
    "", ":", "os:path", "zlib:X", "nopkg.mod:X", "own:Own", "sys:exit", "json",
    "modclock:PairEncoder", "modclock.encoders:FourierEncoder",
    "modclock.encoders:VarCycleEncoder", "a" * 300 + ":X", "1:2",
    "sklearn.preprocessing:KBinsDiscretizer", "numpy:ndarray", "builtins:open", "../x:Y",
    "\x00:x",
]  # fmt: skip


class Fuzzer:
    """Makes cases from random numbers, and runs them."""

    def __init__(self, sandbox: Sandbox) -> None:
        from modclock.study.running.notebooks import find_notebooks

        self.sandbox = sandbox
        self.books = {book.name: book.defaults() for book in find_notebooks()}
        self.claims = (sandbox.study / "params" / "claims.yaml").read_bytes()

    def value(self, rng: random.Random, usual: Any = None) -> str:
        """The text of a parameter: the usual one, nearly so, a number, or what can't be."""
        kind = rng.random()
        if usual is not None and kind < 0.7:
            return json.dumps(usual if kind < 0.5 else changed_value(rng, usual))
        if kind < 0.8:
            return str(rng.choice([rng.randint(-3, 400), round(rng.uniform(-2, 400), 2)]))
        parts = [rng.choice(NASTY) for _ in range(rng.choice([1, 1, 1, 2]))]
        return rng.choice(["", ", ", ": "]).join(parts)

    def command(self, rng: random.Random) -> str:
        """A command line."""
        name = rng.choice(list(self.books))
        command = rng.choices(
            ["run", "score", "verify", "report", "predict", "list", *NASTY[:6], "compare"],
            [30, 12, 6, 3, 3, 0.2, *[1] * 6, 1],
        )[0]
        line = [command]
        if command in ("run", "verify") or rng.random() < 0.1:
            line += [rng.choice([name, name, name[:2], name[:2], name + "x", rng.choice(NASTY)])]
        if command == "score" or rng.random() < 0.05:
            line += [rng.choice(ENCODERS)]
        for _ in range(rng.choice([0, 1, 1, 2, 3])):
            usual = self.books[name]
            known = rng.choice([*usual, *usual, *usual, "p", "k", rng.choice(NASTY)])
            line += rng.choices(
                [
                    ["--set", f"{known}={self.value(rng, usual.get(known))}"],
                    ["--set", self.value(rng)],
                    ["--profile", rng.choice(["smoke", "full", "quick", "smok", self.value(rng)])],
                    ["--jobs", self.value(rng)],
                    ["--force"],
                    ["--out", "out" + rng.choice(["", "{p}", "{", "é", " x", "x" * 300, "\x00"])],
                    [self.value(rng)],
                    ["--" + self.value(rng)],
                ],
                [12, 2, 3, 2, 1, 2, 1, 1],
            )[0]
        if command in ("run", "list", "score", "predict") and "--profile" not in line:
            line += ["--profile", "smoke"]
        return self.called(line)

    def params(self, rng: random.Random) -> str:
        """A params file with anything in it."""
        name = rng.choice(list(self.books))
        profile = rng.choice(["smoke", "full"])
        path = self.sandbox.study / "params" / profile / f"{name}.yaml"
        before = path.read_bytes() if path.is_file() else None
        usual = self.books[name]
        names = rng.sample(list(usual), min(len(usual), 3)) + ["unknown"] * (rng.random() < 0.1)
        lines = "\n".join(f"{item}: {self.value(rng, usual.get(item))}" for item in names)
        content = lines.encode("utf-8", "surrogatepass")
        if rng.random() < 0.4:
            content = mutated(rng, before or b"k: 1\n")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        try:
            return self.called(["run", name, "--profile", profile, "--out", "out"])
        finally:
            remove(path)
            if before is not None:
                path.write_bytes(before)

    def claims_file(self, rng: random.Random) -> str:
        """A claims file with anything in it; then a claim of it is judged."""
        from modclock.study.claims.criteria import load_claims
        from modclock.study.claims.judgement import judge
        from modclock.study.errors import InputError

        path = self.sandbox.study / "params" / "claims.yaml"
        entries = re.split(rb"\n(?=\w+:\n)", self.claims)
        chosen = b"\n".join(rng.sample(entries, rng.choice([1, 1, 2])))
        path.write_bytes(mutated(rng, chosen))
        try:
            if rng.random() < 0.05:
                return self.called(["verify", "--profile", "smoke", "--out", "out"])
            with self.one_line() as told:
                try:
                    for claim_id, claim in load_claims(path).items():
                        names = re.findall(r"(\w+) [<>]=", json.dumps(claim.model_dump()))
                        values = {item: [rng.uniform(-1, 2) for _ in range(5)] for item in names}
                        judge(claim_id, values)
                        return "judged"
                except InputError as error:
                    print(f"{REFUSED}{' '.join(str(error).split())}", file=sys.stderr)
            return told()
        finally:
            path.write_bytes(self.claims)

    def folder(self, rng: random.Random) -> str:
        """Outputs in any state; then a command that reads them."""
        self.sandbox.restore()
        files = [path for path in self.sandbox.out.rglob("*") if path.name != ".lock"]
        for _ in range(rng.choice([1, 1, 2, 3])):
            spoil(rng, rng.choice(files))
        command = rng.choice([["run", "01"], ["run", "01", "02"], ["report"], ["verify", "01"]])
        return self.called([*command, "--profile", "smoke", "--out", "out"])

    def called(self, line: list[str]) -> str:
        """Call the command; what it said."""
        from modclock.study import cli

        with self.one_line() as told:
            try:
                cli.main([part for part in line if "\x00" not in part])
            except SystemExit as end:
                if end.code not in (0, 1, 2):
                    raise RuntimeError(f"exit status {end.code}") from None
                if end.code == 2 and not told():
                    raise RuntimeError("exit status 2 without a word") from None
        return told()

    @contextlib.contextmanager
    def one_line(self) -> Iterator[Callable[[], str]]:
        """Fail if what is said in the block is no line or more than one, or what is written."""
        said, answer = io.StringIO(), io.StringIO()
        self.sandbox.written.clear()
        self.sandbox.watching = True
        try:
            with contextlib.redirect_stderr(said), contextlib.redirect_stdout(answer):
                yield said.getvalue
        finally:
            self.sandbox.watching = False
            os.environ.pop("MODCLOCK_OUT", None)
            os.chdir(self.sandbox.out.parent)
        text = said.getvalue()
        if "Traceback" in text or text.count(REFUSED) > 1:
            raise RuntimeError(text)
        if REFUSED in text and "\n" in text[text.index(REFUSED) :].strip():
            raise RuntimeError(f"more than a line: {text}")
        if self.sandbox.written:
            raise RuntimeError(f"written outside: {self.sandbox.written}")

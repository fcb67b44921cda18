"""Random command lines, params files, claims files and folders against the `modclock` command.

    python tests/fuzz.py --count 20000 [--seed 0] [--outputs FOLDER]

Each case ends with an answer or with one line. What is a failure: a traceback, more than a line,
a write outside of the outputs, 20 seconds without an answer, more memory than 2 GB. The command
runs in this process and in a copy of the study. Notebooks are planned and checked, not executed.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
KINDS = ("command", "params", "claims", "folder")
SECONDS = 20
MEMORY = 2 * 2**30  # in use at once
IN_REPORT = ("01_the_task", "02_clock_encoders")
REFUSED, PLANNED = "modclock: error: ", "all notebooks are planned"

NASTY = [
    "", " ", "0", "-1", "1", "2", "97", "1e3", "1e400", "-1e-3", ".inf", "-.inf", ".nan", "true",
    "no", "null", "~", "2001-13-45", "2001-01-02", "12:30:45", "0x1F", "0b2", "0o8", "1_000",
    "!!bool x", "!!int x", "!!float x", "!!binary x", "!!timestamp x", "!!set {a}", "!!omap [a]",
    "!!python/object/apply:os.system [id]", "&a [*a]", "&a [1]", "*a", "[" * 3000, "{" * 50,
    "9" * 5000, "-" * 70, "'", '"', "[1, 2", "{a: 1", "{1: 2}", "{a: {b: {c: 1}}}", "[[1]]",
    "? a", "| x", "> x", "%YAML 9.9", "---\n---", "\x00", "\x07", "\ud800", "\xe9", "\u2028",
    "\u540d", "\U0001f600", "a: b: c", "@x", "`x`", "1" * 20, "99999999999999999999", "9e22",
    "2147483648", "100000", "1000000000", "[]", "{}", "=", "<<: {a: 1}", "x" * 3000, "../..",
    "/etc/passwd", "C:\\x", "a/b", "*", "--", "-h", "#", "\t", "\n",
]  # fmt: skip
ENCODERS = [
    "", ":", "os:path", "zlib:X", "nopkg.mod:X", "own:Own", "sys:exit", "json",
    "modclock:PairEncoder", "modclock.encoders:FourierEncoder",
    "modclock.encoders:VarCycleEncoder", "a" * 300 + ":X", "1:2",
    "sklearn.preprocessing:KBinsDiscretizer", "numpy:ndarray", "builtins:open", "../x:Y",
    "\x00:x",
]  # fmt: skip


class NoAnswerError(BaseException):
    """The time is over; not one of the errors that a plan may raise, and that are told."""


class Sandbox:
    """A copy of the study, folders for outputs, and what writes outside of them."""

    def __init__(self, folder: Path, outputs: Path) -> None:
        self.study = folder / "study"
        self.out = folder / "work" / "out"
        self.base = outputs
        mine = Path(tempfile.gettempdir())
        self.allowed = [folder / "work", self.study / "outputs", mine / "mc-", Path("/dev")]
        self.watching = False
        self.written: list[str] = []
        self.out.parent.mkdir()
        os.chdir(self.out.parent)
        sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.watching:
            return
        paths: list[Any] = []
        if event == "open":
            flags = arguments[2] or 0
            if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC):
                paths = [arguments[0]]
        elif event in ("os.mkdir", "os.remove", "os.rmdir", "os.truncate", "sqlite3.connect"):
            paths = [arguments[0]]
        elif event in ("os.rename", "os.link", "os.symlink"):
            paths = [arguments[1]]
        for path in paths:
            if isinstance(path, int):
                continue
            whole = os.path.abspath(os.fsdecode(path))
            published = whole.startswith(str(self.study / "outputs" / "reference"))
            if published or not any(whole.startswith(str(place)) for place in self.allowed):
                self.written.append(f"{event} {whole}")

    def restore(self) -> None:
        """Outputs as a run has left them; files that are as they were keep their times."""
        wanted = {path.relative_to(self.base) for path in self.base.rglob("*")}
        for path in sorted(self.out.rglob("*"), reverse=True):
            if path.relative_to(self.out) not in wanted or path.is_symlink():
                _remove(path)
        for name in sorted(wanted):
            source, target = self.base / name, self.out / name
            if source.is_dir():
                if not target.is_dir():
                    _remove(target)
                    target.mkdir(parents=True)
            elif not (target.is_file() and _like(source, target)):
                _remove(target)
                shutil.copy2(source, target)


def _like(source: Path, target: Path) -> bool:
    one, other = source.stat(), target.stat()
    return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


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
            _remove(path)
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


def mutated(rng: random.Random, content: bytes) -> bytes:
    """Bytes with a few of them changed, cut, doubled or replaced."""
    for _ in range(rng.choice([0, 1, 1, 2, 4])):
        start = rng.randrange(len(content) + 1)
        end = min(len(content), start + rng.choice([0, 1, 4, 30]))
        nasty = rng.choice(NASTY).encode("utf-8", "surrogatepass")
        piece = rng.choice([b"", nasty, content[start:end] * 2, rng.randbytes(3)])
        content = content[:start] + piece + content[end:]
    return content


def spoil(rng: random.Random, path: Path) -> None:
    """Do to a file or folder what people, editors and disks do."""
    if path.is_dir() and not path.is_symlink():
        if rng.random() < 0.5:
            _remove(path)
            path.write_bytes(rng.choice([b"", b"x"]))
        else:
            (path / rng.choice(["01_copy.ipynb", "99_x.ipynb", ".x", "é", "x.html"])).write_bytes(
                rng.choice([b"", b"{}", b"\xff"])
            )
        return
    if not path.exists():
        return
    content = path.read_bytes()
    how = rng.choice(["cut", "bytes", "empty", "gone", "folder", "loop", "value", "other"])
    if how == "value" and path.suffix in (".ipynb", ".json"):
        with contextlib.suppress(ValueError):
            content = json.dumps(changed_value(rng, json.loads(content))).encode()
    elif how == "value" and path.suffix == ".sqlite":
        changed_row(rng, path)
        return
    _remove(path)
    if how in ("folder", "loop"):
        path.mkdir() if how == "folder" else path.symlink_to(path.name)
    elif how != "gone":
        other = {"cut": content[: rng.randrange(len(content) + 1)], "empty": b"", "value": content}
        path.write_bytes(other.get(how, mutated(rng, content)))


def changed_value(rng: random.Random, value: Any) -> Any:
    """JSON with one value in it replaced by another kind of value."""
    if isinstance(value, (dict, list)) and value and rng.random() < 0.85:
        keys = list(value) if isinstance(value, dict) else range(len(value))
        key = rng.choice(keys)
        changed = value.copy()
        if rng.random() < 0.1:
            del changed[key]
        else:
            changed[key] = changed_value(rng, value[key])
        return changed
    return rng.choice(
        [None, True, -1, 1e308, "", "x", [], {}, [None], {"a": 1}, "<script>", 10**30]
    )


def changed_row(rng: random.Random, path: Path) -> None:
    what = rng.choice(
        ["metrics = '{}'", "metrics = 'x'", "seconds = 9e999", "seconds = 'x'", "spec = ''"]
    )
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(path)) as found:
        found.execute(f"UPDATE trials SET {what} WHERE rowid % 3 = 0")
        found.commit()


def only_planned() -> None:
    """Notebooks and networks are not run, browsers not opened, no process is started."""
    import click

    from modclock.study import cli, runner
    from modclock.study.compute import predictions
    from modclock.study.running import executing

    def planned(todo: Any, *_: Any) -> bool:
        for book in todo:
            _ = book.missing
        print(PLANNED, file=sys.stderr)
        return False

    def nothing(*_: Any, **__: Any) -> None:
        """Instead of what would start something."""

    class Fixed:
        path = "predictions.csv"

    executing.execute_notebooks = planned  # type: ignore[assignment]
    runner.prepare_children = nothing  # type: ignore[attr-defined]
    predictions.fix_predictions = lambda *_, **__: Fixed  # type: ignore[assignment]
    click.launch = nothing  # type: ignore[assignment]
    cli.ON = False  # type: ignore[attr-defined]  # what it freezes could not be collected


def forget() -> None:
    """What is remembered of files for one command must not grow with all of them."""
    from modclock.study.report import pages

    pages._body.cache_clear()


def outcome(said: str) -> str:
    """What became of a case: its trials were planned, it was refused, or it was answered."""
    return "planned" if PLANNED in said else "refused" if REFUSED in said else "answered"


def too_long(signum: int, frame: Any) -> None:
    raise NoAnswerError(f"no answer after {SECONDS} s")


def fuzz(count: int, seed: int, sandbox: Sandbox) -> int:
    """Run cases and say what failed; how many did."""
    only_planned()
    fuzzer = Fuzzer(sandbox)
    cases = dict(
        zip(KINDS, (fuzzer.command, fuzzer.params, fuzzer.claims_file, fuzzer.folder), strict=True)
    )
    sandbox.restore()
    signal.signal(signal.SIGALRM, too_long)
    failures: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    slowest = dict.fromkeys(KINDS, 0.0)
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        start = time.monotonic()
        signal.alarm(SECONDS)
        try:
            said = cases[kind](random.Random(f"{seed} {number}"))
            answers[f"{kind}: {outcome(said)}"] += 1
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            place = traceback.extract_tb(error.__traceback__)[-1]
            failures[f"{type(error).__name__} in {place.name}"] += 1
            print(f"case {number} ({kind}) failed:\n{traceback.format_exc()[-3000:]}", flush=True)
        finally:
            signal.alarm(0)
        slowest[kind] = max(slowest[kind], time.monotonic() - start)
        if number % 200 == 0:
            forget()
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"{count} cases, {sum(failures.values())} failed: {dict(failures)}")
    print(f"answers: {dict(sorted(answers.items()))}")
    print(f"slowest, in seconds: { {kind: round(taken, 2) for kind, taken in slowest.items()} }")
    print(f"memory: {used / 1e6:.0f} MB")
    return sum(failures.values()) + (used > MEMORY)


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
            study = folder / "study" / "lib"
            told = {"inside": folder, "outputs": base, "count": given.count, "seed": given.seed}
            options = [f"--{option}={value}" for option, value in told.items()]
            done = subprocess.run(
                [sys.executable, "-B", __file__, *options],
                env=os.environ | {"PYTHONPATH": str(study), "PYTHONSAFEPATH": "1"},
                check=False,
            )
        sys.exit(done.returncode)
    resource.setrlimit(resource.RLIMIT_AS, (8 * MEMORY, 8 * MEMORY))  # of addresses
    sandbox = Sandbox(given.inside, given.outputs)
    sys.exit(1 if fuzz(given.count, given.seed, sandbox) else 0)


if __name__ == "__main__":
    main()

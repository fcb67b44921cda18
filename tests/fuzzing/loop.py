"""Run case after case in this process, and count what became of them."""

from __future__ import annotations

import random
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from typing import Any

from fuzzing.cases import REFUSED, Fuzzer
from fuzzing.sandbox import Sandbox

KINDS = ("command", "params", "claims", "folder")
SECONDS = 20
MEMORY = 2 * 2**30  # in use at once
PLANNED = "all notebooks are planned"


class NoAnswerError(BaseException):
    """The time is over; not one of the errors that a plan may raise, and that are told."""


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

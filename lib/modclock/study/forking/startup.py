"""Imported first in every process of a run: keeps out what would take long to start."""

from __future__ import annotations

import sys
import traceback
from types import TracebackType
from typing import Any

from modclock.study.forking import ON
from modclock.study.forking.temporary import PREFIX


def _without_what_ends_with_the_run(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Show an error, unless a process just starts whose run has ended and taken its locks away."""
    places = [frame.filename for frame in traceback.extract_tb(trace)]
    if kind is FileNotFoundError and places[-1:] == [_LOCKS]:
        return
    sys.__excepthook__(kind, error, trace)


def _without_what_left_with_the_run(unraisable: Any) -> None:
    """Show what can't be raised, unless a temporary file that ends with a process is gone already.

    The run removes all of them when it ends; processes that it forked end after it.
    """
    error = unraisable.exc_value
    if isinstance(error, FileNotFoundError) and f"/{PREFIX}" in str(error.filename):
        return
    sys.__unraisablehook__(unraisable)


# jsonschema, which nbformat needs, imports it if it is there, and it compiles a grammar of web
# addresses then: a third of the start-up, for nothing that a notebook has.
if ON:
    import multiprocessing.synchronize

    _LOCKS = multiprocessing.synchronize.__file__
    sys.excepthook = _without_what_ends_with_the_run
    sys.unraisablehook = _without_what_left_with_the_run
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # not to be found

"""Ctrl-C that is not lost."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def remembered_interrupt() -> Iterator[Callable[[], None]]:
    """Interrupt as always, and give a check that interrupts if that was of no effect.

    Python drops a KeyboardInterrupt that is raised while it collects garbage or finalises an
    object; a long loop that checks once a round still stops.

    Yields
    ------
    A function that raises KeyboardInterrupt if there has been an interrupt. Outside the main
    thread, where there are none, it does nothing.

    Examples
    --------
    >>> with remembered_interrupt() as check:
    ...     check()
    """
    interrupted = threading.Event()

    def remember(signum: int, frame: FrameType | None) -> None:
        interrupted.set()
        raise KeyboardInterrupt

    def check() -> None:
        if interrupted.is_set():
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield check
        return
    before = signal.signal(signal.SIGINT, remember)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)

from __future__ import annotations

import os
import signal
import threading

import pytest

from modclock.study.running.interrupts import remembered_interrupt


class InterruptedWhenFinalised:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        sum(range(1000))  # a few instructions, so that the handler runs here


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_that_python_drops_is_raised_by_the_check():
    with remembered_interrupt() as check:
        check()
        item = InterruptedWhenFinalised()
        del item  # the KeyboardInterrupt is raised in there and ignored
        with pytest.raises(KeyboardInterrupt):
            check()


def test_any_other_interrupt_is_raised_at_once_and_the_handler_put_back():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), remembered_interrupt():
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_outside_the_main_thread_there_is_nothing_to_remember():
    errors = []

    def work():
        try:
            with remembered_interrupt() as check:
                check()
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert errors == []

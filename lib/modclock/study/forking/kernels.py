"""Kernels that start at once: forked from a process that has imported what notebooks need.

The imports are two thirds of what a notebook costs whose trials are in the store. jupyter_client
finds this provisioner by the entry point of this package, and takes it during a run alone.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import entry_points
from multiprocessing import parent_process
from multiprocessing.context import ForkServerProcess
from threading import Thread
from typing import Any

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from modclock.study.forking import ON
from modclock.study.forking.server import prepare_children

_PROVISIONER = "modclock-forked"  # its entry point, see pyproject.toml
_LAUNCHER = [sys.executable, "-m", "ipykernel_launcher"]


@contextmanager
def forked_kernels() -> Iterator[None]:
    """Fork the kernels that start in the block, where that is possible."""
    prepare_children()
    variable = KernelProvisionerFactory.default_provisioner_name_env
    registered = entry_points(group=KernelProvisionerFactory.GROUP_NAME, name=_PROVISIONER)
    if not ON or not registered or variable in os.environ:
        yield
        return
    os.environ[variable] = _PROVISIONER
    try:
        yield
    finally:
        del os.environ[variable]


class ForkedKernels(LocalProvisioner):
    """Starts the kernels of Python notebooks; jupyter_client asks it to."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork a kernel with the arguments of the command that would start it otherwise.

        What is no usual command of this Python is run as it is.
        """
        if cmd[: len(_LAUNCHER)] != _LAUNCHER:
            return await super().launch_kernel(cmd, **kwargs)
        process = _Kernel(target=_be_a_kernel, args=(cmd[len(_LAUNCHER) :], dict(kwargs["env"])))
        process.start()
        self.process = process  # type: ignore[assignment]  # it has what is asked of a Popen
        self.pid = process.pid
        return self.connection_info


class _Kernel(ForkServerProcess):
    """A process of multiprocessing with the methods of one of subprocess."""

    stdin = stdout = stderr = None

    def poll(self) -> int | None:
        return self.exitcode

    def wait(self) -> int | None:
        self.join()
        return self.exitcode

    def send_signal(self, signum: int) -> None:
        os.kill(int(self.pid or 0), signum)


def _be_a_kernel(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    from ipykernel.kernelapp import launch_new_instance
    from matplotlib import rcParams

    gc.freeze()
    os.setsid()  # an interrupt from the terminal is for the run, which ends its kernels itself
    signal.signal(signal.SIGINT, signal.default_int_handler)
    Thread(target=_end_with_the_run, daemon=True).start()
    os.environ.clear()
    os.environ.update(environment, JPY_PARENT_PID=str(os.getppid()))
    # As a kernel does before pyplot is imported.
    rcParams["backend"] = "module://matplotlib_inline.backend_inline"
    sys.argv = ["ipykernel_launcher", *arguments]
    launch_new_instance()


def _end_with_the_run() -> None:
    if run := parent_process():
        run.join()
    os._exit(1)

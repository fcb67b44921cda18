"""Kernels that start at once: forked from a process that has imported what notebooks need.

The imports are two thirds of what a notebook costs whose trials are in the store. See `forks`.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import EntryPoint
from multiprocessing import parent_process
from multiprocessing.context import ForkServerProcess
from threading import Thread
from typing import Any

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from modclock.study.forking.server import CAN_FORK, start_forks


def fork_kernels() -> None:
    """Let this process fork the kernels that it will start."""
    if CAN_FORK:
        factory = KernelProvisionerFactory.instance()
        name = f"{ForkedKernels.__module__}:{ForkedKernels.__name__}"
        factory.provisioners[name] = EntryPoint(name, name, factory.GROUP_NAME)
        factory.default_provisioner_name = name


class ForkedKernels(LocalProvisioner):
    """Starts the kernels of Python notebooks; jupyter_client asks it to."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork a kernel with the arguments of the command that would start it otherwise."""
        start_forks()
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        process = _Kernel(target=_be_a_kernel, args=(arguments, dict(kwargs["env"])))
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

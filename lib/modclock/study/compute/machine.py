"""What a run takes of the machine that it is on, asked for before anything is started."""

from __future__ import annotations

import multiprocessing
import socket
import sys
from pathlib import Path
from tempfile import gettempdir

from modclock.study.errors import MachineError

_MB = 10**6
_OF_WORKER = 700 * _MB  # what a worker takes that trains a transformer
_LEAST = 300 * _MB  # with less a worker ends while it is idle
_FILES, _FILES_OF_WORKER = 80, 10  # open at once in the process of a run
_LONGEST_SOCKET = 103  # bytes in the name of a socket, on the systems with the shortest
_NAME_OF_SOCKET = 49  # /mc-xxxxxxxx/pymp-xxxxxxxx/listener-xxxxxxxx, and what may come beside it


def check_machine() -> None:
    """Refuse a machine on which no worker and no notebook can start.

    Raises
    ------
    MachineError : in one line, what is missing.
    """
    try:
        import dask.config  # reads what users write into files
    except Exception as error:  # YAML that is none, a file that can't be read
        raise MachineError(f"Dask's configuration can't be read: {error}") from error
    for name in ("distributed", "logging"):  # which Dask reads while it is imported
        if not isinstance(value := dask.config.get(name, {}), dict):
            raise MachineError(
                f"Dask's configuration: {name} holds name: value lines, got {value!r}"
            )
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname(), timeout=5).close()
    except OSError as error:
        raise MachineError(
            f"workers and notebooks talk over 127.0.0.1, the loopback interface: {error}"
        ) from error
    try:
        multiprocessing.get_context().Lock()
    except OSError as error:
        raise MachineError(f"workers need shared memory, /dev/shm on Linux: {error}") from error
    folder = gettempdir()
    if len(folder.encode()) + _NAME_OF_SOCKET > _LONGEST_SOCKET:
        raise MachineError(
            f"TMPDIR is {folder}: its path has {len(folder.encode())} bytes, and sockets in it "
            f"take at most {_LONGEST_SOCKET - _NAME_OF_SOCKET}; set a shorter one"
        )
    if _affordable_by_files() < 1:
        raise MachineError(
            f"a run opens {_FILES + _FILES_OF_WORKER} files at once, and the limit is "
            f"{_open_files()}: raise it with `ulimit -n`"
        )


def affordable_workers(wanted: int) -> int:
    """As many workers as are wanted, or as memory and open files allow.

    Says on stderr if there are fewer.

    Raises
    ------
    MachineError : if there is no memory for one.
    """
    memory = available_memory()
    if memory < _LEAST:
        raise MachineError(
            f"a worker takes {_LEAST // _MB} MB of memory at least, and the limit is "
            f"{memory // _MB} MB"
        )
    by_memory = max(1, memory // _OF_WORKER)
    n_workers = min(wanted, by_memory, max(1, _affordable_by_files()))
    if n_workers < wanted:
        kind = f"{memory // _MB} MB of memory" if n_workers == by_memory else "open files"
        print(f"{n_workers} of {wanted} workers: the limit is {kind}", file=sys.stderr)
    return n_workers


def available_memory() -> int:
    """Bytes that machine, container and limits leave to a run."""
    from distributed.system import memory_limit

    return int(memory_limit())


def _affordable_by_files() -> int:
    return (_open_files() - _FILES) // _FILES_OF_WORKER


def _open_files() -> int:
    """How many files this process may have open, once it has asked for as many as it may."""
    if not Path("/dev/fd").exists():
        return sys.maxsize  # no limit of this kind
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = min(hard, 4096) if hard != resource.RLIM_INFINITY else 4096
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft = most
    return sys.maxsize if soft == resource.RLIM_INFINITY else soft

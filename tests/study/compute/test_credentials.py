"""Who may talk to the workers of a run: only those whom it has given its key."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from distributed import Client
from distributed.security import Security

from modclock.study.compute.cluster import SCHEDULER_VARIABLE, open_cluster
from modclock.study.compute.credentials import VARIABLE, handed_credentials
from modclock.study.errors import MachineError

INTRUDER = """
import os, sys
from distributed import Client
if os.getuid() == 0:
    os.setuid(65534)  # as another user of the machine
address, witness = sys.argv[1:]
try:
    client = Client(address, timeout=5)
    client.run_on_scheduler(open, witness, "w")
    client.run(open, witness, "w")
except Exception as error:
    print(type(error).__name__, *str(error).split())
"""

# Without a certificate Dask has nothing to begin TLS with; without TLS it is hung up on.
REFUSED = ("TypeError TLS", "CommClosedError")


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with open_cluster(None, 1) as client:
        yield client


def addresses(client: Client) -> list[str]:
    """Of the scheduler, the worker and what looks after the worker."""
    known: dict[str, Any] = client.scheduler_info()
    workers = known["workers"]
    return [known["address"], *workers, *(worker["nanny"] for worker in workers.values())]


def intruded(address: str, witness: Path) -> str:
    clean = {name: text for name, text in os.environ.items() if not name.startswith("MODCLOCK")}
    done = subprocess.run(
        [sys.executable, "-c", INTRUDER, address, str(witness)],
        env=clean,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout.strip()


def test_all_addresses_ask_for_a_certificate(client):
    found = addresses(client)
    assert len(found) == 3
    assert all(address.startswith("tls://127.0.0.1:") for address in found)


@pytest.mark.parametrize("kind", ["tls", "tcp"])
def test_who_has_no_certificate_can_run_nothing(client, tmp_path, kind):
    tmp_path.chmod(0o777)
    for address in addresses(client):
        witness = tmp_path / "was-here"
        told = intruded(address.replace("tls:", f"{kind}:"), witness)
        assert told.startswith(REFUSED), told
        assert not witness.exists()


def test_who_has_another_certificate_can_run_nothing(client):
    for address in addresses(client):
        with pytest.raises(OSError, match="certificate does not match"):
            Client(address, timeout=2, security=Security.temporary())


def test_every_run_has_a_key_of_its_own(client):
    with open_cluster(None, 1) as other:
        with pytest.raises(OSError, match="certificate does not match"):
            Client(addresses(client)[0], timeout=2, security=other.security)
        assert client.submit(abs, -1, pure=False).result() == 1


def test_those_whom_the_run_starts_have_the_key(client, monkeypatch):
    scheduler: Any = client.scheduler
    address = scheduler.address
    assert handed_credentials(address) is not None
    assert handed_credentials("tcp://127.0.0.1:9") is None
    monkeypatch.setenv(SCHEDULER_VARIABLE, address)
    with open_cluster() as second:
        assert second.submit(abs, -2, pure=False).result() == 2
        assert second.scheduler_info()["address"] == address


def test_the_key_is_on_no_command_line_and_gone_afterwards(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    with open_cluster(None, 1):
        assert "PRIVATE KEY" in os.environ[VARIABLE]
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                assert "PRIVATE KEY" not in "".join(process.cmdline())
    assert VARIABLE not in os.environ


def status(page: str) -> int | None:
    """What a page answers with; None if no HTTP is spoken there."""
    try:
        with urllib.request.urlopen(page, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def test_no_page_is_about_the_run(client):
    """Every port that a run listens on speaks TLS, or has no page at all."""
    ours = psutil.Process()
    listening = {
        connection.laddr.port
        for process in [ours, *ours.children(recursive=True)]
        for connection in process.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }
    assert len(listening) >= 4
    answers = {
        status(f"http://127.0.0.1:{port}/{page}")
        for port in listening
        for page in ("", "info/main/workers.html", "metrics", "health", "json/counts.json")
    }
    assert answers <= {None, 404}


def test_nothing_listens_on_other_interfaces(client):
    ours = psutil.Process()
    for process in [ours, *ours.children(recursive=True)]:
        for connection in process.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN:
                assert connection.laddr.ip == socket.gethostbyname("localhost")


def test_certificates_that_can_not_be_made_are_one_line(monkeypatch):
    def broken(**_: Any) -> Security:
        raise ValueError("no random numbers")

    monkeypatch.setattr(Security, "temporary", broken)
    with pytest.raises(MachineError, match="can't be started: ValueError: no random numbers"):
        open_cluster(None, 1).__enter__()

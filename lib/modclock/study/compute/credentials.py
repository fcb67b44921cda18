"""Who may talk to the workers of a run: those alone who hold the key that was made for it.

Dask runs what it is sent, so whoever can connect to a scheduler can act as the user who started
it. The scheduler of a run listens on the loopback interface, which all users of a machine share.
So each run makes a key and a certificate. They are in memory and in the environment of the
kernels, which other users can't read, and never on a command line.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import cryptography  # noqa: F401  # what Dask makes them with; where it is missing, say so first

if TYPE_CHECKING:
    from distributed.security import Security

VARIABLE = "MODCLOCK_CREDENTIALS"


def fresh_credentials() -> Security:
    """A key and a certificate that nobody else has, for all who take part in one run."""
    from distributed.security import Security

    return Security.temporary()


@contextmanager
def handed_down(credentials: Security, address: str) -> Iterator[None]:
    """Give credentials to the processes that this one starts in the block.

    Parameters
    ----------
    credentials : as `fresh_credentials` makes them.
    address : of the scheduler that they are for.
    """
    before = os.environ.get(VARIABLE)
    made: Any = credentials  # it has no types
    os.environ[VARIABLE] = f"{address}\n{made.tls_client_cert}\n{made.tls_client_key}"
    try:
        yield
    finally:
        del os.environ[VARIABLE]
        if before is not None:
            os.environ[VARIABLE] = before


def handed_credentials(address: str) -> Security | None:
    """What the run that started this process has given it for a scheduler; None if nothing."""
    from distributed.security import Security

    of, _, both = os.environ.get(VARIABLE, "").partition("\n")  # the certificate, then its key
    if of != address:
        return None
    return Security(
        require_encryption=True, tls_ca_file=both, tls_client_cert=both, tls_client_key=both
    )

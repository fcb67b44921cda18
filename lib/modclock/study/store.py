"""The trial store: SQLite, trial key -> metrics. Every finished trial is kept."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS trials (
    key TEXT PRIMARY KEY,      -- SHA-256, see keys.py
    spec TEXT NOT NULL,        -- the trial as JSON
    metrics TEXT NOT NULL,     -- what it measured, as JSON
    seconds REAL NOT NULL,     -- how long it took
    finished TEXT NOT NULL     -- when, UTC
)
"""
_WAIT_SECONDS = 60.0


@dataclass(frozen=True)
class StoredTrial:
    """What the store knows of a finished trial."""

    metrics: dict[str, Any]
    seconds: float


class TrialStore:
    """Finished trials in one SQLite file; safe for several writers at once.

    Parameters
    ----------
    path : the file; it and its folder appear with the first finished trial.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = TrialStore(Path(folder) / "trials.sqlite")
    ...     store.put("some-key", {"p": 97}, {"test_accuracy": 0.5}, seconds=1.0)
    ...     store.get(["some-key", "other-key"])
    {'some-key': StoredTrial(metrics={'test_accuracy': 0.5}, seconds=1.0)}
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def get(self, keys: Iterable[str]) -> dict[str, StoredTrial]:
        """The finished ones among `keys`."""
        if not self.path.exists():
            return {}
        with self._connection() as connection:
            query = (
                "SELECT key, metrics, seconds FROM trials "
                "WHERE key IN (SELECT value FROM json_each(?))"
            )
            rows = connection.execute(query, [json.dumps(list(keys))])
            return {key: StoredTrial(json.loads(text), seconds) for key, text, seconds in rows}

    def put(self, key: str, spec: dict[str, Any], metrics: dict[str, Any], seconds: float) -> None:
        """Keep a finished trial; the first result for a key stays."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        finished = datetime.now(UTC).isoformat(timespec="seconds")
        row = (key, json.dumps(spec), json.dumps(metrics, allow_nan=False), seconds, finished)
        with self._connection() as connection:
            connection.execute("INSERT OR IGNORE INTO trials VALUES (?, ?, ?, ?, ?)", row)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=_WAIT_SECONDS)) as connection:
            # With a write-ahead log readers never wait for the writer.
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(_SCHEMA)
            with connection:
                yield connection

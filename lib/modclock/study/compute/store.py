"""The trial store: SQLite, trial key -> metrics. Every finished trial is kept."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS trials (
    key TEXT PRIMARY KEY,      -- SHA-256, see keys.py
    spec TEXT NOT NULL,        -- the trial as JSON
    metrics TEXT NOT NULL,     -- what it measured, as JSON
    seconds REAL NOT NULL,     -- core-seconds that it took
    finished TEXT NOT NULL     -- when, UTC
)
"""
_NOTES = """
CREATE TABLE IF NOT EXISTS notes (
    key TEXT PRIMARY KEY,      -- SHA-256 of what was fixed
    written TEXT NOT NULL      -- when first, UTC
)
"""
_CHECKSUMS = """
CREATE TABLE IF NOT EXISTS checksums (
    key TEXT PRIMARY KEY,      -- of a trial; those of older versions have none
    checksum TEXT NOT NULL     -- SHA-256 of its metrics and seconds
)
"""
# What no trial has written: rows that were edited, or damaged where SQLite does not see it.
_BROKEN = """
(
    NOT json_valid(metrics) OR json_type(metrics) <> 'object'
    OR typeof(seconds) <> 'real' OR seconds NOT BETWEEN 0 AND 1e12
    OR (metrics = '{}' AND key NOT IN (SELECT key FROM checksums))
    OR checksum(metrics, seconds) <>
        (SELECT checksum FROM checksums WHERE checksums.key = trials.key)
) IS TRUE
"""
_CHECK_THE_REST = """
INSERT INTO checksums SELECT key, checksum(metrics, seconds) FROM trials
WHERE key NOT IN (SELECT key FROM checksums)
"""
_DAMAGED = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_WAIT_SECONDS = 60.0


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
    {'some-key': {'test_accuracy': 0.5}}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     TrialStore(Path(folder) / "trials.sqlite").seconds(["some-key"])
    {}

    Raises
    ------
    OSError : by all methods, if the file can't be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def get(self, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The metrics of the finished ones among `keys`; what is damaged is not finished."""
        return {key: json.loads(metrics) for key, metrics in self._column("metrics", keys)}

    def seconds(self, keys: Iterable[str]) -> dict[str, float]:
        """How long the finished ones among `keys` took."""
        return dict(self._column("seconds", keys))

    def finished(self, keys: Iterable[str]) -> dict[str, str]:
        """When the finished ones among `keys` were: UTC, in ISO format, which sorts by time."""
        return dict(self._column("finished", keys))

    def put(self, key: str, spec: dict[str, Any], metrics: dict[str, Any], seconds: float) -> None:
        """Keep a finished trial; the first result for a key stays."""
        text = json.dumps(metrics, allow_nan=False)
        row = (key, json.dumps(spec), text, float(seconds), _now())
        with self._as_os_errors():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._connection() as connection:
                connection.execute(f"DELETE FROM trials WHERE key = ? AND {_BROKEN}", (key,))
                insert = "INSERT OR IGNORE INTO trials VALUES (?, ?, ?, ?, ?)"
                if connection.execute(insert, row).rowcount:
                    checked = (key, _checksum(text, float(seconds)))
                    connection.execute("INSERT OR REPLACE INTO checksums VALUES (?, ?)", checked)

    def note(self, key: str) -> str:
        """Note that something is fixed, and say when it was for the first time.

        Parameters
        ----------
        key : digest of what is fixed.

        Returns
        -------
        The time as `finished` has it.
        """
        moment = _now()
        with self._as_os_errors():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._connection() as connection:
                connection.execute(_NOTES)
                connection.execute("INSERT OR IGNORE INTO notes VALUES (?, ?)", (key, moment))
                found = connection.execute("SELECT written FROM notes WHERE key = ?", (key,))
                return str(found.fetchone()[0])

    def set_aside_if_damaged(self) -> Path | None:
        """Take what is damaged out of the store, so that it is computed again.

        A file that is no sound store is renamed, and a new one can begin. Of a store in which
        some rows are damaged a copy is kept beside it, and these rows are taken out. Nothing is
        lost. A sound store, or none, stays as it is.

        Returns
        -------
        The path of what was set aside; None if nothing was.
        """
        if not self.path.exists():
            return None
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        aside = self.path.with_name(f"{self.path.stem}-damaged-{moment}{self.path.suffix}")
        with self._as_os_errors():
            try:
                with self._connection() as connection:
                    if connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",):
                        query = f"SELECT key FROM trials WHERE {_BROKEN}"
                        broken = connection.execute(query).fetchall()
                        if broken:
                            with closing(sqlite3.connect(aside)) as copy:
                                connection.backup(copy)
                            connection.executemany("DELETE FROM trials WHERE key = ?", broken)
                        connection.execute(_CHECK_THE_REST)
                        return aside if broken else None
            except sqlite3.Error as error:
                if error.sqlite_errorcode not in _DAMAGED:  # locked, say, or not readable
                    raise
            for part in ("", "-journal", "-wal", "-shm"):  # what SQLite keeps beside the file
                source = Path(f"{self.path}{part}")
                if source.exists():
                    source.rename(f"{aside}{part}")
        return aside

    def _column(self, name: str, keys: Iterable[str]) -> list[tuple[str, Any]]:
        query = (
            f"SELECT key, {name} FROM trials "
            f"WHERE key IN (SELECT value FROM json_each(?)) AND NOT {_BROKEN}"
        )
        with self._as_os_errors():
            if not self.path.exists():
                return []
            with self._connection() as connection:
                return list(connection.execute(query, [json.dumps(list(keys))]))

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        # SQLite's plain journal: everybody waits for whoever writes, which takes milliseconds.
        # Switching a new file to a write-ahead log fails at once where two do it together.
        connect = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level="IMMEDIATE")
        with closing(connect) as connection:
            connection.create_function("checksum", 2, _checksum, deterministic=True)
            connection.execute(_SCHEMA)
            try:
                connection.execute(_CHECKSUMS)
            except sqlite3.OperationalError as error:  # one of an older version, to be read only
                if error.sqlite_errorcode != sqlite3.SQLITE_READONLY:
                    raise
                connection.execute(_CHECKSUMS.replace("CREATE", "CREATE TEMPORARY"))
            with connection:
                yield connection

    @contextmanager
    def _as_os_errors(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise OSError(f"{self.path}: trial store can't be used: {error}") from error


def _checksum(metrics: Any, seconds: Any) -> str:
    return hashlib.sha256(f"{metrics} {seconds!r}".encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

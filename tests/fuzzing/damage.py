"""What people, editors and disks do to files, and values that no parameter is meant to have."""

from __future__ import annotations

import contextlib
import json
import random
import shutil
import sqlite3
from pathlib import Path
from typing import Any

NASTY = [
    "", " ", "0", "-1", "1", "2", "97", "1e3", "1e400", "-1e-3", ".inf", "-.inf", ".nan", "true",
    "no", "null", "~", "2001-13-45", "2001-01-02", "12:30:45", "0x1F", "0b2", "0o8", "1_000",
    "!!bool x", "!!int x", "!!float x", "!!binary x", "!!timestamp x", "!!set {a}", "!!omap [a]",
    "!!python/object/apply:os.system [id]", "&a [*a]", "&a [1]", "*a", "[" * 3000, "{" * 50,
    "9" * 5000, "-" * 70, "'", '"', "[1, 2", "{a: 1", "{1: 2}", "{a: {b: {c: 1}}}", "[[1]]",
    "? a", "| x", "> x", "%YAML 9.9", "---\n---", "\x00", "\x07", "\ud800", "\xe9", "\u2028",
    "\u540d", "\U0001f600", "a: b: c", "@x", "`x`", "1" * 20, "99999999999999999999", "9e22",
    "2147483648", "100000", "1000000000", "[]", "{}", "=", "<<: {a: 1}", "x" * 3000, "../..",
    "/etc/passwd", "C:\\x", "a/b", "*", "--", "-h", "#", "\t", "\n",
]  # fmt: skip


def remove(path: Path) -> None:
    """A file, link or folder is gone, if it was there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def mutated(rng: random.Random, content: bytes) -> bytes:
    """Bytes with a few of them changed, cut, doubled or replaced."""
    for _ in range(rng.choice([0, 1, 1, 2, 4])):
        start = rng.randrange(len(content) + 1)
        end = min(len(content), start + rng.choice([0, 1, 4, 30]))
        nasty = rng.choice(NASTY).encode("utf-8", "surrogatepass")
        piece = rng.choice([b"", nasty, content[start:end] * 2, rng.randbytes(3)])
        content = content[:start] + piece + content[end:]
    return content


def spoil(rng: random.Random, path: Path) -> None:
    """Do to a file or folder what people, editors and disks do."""
    if path.is_dir() and not path.is_symlink():
        if rng.random() < 0.5:
            remove(path)
            path.write_bytes(rng.choice([b"", b"x"]))
        else:
            (path / rng.choice(["01_copy.ipynb", "99_x.ipynb", ".x", "é", "x.html"])).write_bytes(
                rng.choice([b"", b"{}", b"\xff"])
            )
        return
    if not path.exists():
        return
    content = path.read_bytes()
    how = rng.choice(["cut", "bytes", "empty", "gone", "folder", "loop", "value", "other"])
    if how == "value" and path.suffix in (".ipynb", ".json"):
        with contextlib.suppress(ValueError):
            content = json.dumps(changed_value(rng, json.loads(content))).encode()
    elif how == "value" and path.suffix == ".sqlite":
        changed_row(rng, path)
        return
    remove(path)
    if how in ("folder", "loop"):
        path.mkdir() if how == "folder" else path.symlink_to(path.name)
    elif how != "gone":
        other = {"cut": content[: rng.randrange(len(content) + 1)], "empty": b"", "value": content}
        path.write_bytes(other.get(how, mutated(rng, content)))


def changed_value(rng: random.Random, value: Any) -> Any:
    """JSON with one value in it replaced by another kind of value."""
    if isinstance(value, (dict, list)) and value and rng.random() < 0.85:
        keys = list(value) if isinstance(value, dict) else range(len(value))
        key = rng.choice(keys)
        changed = value.copy()
        if rng.random() < 0.1:
            del changed[key]
        else:
            changed[key] = changed_value(rng, value[key])
        return changed
    return rng.choice(
        [None, True, -1, 1e308, "", "x", [], {}, [None], {"a": 1}, "<script>", 10**30]
    )


def changed_row(rng: random.Random, path: Path) -> None:
    what = rng.choice(
        ["metrics = '{}'", "metrics = 'x'", "seconds = 9e999", "seconds = 'x'", "spec = ''"]
    )
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(path)) as found:
        found.execute(f"UPDATE trials SET {what} WHERE rowid % 3 = 0")
        found.commit()

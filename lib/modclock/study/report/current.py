"""Whether a report is what the executed notebooks say: by what files hold, not by their times."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from modclock.study.files import write_json
from modclock.study.project import notebook_files, project_root

_NAME = "report.json"
_PAGES = ("claims.json", "provenance.json", "index.html", "study.html")


def is_current(folder: Path, outdated: Collection[str] = ()) -> bool:
    """Whether all pages are there as they were written, from just these notebooks.

    Parameters
    ----------
    folder : outputs/<profile>.
    outdated : names of the notebooks that have to be marked as outdated.
    """
    try:
        return _noted(folder) == _state(folder, outdated)
    except OSError:
        return False


def noted_outdated(folder: Path) -> list[str]:
    """Names of the notebooks that the pages mark as outdated."""
    return [str(name) for name in _noted(folder).get("outdated", [])]


def note_current(folder: Path, outdated: Collection[str]) -> None:
    """Note what the report was made from, and what was written."""
    write_json(folder / _NAME, _state(folder, outdated))


def _noted(folder: Path) -> dict[str, Any]:
    """What is written there; nothing if it is damaged."""
    try:
        noted = json.loads((folder / _NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _state(folder: Path, outdated: Collection[str]) -> dict[str, Any]:
    known = {path.name for path in notebook_files()}
    templates = Path(__file__).parent / "templates"
    sources = [
        # Those that the study has; the report leaves out all others.
        *(
            path
            for path in (folder / "notebooks").glob("*.ipynb")
            if path.name in known and path.is_file()
        ),
        *(path for path in templates.rglob("*") if path.is_file()),
        *(
            project_root() / "params" / name
            for name in ("summary.md", "words.yaml", "glossary.yaml")
        ),
    ]
    made = [
        *(folder / name for name in _PAGES),
        *(folder / "html").glob("*.html"),
        *(folder / "data").glob("*.csv"),
    ]
    return {"from": _digests(sources), "made": _digests(made), "outdated": sorted(outdated)}


def _digests(paths: Iterable[Path]) -> dict[str, str]:
    return {
        f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(paths)
    }

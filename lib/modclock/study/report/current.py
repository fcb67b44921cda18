"""Whether a report is what the executed notebooks say: by what files hold, not by their times."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from modclock.study.files import write_json
from modclock.study.project import notebook_files, project_root

_NAME = "report.json"
_PAGES = ("claims.json", "provenance.json", "index.html", "study.html")


def is_current(folder: Path) -> bool:
    """Whether all pages are there as they were written, from just these notebooks.

    Parameters
    ----------
    folder : outputs/<profile>.
    """
    try:
        noted = json.loads((folder / _NAME).read_text("utf-8"))
        return bool(noted == _state(folder))
    except (OSError, ValueError):
        return False


def note_current(folder: Path) -> None:
    """Note what the report was made from, and what was written."""
    write_json(folder / _NAME, _state(folder))


def _state(folder: Path) -> dict[str, dict[str, str]]:
    known = {path.name for path in notebook_files()}
    templates = Path(__file__).parent / "templates"
    sources = [
        # Those that the study has; the report leaves out all others.
        *(path for path in (folder / "notebooks").glob("*.ipynb") if path.name in known),
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
    return {"from": _digests(sources), "made": _digests(made)}


def _digests(paths: Iterable[Path]) -> dict[str, str]:
    return {
        f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(paths)
    }

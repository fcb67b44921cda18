"""The pages of the report, and what tests ask of them in every browser."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from modclock.study.running.notebooks import find_notebooks

CHAPTERS = [f"html/{book.name}.html" for book in find_notebooks()]
PAGES = ["index.html", "study.html", *CHAPTERS]

MEGABYTE = 1_000_000
SECONDS_TO_PAINT = 1.5

# JavaScript that a browser evaluates on the open page.
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
ALL_IMAGES_ARE_THERE = "[...document.images].every(i => i.complete && i.naturalWidth > 0)"
WIDTH_OF_PAGE = "document.documentElement.scrollWidth"
OPEN_ALL_FOLDS = "document.querySelectorAll('details').forEach(d => d.open = true)"
# A page that was mailed has no folder: only its own places and the web can be reached.
DEAD_LINKS = (
    "[...document.links].map(a => a.getAttribute('href')).filter(to => to.startsWith('#')"
    " ? !document.getElementById(decodeURIComponent(to.slice(1))) : !to.startsWith('https:'))"
)


def serious(violations: Iterable[dict[str, Any]]) -> list[str]:
    """A line for each element that keeps readers out, of all that axe-core finds."""
    return [
        f"{violation['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for violation in violations
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]

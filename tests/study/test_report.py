from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from modclock.study.notebooks import find_notebooks

PAGES = ["index.html", *(f"html/{book.name}.html" for book in find_notebooks())]


class Loads(HTMLParser):
    """Collects what a page loads, its links, and pictures without alt text."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.without_alt = 0

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "a":
            self.links.append(values.get("href") or "")
        elif loaded := values.get("src") or values.get("href"):
            self.loads.append(loaded)
        if tag == "img" and len(values.get("alt") or "") < 20:
            self.without_alt += 1


@pytest.mark.parametrize("page", PAGES)
def test_pages_load_nothing_and_describe_their_pictures(smoke_run, page):
    text = (smoke_run.folder / page).read_text()
    parser = Loads()
    parser.feed(text)
    assert all(item.startswith("data:") for item in parser.loads)
    assert "@import" not in text
    assert not re.search(r"url\((?!['\"]?data:)", text)
    assert parser.without_alt == 0


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(smoke_run, page):
    parser = Loads()
    path = smoke_run.folder / page
    parser.feed(path.read_text())
    local = [link for link in parser.links if not link.startswith(("#", "http"))]
    assert local
    assert all((path.parent / link).resolve().is_file() for link in local)


def test_the_scoreboard_shows_every_claim_with_its_verdict(smoke_run):
    text = (smoke_run.folder / "index.html").read_text()
    for claim_id in ("C01", "C04", "C07", "C08", "C09", "C10", "C27"):
        assert f"<strong>{claim_id}</strong>" in text


def test_values_from_parameters_are_shown_as_text(modclock, study_copy):
    """A parameter value with markup in it must not become markup."""
    file = study_copy / "params" / "smoke" / "05_concatenation_collapse.yaml"
    text = file.read_text().replace("extra_conditions: [[triangular, random, 0.1]]", "")
    file.write_text(text.replace("n_seeds_extra: 1", "n_seeds_extra: 0"))
    injected = "extra_conditions=[['<script>alert(1)</script>']]"
    done = modclock(
        "run", "05", "--profile", "smoke", "--set", injected, "--set", "n_seeds=2", study=study_copy
    )
    page = study_copy / "outputs" / "smoke" / "html" / "05_concatenation_collapse.html"
    assert done.returncode in (1, 2)
    if page.exists():
        assert "<script>alert" not in page.read_text()

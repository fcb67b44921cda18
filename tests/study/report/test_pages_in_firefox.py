"""The report in Firefox: the file that is mailed, alone in a folder, and the pages beside it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from firefox import Firefox, started
from report_pages import (
    ALL_IMAGES_ARE_THERE,
    DEAD_LINKS,
    FIRST_PAINT,
    MEGABYTE,
    OPEN_ALL_FOLDS,
    PAGES,
    SECONDS_TO_PAINT,
    WIDTH_OF_PAGE,
    serious,
)


def browser(tmp_path_factory, scheme: str) -> Iterator[Firefox]:
    program = shutil.which("firefox") or shutil.which("firefox-esr")
    if program is None:
        pytest.skip("no firefox on this machine")
    with started(program, tmp_path_factory.mktemp("profile"), scheme) as firefox:
        yield firefox


@pytest.fixture(scope="module")
def firefox(tmp_path_factory) -> Iterator[Firefox]:
    yield from browser(tmp_path_factory, "light")


@pytest.fixture(scope="module")
def dark_firefox(tmp_path_factory) -> Iterator[Firefox]:
    yield from browser(tmp_path_factory, "dark")


def outside(firefox: Firefox) -> list[str]:
    """What the page asked the network for; Firefox does not report files."""
    return [url for url in firefox.requests if not url.startswith("data:")]


def barriers(firefox: Firefox, **options: object) -> list[str]:
    """What serious things axe-core finds on the open page, with all its folds open."""
    firefox.run(OPEN_ALL_FOLDS)
    firefox.run(AXE_SCRIPT)
    asked = json.dumps({"resultTypes": ["violations"], **options})
    found = firefox.evaluate(f"axe.run(document, {asked}).then(all => all.violations)")
    return serious(found)


def test_study_html_alone_in_a_folder_paints_at_once_and_asks_for_nothing(
    firefox, smoke_run, tmp_path
):
    mailed = tmp_path / "study.html"
    shutil.copy(smoke_run.folder / "study.html", mailed)
    assert mailed.stat().st_size < 5 * MEGABYTE
    firefox.size(1280, 800)
    paints = []
    for _ in range(3):  # what else the machine does may slow one of them down
        firefox.open(mailed)
        paints.append(firefox.evaluate(FIRST_PAINT))
    assert min(paints) < SECONDS_TO_PAINT * 1000
    assert firefox.evaluate(DEAD_LINKS) == []
    assert firefox.evaluate("document.links.length") > 100
    assert outside(firefox) == []
    assert firefox.errors == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_from_a_file_with_nothing_else(firefox, smoke_run, name):
    page = smoke_run.folder / name
    firefox.size(375, 800)
    firefox.open(page)
    assert firefox.evaluate(ALL_IMAGES_ARE_THERE)
    assert firefox.evaluate(WIDTH_OF_PAGE) <= 375
    assert outside(firefox) == []
    assert firefox.errors == []


@pytest.mark.parametrize("width", [375, 1280])
def test_the_mailed_file_has_no_serious_barriers(firefox, smoke_run, width):
    firefox.size(width, 800)
    firefox.open(smoke_run.folder / "study.html")
    # Contrast is looked at on the pages of the chapters: it takes long on all of them at once.
    assert barriers(firefox, rules={"color-contrast": {"enabled": False}}) == []


@pytest.mark.parametrize("name", ["index.html", "html/03_overlap_headline.html"])
@pytest.mark.parametrize(("scheme", "fixture"), [("light", "firefox"), ("dark", "dark_firefox")])
def test_colours_can_be_told_from_their_ground(request, smoke_run, name, scheme, fixture):
    page = request.getfixturevalue(fixture)
    page.size(1280, 800)
    page.open(smoke_run.folder / name)
    assert page.evaluate(f"matchMedia('(prefers-color-scheme: {scheme})').matches")
    assert barriers(page, runOnly=["color-contrast"]) == []


def test_what_is_wrong_with_a_page_is_seen(firefox, tmp_path):
    page = tmp_path / "bad.html"
    page.write_text(
        '<title>Bad</title><main><h1>Bad</h1><p style="color:#eee;background:#fff">pale</p>'
        '<img src="http://127.0.0.1:54321/gone.png"></main><script>console.error("broken")</script>',
        encoding="utf-8",
    )
    firefox.open(page)
    assert firefox.evaluate("document.images[0].naturalWidth") == 0
    assert outside(firefox) == ["http://127.0.0.1:54321/gone.png"]
    assert firefox.errors == ["broken"]
    found = barriers(firefox)
    assert any(line.startswith("color-contrast") for line in found)
    assert any(line.startswith("image-alt") for line in found)

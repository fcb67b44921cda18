"""The report in a real browser, opened from a file as a reader does."""

from __future__ import annotations

import shutil
from itertools import product
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from modclock.study.running.notebooks import find_notebooks
from report_pages import (
    ALL_IMAGES_ARE_THERE,
    CHAPTERS,
    DEAD_LINKS,
    FIRST_PAINT,
    MEGABYTE,
    OPEN_ALL_FOLDS,
    PAGES,
    SECONDS_TO_PAINT,
    WIDTH_OF_PAGE,
    serious,
)


def opened(page: Page, smoke_run, name: str) -> Page:
    page.goto((smoke_run.folder / name).as_uri())
    return page


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_from_a_file_with_nothing_else(page, smoke_run, name):
    requests, errors = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    opened(page, smoke_run, name)
    page.wait_for_load_state("networkidle")
    assert [url for url in requests if not url.startswith("data:")] == [page.url]
    assert errors == []
    assert page.evaluate(ALL_IMAGES_ARE_THERE)
    assert (smoke_run.folder / name).stat().st_size < 3 * MEGABYTE


def test_study_html_alone_in_a_folder_paints_at_once_and_asks_for_nothing(
    page, smoke_run, tmp_path
):
    mailed = tmp_path / "study.html"
    shutil.copy(smoke_run.folder / "study.html", mailed)
    requests, errors = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto(mailed.as_uri())
    page.wait_for_load_state("networkidle")
    assert [url for url in requests if not url.startswith("data:")] == [mailed.as_uri()]
    assert errors == []
    assert page.evaluate(DEAD_LINKS) == []
    assert page.evaluate(FIRST_PAINT) < SECONDS_TO_PAINT * 1000


# The colours of the whole study are those of its chapters, and take long to be looked at there.
@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    [
        *product(["index.html", *CHAPTERS], ["light", "dark"], [1280]),
        *product(["index.html", "html/03_overlap_headline.html"], ["light"], [375]),
        ("study.html", "light", 1280),
        ("study.html", "light", 375),
    ],
)
def test_a_page_has_no_serious_barriers(page, smoke_run, name, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    opened(page, smoke_run, name)
    page.evaluate(OPEN_ALL_FOLDS)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if name == "study.html":
        options["rules"] = {"color-contrast": {"enabled": False}}
    if scheme == "dark":
        options["runOnly"] = ["color-contrast"]  # all else is as in light
    found = Axe().run(page, options=options).response["violations"]
    assert serious(found) == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways_on_a_telephone(page, smoke_run, name):
    page.set_viewport_size({"width": 375, "height": 800})
    opened(page, smoke_run, name)
    assert page.evaluate(WIDTH_OF_PAGE) <= 375


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("name", ["index.html", "study.html"])
def test_the_first_thing_under_the_title_is_a_drawing(page, smoke_run, name, width):
    page.set_viewport_size({"width": width, "height": 800})
    opened(page, smoke_run, name)
    drawing = page.locator("h1 + figure svg.drawing").bounding_box()
    assert drawing["y"] + drawing["height"] < 800


@pytest.mark.parametrize("name", ["index.html", "study.html"])
def test_on_a_telephone_a_claim_is_a_card_with_its_conclusion_first(page, smoke_run, name):
    page.set_viewport_size({"width": 375, "height": 800})
    opened(page, smoke_run, name)
    tops = page.evaluate(
        "[...document.querySelectorAll('table.scoreboard tbody tr')].map("
        "row => [...row.cells].map(cell => cell.getBoundingClientRect().top))"
    )
    assert len(tops) > 20
    assert all(min(cells) == cells[3] for cells in tops)
    widths = page.evaluate(
        "[...document.querySelectorAll('table.scoreboard td')].map(cell => cell.scrollWidth)"
    )
    assert max(widths) <= 375


@pytest.mark.parametrize("name", ["study.html", "html/03_overlap_headline.html"])
def test_one_button_unfolds_and_folds_all_code(page, smoke_run, name):
    opened(page, smoke_run, name)
    code = page.locator("details.code > .highlight, details.code pre").first
    page.evaluate("document.querySelectorAll('details.code').forEach(d => d.open = false)")
    assert not code.is_visible()
    page.get_by_role("button", name="Show all code").click()
    assert page.locator("details.code:not([open])").count() == 0
    assert code.is_visible()
    page.get_by_role("button", name="Hide all code").click()
    assert page.locator("details.code[open]").count() == 0


def test_one_cell_unfolds_by_itself(page, smoke_run):
    opened(page, smoke_run, "html/03_overlap_headline.html")
    before = page.locator("details.code[open]").count()
    page.get_by_text("Code", exact=True).first.click()
    assert page.locator("details.code[open]").count() == before + 1


def test_a_click_on_the_head_of_a_column_sorts_by_it(page, smoke_run):
    opened(page, smoke_run, "index.html")
    table = page.locator("table.scoreboard", has=page.get_by_role("button", name="Claim")).first
    ids = table.locator("tbody tr td:first-child strong")
    button = table.get_by_role("button", name="Claim")
    button.click()
    rising = ids.all_inner_texts()
    assert len(rising) > 1
    assert rising == sorted(rising)
    button.click()
    assert ids.all_inner_texts() == rising[::-1]


def test_numbers_sort_by_value(page, smoke_run):
    opened(page, smoke_run, "html/03_overlap_headline.html")
    table = page.locator("table:has(caption)").last
    checked = 0
    for head in table.locator("thead th").all():
        head.get_by_role("button").click()
        index = head.evaluate("cell => cell.cellIndex")
        shown = table.locator(f"tbody td:nth-child({index + 1})").all_inner_texts()
        if all(text.replace(".", "").isdigit() for text in shown):
            assert [float(text) for text in shown] == sorted(map(float, shown))
            checked += 1
    assert checked >= 2


def test_the_table_of_contents_leads_to_every_chapter_and_section(page, smoke_run):
    opened(page, smoke_run, "study.html")
    links = page.locator("nav[aria-label=Contents] a")
    targets = links.evaluate_all("all => all.map(a => decodeURIComponent(a.hash.slice(1)))")
    assert {book.name for book in find_notebooks()} <= set(targets)
    assert page.evaluate("ids => ids.every(id => document.getElementById(id))", targets)
    links.nth(3).click()
    reached = page.evaluate(
        "id => document.getElementById(id).getBoundingClientRect().y", targets[3]
    )
    assert abs(reached) < 5


@pytest.mark.parametrize("name", PAGES)
def test_links_within_and_between_pages_reach_what_they_name(page, smoke_run, name):
    opened(page, smoke_run, name)
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    here = page.evaluate(
        "[...document.links].filter(a => a.getAttribute('href').startsWith('#'))"
        ".map(a => decodeURIComponent(a.hash.slice(1)))"
    )
    assert set(here) <= set(ids)


def test_the_scoreboard_leads_to_the_cell_that_judges(page, smoke_run):
    opened(page, smoke_run, "index.html")
    page.locator("table.scoreboard .conclusion a").first.click()
    page.wait_for_load_state()
    assert page.evaluate("document.querySelector(location.hash).className") == "claim"


def test_a_page_speaks_of_no_sliders_that_it_does_not_have(page, smoke_run):
    opened(page, smoke_run, "html/24_your_encoder.html")
    assert "slider" not in page.locator("main").inner_text()


def test_first_rows_of_a_table_fit_the_page(page, smoke_run):
    page.set_viewport_size({"width": 1280, "height": 800})
    opened(page, smoke_run, "html/03_overlap_headline.html")
    box = page.locator(".output_html:has(table.dataframe)").last
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")


def test_figures_are_dark_in_dark_mode_and_keep_their_colours_on_paper(page, smoke_run):
    page.emulate_media(color_scheme="dark")
    opened(page, smoke_run, "html/03_overlap_headline.html")
    how = "getComputedStyle(document.querySelector('main img')).filter"
    assert "invert" in page.evaluate(how)
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate(how) == "none"
    page.emulate_media(color_scheme="light", media="screen")
    assert page.evaluate(how) == "none"


def test_dark_mode_is_dark(page, smoke_run):
    def lightness() -> float:
        color = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, color.strip("rgb()").split(","))) / 3

    page.emulate_media(color_scheme="dark")
    opened(page, smoke_run, "html/01_the_task.html")
    assert lightness() < 60
    page.emulate_media(color_scheme="light")
    assert lightness() > 200


def test_print_leaves_code_and_buttons_out(page, smoke_run):
    opened(page, smoke_run, "html/03_overlap_headline.html")
    page.emulate_media(media="print")
    assert not page.locator("details.code").first.is_visible()
    assert not page.locator("button.fold").is_visible()

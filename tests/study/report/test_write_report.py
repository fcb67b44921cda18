from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser

import nbformat
import pytest

from modclock.study.running.notebooks import find_notebooks
from report_pages import CHAPTERS

PAGES = ["index.html", *CHAPTERS]


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
    # "#…" and "%23…" name a part of the same picture.
    assert not re.search(r"url\((?!['\"]?(data:|#|%23))", text)
    assert parser.without_alt == 0


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(smoke_run, page):
    parser = Loads()
    path = smoke_run.folder / page
    parser.feed(path.read_text())
    local = [link for link in parser.links if not link.startswith(("#", "http"))]
    assert local
    files = [path.parent / link.partition("#")[0] for link in local]
    assert all(file.is_file() for file in files)


def test_study_html_is_the_one_file_to_mail(smoke_run):
    """Alone in an empty folder nothing in it leads nowhere."""
    text = (smoke_run.folder / "study.html").read_text()
    parser = Loads()
    parser.feed(text)
    anchors = {f"#{name}" for name in re.findall(r'\bid="([^"]+)"', text)}
    elsewhere = [link for link in parser.links if link not in anchors]
    assert len(parser.links) > 100
    assert all(link.startswith("https://") for link in elsewhere)
    assert text.index('id="the-answer"') < text.index('id="scoreboard"')


def test_the_answer_is_the_same_on_both_first_pages(smoke_run):
    answers = {
        (smoke_run.folder / name).read_text().partition('id="answer"')[2].partition("</section>")[0]
        for name in ("index.html", "study.html")
    }
    assert len(answers) == 1
    assert "Guessing gets" in answers.pop()


def test_chapters_have_the_numbers_of_their_notebooks_and_lead_to_their_neighbours(smoke_run):
    names = [book.name for book in find_notebooks()]
    study = (smoke_run.folder / "study.html").read_text()
    assert re.findall(r'class="number">Chapter (\d\d)<', study) == [name[:2] for name in names]
    for before, name, after in zip([None, *names], names, [*names[1:], None], strict=False):
        page = (smoke_run.folder / "html" / f"{name}.html").read_text()
        assert re.findall(r'rel="(prev|next)" href="(\w+)\.html"', page) == [
            *([("prev", before)] if before else []),
            *([("next", after)] if after else []),
        ]


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_chapter_opens_without_code_and_every_picture_has_a_numbered_caption(smoke_run, page):
    text = (smoke_run.folder / page).read_text()
    assert not re.search(r'<details class="code"[^>]* open', text)
    captions = re.findall(r"<figcaption[^>]*><b>Figure ([\d.]+)\.</b> [^<]{20,}</figcaption>", text)
    assert captions == [f"{page[5:7]}.{n + 1}" for n in range(len(captions))]
    pictures = re.findall(r'<img (?:[^>"]|"[^"]*")*>(?=(<figcaption)?)', text)
    assert pictures == ["<figcaption"] * len(captions)


def test_the_scoreboard_shows_every_claim_with_its_verdict(smoke_run):
    text = (smoke_run.folder / "index.html").read_text()
    *tables, _ = text.split("</table>")
    for claim in json.loads((smoke_run.folder / "claims.json").read_text()):
        (table,) = [table for table in tables if f"<strong>{claim['id']}</strong>" in table]
        assert table.count(f">{claim['verdict'].capitalize()} (") == 1


def test_values_from_parameters_and_code_are_shown_as_text(smoke_run, modclock, tmp_path):
    """Markup in a parameter, a title, an error or code must not become markup."""
    out = tmp_path / "outputs"
    shutil.copytree(smoke_run.folder / "notebooks", out / "smoke" / "notebooks")
    path = out / "smoke" / "notebooks" / "02_clock_encoders.ipynb"
    attack = "<script>alert(1)</script>"
    notebook = nbformat.read(path, as_version=4)
    record = notebook.metadata["modclock"]
    record |= {"title": attack, "error": attack, "parameters": {"p": attack}}
    notebook.cells.append(nbformat.v4.new_code_cell(f"p = '{attack}'"))
    nbformat.write(notebook, path)
    done = modclock("report", "--profile", "smoke", "--out", str(out))
    assert done.returncode == 0, done.stderr
    for page in ("index.html", "html/02_clock_encoders.html"):
        text = (out / "smoke" / page).read_text()
        assert attack not in text
        assert "&lt;script&gt;alert" in text

"""All that is written to be read is in short sentences, without phrases that make one stumble."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import mistune
import nbformat
import pytest

from support import ROOT

LONGEST, MEDIAN = 35, 18
NEVER = re.compile(r"\b(as against|hangs on|but for|told(?! apart)|alike to it)\b", re.IGNORECASE)
PAGES = [
    *sorted((ROOT / "notebooks").glob("*.ipynb")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "params/summary.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]

ONE_WORD = "¤"  # a formula, code or a link
_SKIPPED = {"table", "block_code", "block_math", "block_html"}
_PARSE = mistune.create_markdown(renderer=None, plugins=["table", "math"])
_INTERVAL = re.compile(r" \[-?\d[\d.]*%?, -?\d[\d.]*%?\]")  # filled in, behind a mean
_FIGURE = re.compile(r"\{\w+ \w+\}")  # to be filled in
_END = re.compile(r"""(?<=[.?!])["')]*\s+(?=["'(]?[A-Z¤])|:\s+(?=["'(]?(?:[A-Z][a-z]|[AI] ))""")


def plain(tokens: Sequence[dict[str, Any]]) -> str:
    """What stands in a line, without its markup."""
    text = ""
    for token in tokens:
        if token["type"] in ("codespan", "inline_math", "link"):
            text += ONE_WORD
        elif token["type"] in ("softbreak", "linebreak"):
            text += " "
        elif token["type"] not in ("image", "inline_html"):
            text += plain(token["children"]) if "children" in token else token["raw"]
    return text


def lines(tokens: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Each heading, paragraph and item of a list."""
    for token in tokens:
        children = token.get("children", [])
        if token["type"] in ("paragraph", "heading", "block_text"):
            yield plain(children)
        elif token["type"] not in _SKIPPED:
            yield from lines(children)


def sentences(markdown: str) -> list[str]:
    """The sentences of a page; where a colon comes before a capital letter, both parts are some."""
    text = _INTERVAL.sub("", _FIGURE.sub(ONE_WORD, markdown))
    tokens: Any = _PARSE(text)
    found = [part for line in lines(tokens) for part in _END.split(line)]
    return [sentence for sentence in found if n_words(sentence)]


def n_words(sentence: str) -> int:
    return sum(bool(re.search(rf"[\w{ONE_WORD}]", word)) for word in sentence.split())


def prose(path: Path) -> str:
    if path.suffix == ".md":
        return path.read_text("utf-8")
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


each_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)


@each_page
def test_no_sentence_is_long(path):
    long = {found: n_words(found) for found in sentences(prose(path)) if n_words(found) > LONGEST}
    assert not long


@each_page
def test_most_sentences_are_short(path):
    assert statistics.median(map(n_words, sentences(prose(path)))) <= MEDIAN


@each_page
def test_no_phrase_stands_there_that_readers_stumble_over(path):
    assert not [found for found in sentences(prose(path)) if NEVER.search(found)]


@pytest.mark.parametrize(
    ("markdown", "lengths"),
    [
        ("One two. Three\nfour? Five!", [2, 2, 1]),
        ("# A title\n\nA paragraph\n\n- an item. And\n- *one* more", [2, 2, 2, 1, 2]),
        ("As Power et al. say, 0.5 is a half.", [9]),
        ("It holds: the rest follows.", [5]),
        ("It holds: The rest follows.", [2, 3]),
        ("It holds: SDRs follow.", [4]),
        ("A formula, $a + b$. $c$ and `some code` and [a link](there.md).", [3, 5]),
        (
            "Above:\n\n$$a = b + c$$\n\n```sh\nmake it\n```\n\n| a | b |\n|---|---|\n| c | d |\n",
            [1],
        ),
        ('<!-- a comment -->\n**It gets** 97.8% [97.6%, 98.1%] ("all"). So {C01 chance}.', [4, 2]),
        ("> A quotation.\n\n![Two words](picture.svg)\n", [2]),
    ],
)
def test_sentences_are_found_and_counted(markdown, lengths):
    assert [n_words(found) for found in sentences(markdown)] == lengths


@pytest.mark.parametrize(
    ("sentence", "stumbles"),
    [
        ("It can be told before.", True),
        ("They are told apart.", False),
        ("The rest, but for one.", True),
    ],
)
def test_the_phrases_are_found(sentence, stumbles):
    assert bool(NEVER.search(sentence)) == stumbles

"""docs/api.md is what docs/make_api.py writes, and leads to every encoder."""

from __future__ import annotations

import re

import pytest

import modclock.encoders
from support import ROOT, loaded_script


@pytest.fixture(scope="module")
def make_api():
    return loaded_script(ROOT / "docs" / "make_api.py")


def test_the_page_is_current(make_api):
    assert make_api.PAGE.read_text("utf-8") == make_api.page()


def test_every_encoder_has_its_parameters_and_an_example(make_api):
    text = make_api.page()
    titles = re.findall(r"^## (\w+)$", text, flags=re.MULTILINE)
    assert {*modclock.encoders.__all__, "PairEncoder", "ValueMapClassifier"} <= set(titles)
    assert {name.lower() for name in titles} == set(re.findall(r"\(#(\w+)\)", text))
    for section in text.split("\n## ")[1:]:
        name = section.partition("\n")[0]
        if name not in ("NumberEncoder", "BitEncoder"):
            assert "**Parameters**" in section, name
            assert "**Examples**" in section, name


def test_every_import_of_the_page_works(make_api):
    imports = re.findall(r"^from modclock.*$", make_api.page(), flags=re.MULTILINE)
    assert len(imports) > 15
    for line in imports:
        exec(line, {})

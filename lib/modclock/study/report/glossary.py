"""The words of the report, from `params/glossary.yaml`."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, TypeAdapter

from modclock.study.errors import input_errors
from modclock.study.files import read_yaml
from modclock.study.project import project_root


class Entry(BaseModel):
    """What a word means, and other forms of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    means: str
    also: list[str] = []


class Glossary(NamedTuple):
    """All entries by word, the anchor of each form in small letters, and what finds them."""

    words: dict[str, Entry]
    anchors: dict[str, str]
    pattern: re.Pattern[str]


def anchor(word: str) -> str:
    """The id of a word's entry.

    Examples
    --------
    >>> anchor("k-WTA"), anchor("strict pairs")
    ('word-k-wta', 'word-strict-pairs')
    """
    return "word-" + word.lower().replace(" ", "-")


@cache
def entries() -> Glossary:
    """The glossary, in the order of the alphabet.

    Raises
    ------
    InputError : if there is no such file, or it holds anything else.
    """
    path = project_root() / "params" / "glossary.yaml"
    with input_errors(str(path)):
        found = TypeAdapter(dict[str, Entry]).validate_python(read_yaml(path))
    words = dict(sorted(found.items(), key=lambda item: item[0].lower()))
    forms = {
        form.lower(): anchor(word) for word, entry in words.items() for form in (word, *entry.also)
    }
    longest_first = sorted(forms, key=len, reverse=True)
    pattern = rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b"
    return Glossary(words, forms, re.compile(pattern, re.IGNORECASE))

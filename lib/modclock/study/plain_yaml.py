"""YAML of plain values alone, which mean the same in a file, in a check and in a notebook."""

from __future__ import annotations

import math
import re
from typing import Any

import yaml

_LONGEST = 200_000  # characters; the longest file of the study has a quarter of that
_DEEPEST = 20


class _Loader(yaml.CSafeLoader):
    """Numbers are those of JSON, with a sign or leading zeros if one likes.

    YAML 1.1 has others: it takes 1e-3 for text, 1:30 for 90, 010 for 8 and 1_0 for 10. And no name
    is there twice.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [name.value for name, _ in node.value if isinstance(name, yaml.ScalarNode)]
        if twice := [name for place, name in enumerate(names) if name in names[:place]]:
            raise yaml.YAMLError(f"{twice[0]} is there twice")
        return super().construct_mapping(node, deep)


_NUMBERS = {
    "int": re.compile(r"[-+]?[0-9]+$"),
    "float": re.compile(
        r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?$"
        r"|[-+]?\.(inf|Inf|INF)$|\.(nan|NaN|NAN)$"
    ),
}
_TAG = "tag:yaml.org,2002:"
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag.removeprefix(_TAG) not in _NUMBERS]
    for first, known in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
for kind, pattern in _NUMBERS.items():
    _Loader.add_implicit_resolver(_TAG + kind, pattern, list("-+.0123456789"))
_Loader.add_constructor(_TAG + "int", lambda _, node: int(node.value))


def plain_yaml(text: str) -> Any:
    """The plain value that a YAML text stands for.

    Plain are texts, whole and finite numbers, yes and no, nothing at all, and lists and
    `name: value` pairs of these. What JSON does not have would arrive changed in a notebook.

    Parameters
    ----------
    text : YAML.

    Raises
    ------
    ValueError : for what is not YAML, and for values that are not plain: dates, infinities, names
        that are no text or there twice, aliases, more than 20 levels or 200,000 characters.

    Examples
    --------
    >>> plain_yaml("[1e-3, yes, word, {p: 97}]")
    [0.001, True, 'word', {'p': 97}]
    >>> plain_yaml("2001-01-02")
    Traceback (most recent call last):
    ...
    ValueError: 2001-01-02 is a date, not a plain value: put it in quotes
    """
    if len(text) > _LONGEST:
        raise ValueError(f"longer than {_LONGEST} characters")
    try:
        _check_shape(text)
        content = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise ValueError(f"not YAML: {' '.join(str(error).split())}") from error
    except (ValueError, OverflowError) as error:  # numbers and dates that can't be
        raise ValueError(f"not YAML: {error}") from error
    except (TypeError, LookupError, AttributeError) as error:
        raise ValueError("not YAML: a tag that does not fit its value") from error
    check_plain(content)
    return content


def _check_shape(text: str) -> None:
    """Before anything is built: a few aliases can stand for gigabytes."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read here")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise yaml.YAMLError(f"more than {_DEEPEST} levels")


def check_plain(value: Any, place: str = "") -> None:
    """Refuse what JSON does not have; see `plain_yaml`.

    Parameters
    ----------
    value : anything.
    place : what stands before the error: the name that has the value.

    Raises
    ------
    ValueError : for the first part that is not plain.

    Examples
    --------
    >>> check_plain({"p": [1, float("inf")]})
    Traceback (most recent call last):
    ...
    ValueError: p: inf is no finite number
    """
    begin = f"{place}: " if place else ""
    if isinstance(value, dict):
        for name, part in value.items():
            if not isinstance(name, str):
                raise ValueError(f"{begin}the name {name!r} is no text: put it in quotes")
            check_plain(part, place or (name if name.isprintable() else repr(name)))
    elif isinstance(value, list | tuple):
        for part in value:
            check_plain(part, place)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{begin}{value} is no finite number")
    elif not isinstance(value, str | int | float | None):
        kind = "a date" if hasattr(value, "isoformat") else f"a {type(value).__name__}"
        raise ValueError(f"{begin}{value} is {kind}, not a plain value: put it in quotes")

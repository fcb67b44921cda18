"""Parameters of notebooks: which there are, their types and limits, and what is said of others.

They are read from a notebook's `parameters` cell. Values from params files and from `--set` are
checked here before anything runs.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import ConfigDict, Field, create_model

from modclock.study.errors import in_words, input_errors
from modclock.study.plain_yaml import check_plain
from modclock.validation import check_choice

_LARGEST_MODULUS = 1000  # a table has the square of that many pairs
_LARGEST_COUNT = 100_000
_LARGEST_WIDTH = 10_000  # of codes, of which there are as many as pairs
_LARGEST_REPEATS = 1000  # of a whole plan, which is built before anything else
_LARGEST_NUMBER = 1_000_000_000
_REPEATS = re.compile(r"seeds|runs|n_(choosing|judging|unseen|checked|halves|tuning)")
_WIDTHS = re.compile(r"n_(clocks|bits|active)")


class Declared(NamedTuple):
    """A parameter as its notebook declares it: `name: kind = default`."""

    kind: Any
    default: Any


def declared_parameters(code: str, source: str) -> dict[str, Declared]:
    """The parameters that lines of the form `name: type = literal` declare, by name.

    Parameters
    ----------
    code : the cell of parameters.
    source : where it is from, for errors.

    Raises
    ------
    InputError : for code that is no Python, a type that is none, or a default that is computed.

    Examples
    --------
    >>> declared_parameters("p: int = 97  # modulus", "a notebook")
    {'p': Declared(kind=<class 'int'>, default=97)}
    """
    found: dict[str, Declared] = {}
    with input_errors(source):
        try:
            lines = ast.parse(code).body
        except SyntaxError as error:
            raise ValueError(in_words(error)) from error
        for line in lines:
            if not (
                isinstance(line, ast.AnnAssign)
                and isinstance(line.target, ast.Name)
                and line.value is not None
            ):
                continue
            try:
                kind = eval(ast.unparse(line.annotation))
                found[line.target.id] = Declared(kind, ast.literal_eval(line.value))
            except Exception as error:  # a type that is none, or what must be computed first
                raise ValueError(
                    f"{ast.unparse(line)}: takes the form name: type = value, with a plain "
                    "type and value"
                ) from error
    return found


def check_settings(settings: Mapping[str, Any], known: Iterable[str]) -> None:
    """Refuse a `--set` of a parameter that none of the chosen notebooks has.

    Parameters
    ----------
    settings : values by name.
    known : names of the parameters of all chosen notebooks.

    Raises
    ------
    InputError : with the nearest name.

    Examples
    --------
    >>> check_settings({"p": 31, "k": 5}, iter(["k", "p"]))
    >>> check_settings({"p": 31, "q": 5}, ["k", "p"])
    Traceback (most recent call last):
        ...
    modclock.study.errors.InputError: --set: unknown name 'q' (allowed: k, p)
    """
    allowed = sorted(set(known))
    with input_errors():
        for name in settings:
            check_choice("--set", name, allowed)


def checked_values(
    declared: Mapping[str, Declared], values: Mapping[str, Any], source: str
) -> dict[str, Any]:
    """Defaults with these values instead, of the declared types and within their limits.

    Parameters
    ----------
    declared : see `declared_parameters`.
    values : by name.
    source : where the values are from, for errors.

    Raises
    ------
    InputError : for an unknown name, a value of another type or one beyond the limits.
    """
    fields: dict[str, Any] = {
        name: (_limited(name, kind, default), default) for name, (kind, default) in declared.items()
    }
    with input_errors(source):
        for name in values:
            check_choice("parameter", name, fields)
        model = create_model("Parameters", __config__=ConfigDict(strict=True), **fields)
        check_plain(dict(values))
        # As JSON, where a strict list may be a tuple.
        text = json.dumps({name: at.default for name, at in declared.items()} | dict(values))
        return model.model_validate_json(text).model_dump(mode="json")


def _limited(name: str, kind: Any, default: Any) -> Any:
    """The type of a parameter, with the limits that its name stands for.

    Counts, n_... and ..._seeds, are at least 1, or at least 0 where none is the default. What
    decides how much memory a run takes has a largest value, so that a slip of the keyboard is
    refused, not tried.
    """
    repeats = _REPEATS.search(name) is not None
    if name.startswith("n_") or (repeats and kind is int):
        wide = _WIDTHS.search(name) is not None
        largest = _LARGEST_REPEATS if repeats else _LARGEST_WIDTH if wide else _LARGEST_COUNT
        return Annotated[kind, Field(ge=0 if default == 0 else 1, le=largest)]
    if name == "p":
        return Annotated[kind, Field(le=_LARGEST_MODULUS)]
    if kind is int:
        return Annotated[kind, Field(ge=-_LARGEST_NUMBER, le=_LARGEST_NUMBER)]
    return kind

"""The errors that a user can cause and mend, and their words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError


class InputError(Exception):
    """A mistake in what the user gave: one line that names the place and what is allowed."""


class TrialError(Exception):
    """A trial failed while it ran; all others of the same call were finished and kept."""


class MachineError(Exception):
    """What a run needs and this machine does not have, in one line."""


class CodeChangedError(TrialError):
    """A file is no longer the code that this process has in memory."""


@contextmanager
def input_errors(place: str = "") -> Iterator[None]:
    """Tell a ValueError that is raised in the block as an InputError at `place`.

    >>> with input_errors("params/quick/03.yaml"):
    ...     raise ValueError("k lies in 1..400")
    Traceback (most recent call last):
    ...
    modclock.study.errors.InputError: params/quick/03.yaml: k lies in 1..400
    """
    try:
        yield
    except ValueError as error:
        from pydantic import ValidationError

        message = explain(error) if isinstance(error, ValidationError) else str(error)
        raise InputError(f"{place}: {message}" if place else message) from error


def in_words(error: BaseException) -> str:
    """An error of any kind in words.

    >>> in_words(KeyError("p"))
    "KeyError: 'p'"
    """
    return f"{type(error).__name__}: {error}"


def explain(error: ValidationError) -> str:
    """The first problem of a ValidationError in one line: field, then what is allowed.

    >>> from pydantic import ValidationError
    >>> from modclock.study.trials.trial import Trial
    >>> try:
    ...     Trial(k=500)
    ... except ValidationError as error:
    ...     explain(error)
    'k lies in 1..400 for 400 bits, got 500'
    """
    first = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        message = "unknown field"
    elif first["type"] != "value_error":
        message += f", got {first['input']!r}"
    if first["type"] == "list_type" and isinstance(first["input"], str | int | float):
        message += f"; write [{first['input']}]"
    return f"{field}: {message}" if field else message

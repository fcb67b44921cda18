"""What several commands take: a profile, an output folder, names of notebooks, `--set`."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from modclock.study.errors import InputError, input_errors
from modclock.study.project import OUTPUT_VARIABLE, PROFILES


class _Name(click.ParamType[str]):
    """One of a set of names, which the shell completes; a near miss is told the nearest."""

    name = "name"

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self.allowed = allowed

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from modclock.validation import check_choice

        with input_errors():
            check_choice("--profile", value, self.allowed)
        return str(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return [CompletionItem(name) for name in self.allowed if name.startswith(incomplete)]


def complete_notebook(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Names of notebooks, for the shell to complete."""
    from modclock.study.running.notebooks import find_notebooks

    names = (book.name for book in find_notebooks())
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


class Setting(click.ParamType[tuple[str, Any]]):
    """name=value; the value is read as YAML, as in a params file."""

    name = "name=value"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Any]:
        """The name and its value."""
        from modclock.study.plain_yaml import plain_yaml

        name, equals, text = str(value).partition("=")
        if not (equals and name):
            raise InputError(f"--set: takes name=value with a YAML value, got {value!r}")
        with input_errors(f"--set {name}"):
            return name, plain_yaml(text)


def _by_name(
    ctx: click.Context, param: click.Parameter, value: tuple[tuple[str, Any], ...]
) -> dict[str, Any]:
    """Values of `--set` by name; none is given twice."""
    found: dict[str, Any] = {}
    for name, content in value:
        if name in found:
            raise InputError(f"--set: {name} is given twice, {found[name]!r} and {content!r}")
        found[name] = content
    return found


def set_option(words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--set name=value`, as often as one likes; the command gets a dict, `settings`."""
    return click.option(
        "--set", "settings", type=Setting(), multiple=True, callback=_by_name, help=words
    )


def _choose_output(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value is None:
        return
    try:
        value.encode()
    except UnicodeEncodeError:
        value = ""
    if not value:
        raise InputError("--out: takes the name of a folder, in UTF-8 and not empty")
    os.environ[OUTPUT_VARIABLE] = str(Path(value).resolve())


profile_option = click.option(
    "--profile",
    type=_Name(PROFILES),
    default="quick",
    envvar="MODCLOCK_PROFILE",
    show_default=True,
    show_envvar=True,
    help=f"Size of the study: {', '.join(PROFILES)}.",
)
out_option = click.option(
    "--out",
    type=click.Path(),
    callback=_choose_output,
    expose_value=False,
    help="Output folder instead of outputs/ of the project.",
)

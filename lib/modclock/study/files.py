"""Reading files that may be damaged; writing files that appear only when they are complete."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modclock.study.errors import InputError, input_errors
from modclock.study.plain_yaml import plain_yaml

if TYPE_CHECKING:
    from nbformat import NotebookNode


@contextmanager
def complete_file(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`, moved to it if the block succeeds, else removed.

    Raises
    ------
    OSError : if it can't be written, in one line that names it.
    """
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        if error.errno is None:  # it has words of its own
            raise
        raise OSError(f"{path}: can't be written: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 text file with Unix line ends, whole or not at all."""
    with complete_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, content: Any) -> None:
    """Write plain values as JSON, whole or not at all."""
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook.

    Raises
    ------
    InputError : if there is no such file, or it is no notebook: empty, cut off, with the marks of
        a merge in it.
    """
    import nbformat

    if path.exists() and not path.is_file():  # a folder; a pipe would be waited for
        raise InputError(f"{path}: is no file")
    invalid: dict[str, Exception] = {}
    try:
        content = nbformat.read(path, as_version=4, capture_validation_error=invalid)
        if invalid:  # fields that it does not know are no harm
            nbformat.validate(content, relax_add_props=True)
        for cell in content.cells:
            _ = cell.cell_type, cell.source, cell.metadata
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from error
    except Exception as error:  # of many kinds, by what is wrong with the file
        raise InputError(f"{path}: not a notebook") from error
    return content


def read_text(path: Path) -> str:
    """What a UTF-8 text file holds.

    Raises
    ------
    InputError : if there is no such file, or it is no text.
    """
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: no text in UTF-8: {error}") from error


def read_json(path: Path) -> Any:
    """What a JSON file holds.

    Raises
    ------
    InputError : if there is no such file, or it is not JSON.
    """
    text = read_text(path)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON: {error}") from error


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file of `name: value` lines; an empty file holds none.

    Raises
    ------
    InputError : if there is no such file, or it holds anything else.
    """
    text = read_text(path)
    with input_errors(str(path)):
        content = plain_yaml(text)
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise InputError(f"{path}: holds name: value lines, got a {type(content).__name__}")
    return content

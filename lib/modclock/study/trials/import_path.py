"""A class by its import path, module:Class, from the working directory too."""

from __future__ import annotations

import importlib
import inspect
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from io import StringIO
from typing import Any

from modclock.study.errors import in_words
from modclock.study.trials.module_files import spec_of
from modclock.study.trials.packages import versions
from modclock.study.trials.sources import reached_from
from modclock.validation import check_choice


def build_encoder(path: str, parameters: Mapping[str, Any]) -> Any:
    """Import an encoder's class by its path, from the working directory too, and build it.

    Parameters
    ----------
    path : module:Class.
    parameters : its keyword arguments.

    Raises
    ------
    ValueError : for a path, class or parameter that does not exist.

    Examples
    --------
    >>> build_encoder("modclock.encoders:CycleEncoder", {"period": 12.0}).period
    12.0
    """
    module_name, _, class_name = path.partition(":")
    if not (module_name and class_name):
        raise ValueError(f"encoder: an import path reads module:Class, got {path!r}")
    try:
        with _with_the_working_directory(), _left_as_it_was():
            module = importlib.import_module(module_name)
    except SystemExit as error:  # a script, with argparse or sys.exit
        raise ValueError(
            f"encoder: module {module_name!r} ends Python when it is imported: put what runs below "
            'if __name__ == "__main__"'
        ) from error
    except ImportError as error:
        raise ValueError(f"encoder: module {module_name!r} can't be imported: {error}") from error
    except Exception as error:  # whatever the reader's module does when it is imported
        raise ValueError(f"encoder: module {module_name!r} fails: {in_words(error)}") from error
    classes = {name: item for name, item in vars(module).items() if inspect.isclass(item)}
    if class_name not in classes:
        offered = [name for name, item in classes.items() if item.__module__ == module_name]
        check_choice(f"encoder: class in {module_name}", class_name, offered)
    kind = classes[class_name]
    for name in parameters:
        check_choice(f"{class_name}: parameter", name, inspect.signature(kind).parameters)
    try:
        return kind(**parameters)
    except (Exception, SystemExit) as error:
        raise ValueError(f"{class_name}: can't be built: {in_words(error)}") from error


def own_sources(path: str) -> dict[str, str]:
    """Digests of a reader's module and of all of theirs that it imports, versions of the rest.

    Parameters
    ----------
    path : as in `build_encoder`; empty for no encoder, and nothing to digest.
    """
    name = path.partition(":")[0]
    if not name:
        return {}
    with _with_the_working_directory():
        try:
            found = spec_of(name)
            if found is not None and (found.origin or "").endswith(".pyc"):
                raise ValueError(f"module {name!r} has no source, only {found.origin}")
            reached = reached_from([name])
        except ValueError as error:
            raise ValueError(f"encoder: {error}") from error
    return reached.digests | versions(reached.outside)


@contextmanager
def _left_as_it_was() -> Iterator[None]:
    """Working directory and arguments are the reader's; what argparse prints is not for them."""
    folder, arguments = os.getcwd(), sys.argv
    sys.argv = arguments[:1]
    try:
        with redirect_stderr(StringIO()):
            yield
    finally:
        sys.argv = arguments
        os.chdir(folder)


@contextmanager
def _with_the_working_directory() -> Iterator[None]:
    """Last, where no file of it can stand in for a module of Python or of a package."""
    folder = os.getcwd()
    sys.path.append(folder)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        if folder in sys.path:
            sys.path.reverse()
            sys.path.remove(folder)
            sys.path.reverse()

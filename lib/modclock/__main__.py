"""`modclock`, or `python -m modclock`: the command of the study half, which is an extra.

Somebody who installed the science alone has the command too. It says then what to install.
"""

from __future__ import annotations

import sys
from types import TracebackType


def main(arguments: list[str] | None = None) -> None:
    """Run the command, or say in one line that a package is missing, with exit status 2."""
    try:
        from modclock.study.cli import main as run

        run(arguments)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing == "modclock" or not _asked_for_by_us(error.__traceback__):
            raise
        print(
            f"modclock: error: the command needs {missing}, which is not installed: "
            "pip install 'modclock[study]'",
            file=sys.stderr,
        )
        sys.exit(2)


def _asked_for_by_us(traceback: TracebackType | None) -> bool:
    """Whether the import that failed stands in this package, not in one that it uses."""
    importer = ""
    while traceback is not None:
        name = str(traceback.tb_frame.f_globals.get("__name__", ""))
        if not name.startswith(("importlib", "_frozen_importlib")):
            importer = name
        traceback = traceback.tb_next
    return importer.partition(".")[0] == "modclock"


if __name__ == "__main__":
    main()

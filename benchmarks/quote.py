"""Run all benchmarks and quote what they print in docs/benchmarks.md.

    python benchmarks/quote.py

It takes three quarters of an hour, on a machine that does nothing else. `make bench` runs it.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

from modclock.study.running.provenance import provenance

FOLDER = Path(__file__).parent
PAGE = FOLDER.parent / "docs" / "benchmarks.md"
SCRIPTS = (
    "study_speed",
    "workers_speed",
    "forking_speed",
    "encoding_speed",
    "value_map_speed",
    "growth",
    "fast_transform_speed",
    "prediction_cost",
    "plan",
)
_QUOTED = re.compile(r"(?<=<!-- benchmarks -->\n).*(?=<!-- end of benchmarks -->)", flags=re.DOTALL)


def quote(script: str) -> str:
    """What a script measures, in its own first line, and what it prints."""
    path = FOLDER / f"{script}.py"
    title = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").splitlines()[0]
    done = subprocess.run([sys.executable, path], check=True, stdout=subprocess.PIPE, text=True)
    return f"{title} ([{script}.py](../benchmarks/{script}.py))\n\n```text\n{done.stdout}```\n\n"


def write(page: Path) -> None:
    """Put what all scripts print between the marks of a page."""
    text = f"Processor: {provenance()['cpu']}.\n\n" + "".join(map(quote, SCRIPTS))
    page.write_text(_QUOTED.sub(lambda _: text, page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    write(PAGE)

"""Run benchmarks and quote what they print in docs/benchmarks.md.

    python benchmarks/quote.py [SCRIPT ...]

Without a name all of them are run. That takes more than an hour, on a machine that does nothing
else. `make bench` does it.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
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
_BLOCK = re.compile(r"[^\n]+\(\[(\w+)\.py\].*?```text\n.*?```\n", flags=re.DOTALL)


def quote(script: str) -> str:
    """What a script measures, in its own first line, where it ran, and what it prints."""
    path = FOLDER / f"{script}.py"
    title = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").splitlines()[0]
    done = subprocess.run([sys.executable, path], check=True, stdout=subprocess.PIPE, text=True)
    cpu, _, _ = provenance()["cpu"].partition(" (")  # what it can do is of no use here
    place = f"[{script}.py](../benchmarks/{script}.py), {date.today()}, {cpu}"
    return f"{title} ({place})\n\n```text\n{done.stdout}```\n"


def write(page: Path, scripts: Sequence[str]) -> None:
    """Put what scripts print between the marks of a page; what others printed stays."""
    before, start, rest = page.read_text("utf-8").partition("<!-- benchmarks -->\n")
    quoted, end, after = rest.partition("<!-- end of benchmarks -->")
    known = {found[1]: found[0] for found in _BLOCK.finditer(quoted)}
    for script in scripts:
        known[script] = quote(script)
        blocks = "\n".join(known[name] for name in SCRIPTS if name in known)
        page.write_text(f"{before}{start}{blocks}\n{end}{after}", "utf-8")


if __name__ == "__main__":
    chosen = sys.argv[1:] or SCRIPTS
    if unknown := set(chosen) - set(SCRIPTS):
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(SCRIPTS)}")
    write(PAGE, chosen)

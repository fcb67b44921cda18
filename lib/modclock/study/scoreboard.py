"""The scoreboard at the terminal."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

_COLORS = {
    "reproduced": "green",
    "partly": "yellow",
    "not reproduced": "red",
    "answered": "blue",
}


def print_scoreboard(folder: Path) -> None:
    """Print the claims of a profile: a table at a terminal, a line for each elsewhere.

    Parameters
    ----------
    folder : outputs/<profile>, with a `claims.json`.
    """
    claims = json.loads((folder / "claims.json").read_text("utf-8"))
    console = Console()
    if not console.is_terminal:
        for claim in claims:
            text = f"{claim['id']}  {claim['verdict']:<14}  {claim['conclusion']}"
            console.print(text, markup=False, highlight=False, soft_wrap=True)
        return
    table = Table("claim", "verdict", "what was found")
    for claim in claims:
        verdict = Text(claim["verdict"], style=_COLORS[claim["verdict"]])
        table.add_row(claim["id"], verdict, Text(claim["conclusion"]))
    console.print(table)

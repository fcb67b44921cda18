"""What was found, as tables at the terminal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from modclock.study.claims.judgement import JudgedClaim, read_claims
from modclock.study.report.current import noted_outdated

if TYPE_CHECKING:
    from modclock.study.claims.verify import Difference

_COLORS = {
    "reproduced": "green",
    "partly": "yellow",
    "not reproduced": "red",
    "answered": "blue",
    "undecided": "magenta",
}


def print_scoreboard(folder: Path) -> None:
    """Print the claims of a profile: a table at a terminal, a line for each elsewhere.

    Parameters
    ----------
    folder : outputs/<profile>, with a `claims.json`.
    """
    outdated = noted_outdated(folder)
    claims = read_claims(folder / "claims.json")
    console = Console()
    if not console.is_terminal:
        for claim in claims:
            found = _outdated(claim, outdated) + claim.conclusion
            text = f"{claim.id}  {claim.verdict:<14}  {found}"
            console.print(text, markup=False, highlight=False, soft_wrap=True)
        return
    table = Table("claim", "verdict", "what was found")
    for claim in claims:
        verdict = Text(claim.verdict, style=_COLORS[claim.verdict])
        conclusion = Text(_outdated(claim, outdated) + claim.conclusion)
        table.add_row(claim.id, verdict, conclusion)
    console.print(table)


def _outdated(claim: JudgedClaim, outdated: Collection[str]) -> str:
    return "(outdated) " if claim.notebook in outdated else ""


def print_score(data: Path, encoder: str) -> None:
    """Print how an encoder of one's own did: a line a composition, then its place.

    Parameters
    ----------
    data : CSV with the rows of `24_your_encoder`.
    encoder : name of its class.
    """
    import pandas as pd

    from modclock.study.trials.own_encoder import standing

    rows = pd.read_csv(data, keep_default_na=False, na_values=[""])  # a class may be called NA
    own = rows[rows.encoder == encoder].groupby("composition", sort=False)
    mean = own.mean(numeric_only=True).sort_values("test_accuracy", ascending=False)
    table = Table(
        "composition", "train", "test", "diagonal", "directions", "constancy", "neighbours"
    )
    for composition, row in mean.iterrows():
        accuracies = (row.train_accuracy, row.test_accuracy, row.diagonal_accuracy)
        properties = (row.directions, row.constancy, row.neighbours)
        table.add_row(
            str(composition), *map("{:.1%}".format, accuracies), *map("{:.3g}".format, properties)
        )
    console = Console(highlight=False)
    console.print(table)
    console.print(standing(rows, encoder), markup=False)


def print_differences(found: Sequence[Difference]) -> None:
    """Print where a run does not agree: a table at a terminal, a line for each elsewhere."""
    console = Console()
    if not console.is_terminal:
        for place, *values in found:
            text = "{}: published {}, found {}, allowed {}".format(place, *values)
            console.print(text, markup=False, highlight=False, soft_wrap=True)
        return
    table = Table("where", "published", "found", "allowed")
    for difference in found:
        table.add_row(*map(Text, difference))
    console.print(table)

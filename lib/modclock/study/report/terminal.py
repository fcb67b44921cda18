"""What was found, as tables at the terminal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from modclock.study.claims.intervals import FEWEST, measure
from modclock.study.claims.judgement import read_claims
from modclock.study.report.current import noted_outdated

if TYPE_CHECKING:
    import pandas as pd

    from modclock.study.claims.verify import Difference

_COLORS = {
    "reproduced": "green",
    "partly": "yellow",
    "not reproduced": "red",
    "answered": "blue",
    "undecided": "magenta",
}


def print_conclusions(folder: Path, notebooks: Collection[str]) -> None:
    """Print the verdict of each claim of some notebooks, and below it what was found.

    Parameters
    ----------
    folder : of a run, with a `claims.json`.
    notebooks : their names.
    """
    console = Console(highlight=False)
    for claim in read_claims(folder / "claims.json"):
        if claim.notebook in notebooks:
            console.print(f"{claim.id}  [{_COLORS[claim.verdict]}]{claim.verdict}[/]")
            console.print(Padding(Text(claim.conclusion), (0, 0, 0, 5), expand=False))


def print_verdicts(folder: Path) -> None:
    """Print how many claims have which verdict, and which ones.

    Parameters
    ----------
    folder : of a run, with a `claims.json`.
    """
    outdated = noted_outdated(folder)
    claims = read_claims(folder / "claims.json")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for verdict, color in _COLORS.items():
        members = [
            f"{claim.id} (outdated)" if claim.notebook in outdated else claim.id
            for claim in claims
            if claim.verdict == verdict
        ]
        if members:
            table.add_row(Text(verdict, style=color), str(len(members)), " ".join(members))
    Console(highlight=False).print(table)


def print_score(rows: pd.DataFrame, encoder: str, codes: str, p: int) -> None:
    """Print how an encoder of one's own did: what its codes are, its compositions, its place.

    Parameters
    ----------
    rows : those of `24_your_encoder`.
    encoder : name of its class.
    codes : whether its codes are bits or values, in words.
    p : modulus.
    """
    from modclock.study.trials.own_encoder import standing

    own = rows[rows.encoder == encoder].groupby("composition", sort=False)
    mean = own.mean(numeric_only=True).sort_values("test_accuracy", ascending=False, kind="stable")
    table = _narrow("composition", "test", "train", "diagonal", "constancy", "neighbours")
    for composition, row in mean.iterrows():
        table.add_row(
            str(composition),
            str(measure(own.get_group(composition).test_accuracy)),
            f"{row.train_accuracy:.1%}",
            f"{row.diagonal_accuracy:.1%}",
            f"{row.constancy:.3g}",
            f"{row.neighbours:.3g}",
        )
    console = Console(highlight=False)
    console.print(codes, markup=False)
    console.print(table)
    console.print(_COLUMNS, markup=False)
    console.print(f"Guessing gets {1 / p:.1%} (p = {p}).", markup=False)
    console.print(_of_seeds(own.seed.nunique().max()), markup=False)
    console.print(standing(rows, encoder), markup=False)


def print_scores(scores: pd.DataFrame, built_in: pd.DataFrame) -> None:
    """Print the encoders of one's own that were compared so far, the best one first.

    Parameters
    ----------
    scores : one row an encoder, composition and seed: key (which encoder), label, finished,
        composition, test_accuracy.
    built_in : the rows of all other encoders, which give the places.
    """
    others = built_in.groupby(["encoder", "composition"]).test_accuracy.mean()
    others = others.groupby(level=0).max()
    table = _narrow("encoder", "best", "by", "overlap", "place", "seeds", "finished")
    means = scores.groupby(["key", "composition"], sort=False).test_accuracy.mean().unstack()
    first = scores.groupby("key", sort=False).first()
    for key in means.max(axis=1).sort_values(ascending=False, kind="stable").index:
        best = means.loc[key].max()
        table.add_row(
            first.label[key],
            f"{best:.1%}",
            str(means.loc[key].idxmax()),
            f"{means.overlap[key]:.1%}",
            f"{1 + (others > best).sum()} of {1 + len(others)}",
            str(scores[scores.key == key].seed.nunique()),
            first.finished[key][5:16].replace("T", " "),
        )
    console = Console(highlight=False)
    console.print(
        "Encoders of your own so far. Place: of the best, among the built-in ones. Times are UTC:"
    )
    console.print(table)


_COLUMNS = (
    "test, train: pairs right; diagonal: test pairs i = j. constancy: 1 if the pairs of an answer "
    "have one code. neighbours: how similar the codes of neighbouring answers are."
)


def _narrow(*columns: str) -> Table:
    """A table for 80 columns: no rules, long names go on in the next line."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for number, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=number > 0)
    return table


def _of_seeds(n: int) -> str:
    if n < FEWEST:
        seeds = "One seed" if n == 1 else f"{n} seeds"
        return f"{seeds}, so no interval, and a place may be luck: --n-seeds {FEWEST} gives one."
    return f"Means of {n} seeds with their 95 % interval; built-in encoders have one seed."


def print_differences(found: Sequence[Difference]) -> None:
    """Print where a run does not agree: for each place what was published, found and allowed.

    Notebooks that were not run share a line.
    """
    from modclock.study.claims.verify import NO_RUN

    console = Console(highlight=False)
    if lacking := [item.place for item in found if item.found == NO_RUN]:
        console.print(Text("not run here", style="bold"))
        console.print(Padding(Text(", ".join(lacking)), (0, 0, 0, 4), expand=False))
    for item in found:
        if item.found == NO_RUN:
            continue
        console.print(Text(item.place, style="bold"))
        for title in ("published", "found", "allowed"):
            line = Text(f"{title + ':':<10} {getattr(item, title)}")
            console.print(Padding(line, (0, 0, 0, 4), expand=False))

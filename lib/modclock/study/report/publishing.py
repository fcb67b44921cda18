"""Publish runs: `outputs/reference/`, and the results in the README, which show the full one.

`make reference` runs this module. A test compares the README with what it would write.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from modclock.study.claims.criteria import Verdict
from modclock.study.claims.judgement import JudgedClaim, read_claims
from modclock.study.claims.summary import summary
from modclock.study.claims.verify import reference_folder
from modclock.study.errors import InputError
from modclock.study.figures.charts import accuracy_heat_maps, set_theme
from modclock.study.figures.pictures import svg
from modclock.study.files import write_json, write_text
from modclock.study.project import PROFILES, notebook_files, output_root, project_root
from modclock.study.records import read_records

_RESULTS = re.compile(r"(?<=<!-- results -->\n).*(?=<!-- end of results -->)", flags=re.DOTALL)
_SUMMARY = re.compile(r"(?<=<!-- summary -->\n).*(?=<!-- end of summary -->)", flags=re.DOTALL)
_OPENING = "compositions"  # the figure that the README begins with
_P = 97  # modulus of the thread and of the full profile
_LEARNERS = {"mlp_classifier": "network", "value_map": "value map", "ridge_readout": "linear"}


def publish() -> None:
    """Publish claims, rows and provenance of every profile that was run.

    Notebooks that were not run stay published as they are. Of a full run, draw the figures and
    update the README, too.

    Raises
    ------
    InputError : if no profile was run, or a notebook of a run failed.
    """
    runs = [name for name in PROFILES if (output_root() / name / "claims.json").exists()]
    if not runs:
        raise InputError(f"{output_root()}: no run to publish; run `modclock run` first")
    for profile in runs:
        merge(output_root() / profile, reference_folder(profile))
    if "full" in runs:
        _show_results(reference_folder("full"))


def merge(run: Path, reference: Path) -> None:
    """Put what a run has of each of its notebooks in the place of what was published of it.

    Parameters
    ----------
    run, reference : folders with `claims.json`, `provenance.json` and `data/`.

    Raises
    ------
    InputError : if a notebook of the run failed, or ran with other parameters than those of
        the profile; nothing is published then.
    """
    records = _published(run / "provenance.json", read_records, {})
    if failed := [name for name, record in records.items() if record.error]:
        raise InputError(f"{run}: {', '.join(failed)} failed; run it again before publishing")
    if changed := [name for name, record in records.items() if record.settings]:
        raise InputError(f"{run}: {', '.join(changed)} ran with --set; run it without it first")
    kept = {path.stem for path in notebook_files()} - records.keys()
    before = _published(reference / "provenance.json", read_records, {})
    records |= {name: record for name, record in before.items() if name in kept}
    claims = [
        *_published(run / "claims.json", read_claims, []),
        *(c for c in _published(reference / "claims.json", read_claims, []) if c.notebook in kept),
    ]
    for data in (reference / "data").glob("*.csv"):
        if data.stem not in kept:
            data.unlink()
    for data in (run / "data").glob("*.csv"):
        write_text(reference / "data" / data.name, data.read_text("utf-8"))
    in_order = sorted(claims, key=lambda claim: claim.id)
    write_json(reference / "claims.json", [claim.model_dump() for claim in in_order])
    made = {name: record.model_dump(exclude={"trials"}) for name, record in sorted(records.items())}
    write_json(reference / "provenance.json", made)


def _published(path: Path, read: Callable[[Path], Any], nothing: Any) -> Any:
    return read(path) if path.exists() else nothing


def _show_results(reference: Path) -> None:
    """Draw the figures of the README, and write its summary and results."""
    for name, (draw, _) in FIGURES.items():
        figure = draw(reference / "data")
        write_text(reference / "figures" / f"{name}.svg", svg(figure))
        plt.close(figure)
    readme = project_root() / "README.md"
    claims = read_claims(reference / "claims.json")
    text = _RESULTS.sub(lambda _: results(claims), readme.read_text("utf-8"))
    write_text(readme, _SUMMARY.sub(lambda _: f"{summary(claims)}\n", text))


def results(claims: list[JudgedClaim]) -> str:
    """Scoreboard and figures as Markdown, for the README; but for the figure that opens it."""
    lines = [
        f"![{alt}](outputs/reference/figures/{name}.svg)\n"
        for name, (_, alt) in FIGURES.items()
        if name != _OPENING
    ]
    for verdict in get_args(Verdict):
        members = [claim for claim in claims if claim.verdict == verdict]
        if members:
            lines += [
                f"**{verdict.capitalize()}** ({len(members)})\n",
                "| claim | thread | finding |",
            ]
            lines += ["|---|---|---|", *map(_row, members), ""]
    return "\n".join(lines)


def _row(claim: JudgedClaim) -> str:
    place = f"[{claim.id}](notebooks/{claim.notebook}.ipynb)"
    return f"| {place} {claim.claim} | {claim.thread_value} | {claim.conclusion} |"


def _compositions(data: Path) -> Figure:
    rows = pd.read_csv(data / "09_other_encoders.csv").query("input == 'random clocks'")
    mean = rows.groupby(["composition", "classifier"]).test_accuracy.mean().unstack()
    table = mean.rename(columns=_LEARNERS)[list(_LEARNERS.values())]
    table = table.sort_values("linear", ascending=False).rename_axis(index="", columns="")
    return accuracy_heat_maps({"": table}, p=_P, title="Random clocks: test accuracy", height=4)


def _encoders(data: Path) -> Figure:
    rows = pd.read_csv(data / "09_other_encoders.csv").query("classifier == 'mlp_classifier'")
    order = list(dict.fromkeys(rows.input))
    mean = rows.groupby(["input", "composition"]).test_accuracy.mean().unstack()
    table = mean.loc[order, mean.mean().sort_values().index].rename_axis(index="", columns="")
    return accuracy_heat_maps({"": table}, p=_P, title="Network: test accuracy", height=4.4)


def _periods(data: Path) -> Figure:
    rows = pd.read_csv(data / "14_unknown_periods.csv")
    rows = rows[(rows.condition == "overlap") & (rows.waveform == "sawtooth")]
    table = rows.groupby(["low", "high"]).test_accuracy.mean().unstack()
    table = table.rename(index="{:g}".format, columns="{:g}".format)
    table = table.rename_axis(index="shortest period", columns="longest period")
    title = "Overlap: test accuracy by the range of the periods"
    return accuracy_heat_maps({"": table}, p=_P, title=title, height=3.2)


def _constancy(data: Path) -> Figure:
    rows = pd.read_csv(data / "12_encoding_properties.csv")
    figure, axes = plt.subplots(figsize=(8.5, 3.6))
    sns.scatterplot(rows, x="constancy", y="test_accuracy", hue="numbers", style="numbers", ax=axes)
    axes.axhline(1 / _P, color="0.35", linestyle=":")
    axes.set(
        title="Property 2 against accuracy (chance dotted)",
        xlabel="constancy of the code within answers",
        ylabel="test accuracy (fraction of pairs)",
    )
    axes.legend(title="the two numbers are")
    return figure


def _grokking(data: Path) -> Figure:
    rows = pd.read_csv(data / "17_rotations.csv").query("step > 0")
    shown = {
        "train_accuracy": "training pairs right",
        "test_accuracy": "test pairs right",
        "logits_explained": "logits explained by rotations",
    }
    tidy = rows.melt("step", list(shown), "what", "share").replace({"what": shown})
    figure, axes = plt.subplots(figsize=(8.5, 3.6))
    sns.lineplot(
        tidy,
        x="step",
        y="share",
        hue="what",
        style="what",
        markers=True,
        dashes=False,
        errorbar=("pi", 100),
        ax=axes,
    )
    axes.axhline(1 / _P, color="0.35", linestyle=":")
    axes.set(
        title="A transformer learns by heart, then by rotations (chance dotted)",
        xscale="log",
        xlabel="optimiser steps",
        ylabel="fraction",
    )
    axes.legend(title="")
    return figure


FIGURES: dict[str, tuple[Callable[[Path], Figure], str]] = {
    "compositions": (
        _compositions,
        "Heat map: test accuracy of network, value map and linear readout for all compositions "
        "of two clock codes. The linear readout succeeds with the overlap and fails with sums and "
        "concatenations",
    ),
    "encoders": (
        _encoders,
        "Heat map: test accuracy of the network for every encoder and composition",
    ),
    "constancy": (
        _constancy,
        "Scatter plot: test accuracy of all inputs over how constant their code is within answers",
    ),
    "periods": (
        _periods,
        "Heat map: test accuracy of the overlap over the shortest and the longest period",
    ),
    "grokking": (
        _grokking,
        "Line plot: a transformer gets its training pairs right early and the test pairs much "
        "later, when waves explain its logits; bands are the range of the runs",
    ),
}


if __name__ == "__main__":
    set_theme()
    publish()

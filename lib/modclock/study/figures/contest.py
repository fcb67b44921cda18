"""Charts of the contest of predictors."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from modclock.study.figures.charts import panels


def predicted_and_found(rows: pd.DataFrame, titles: Mapping[str, str]) -> Figure:
    """Accuracy over what was predicted, a column a predictor; equal on the dashed line.

    Parameters
    ----------
    rows : one row a pipeline: half (a row of panels each), family, accuracy, and the predictors'
        columns.
    titles : what the predictors are called, by their columns.
    """
    long = rows.melt(["half", "family", "accuracy"], [*titles], "predictor", "predicted")
    long["predictor"] = long.predictor.map(titles)
    grid = panels(
        long, x="predicted", y="accuracy", hue="family", style="family", palette="tab10",
        col="predictor", row="half", height=3.1, s=30, alpha=0.8,
    )  # fmt: skip
    grid.set_titles("{row_name}: {col_name}", size="small")
    grid.set(xlabel="predicted accuracy", ylabel="test accuracy")
    for axes in grid.axes.flat:
        axes.axline((0, 0), slope=1, color="0.35", linestyle="--", linewidth=1)
        axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03))
    grid.legend.set_title("")
    return grid.figure


def standings_maps(standings: pd.DataFrame) -> Figure:
    """Two heat maps over predictors and parts: rank correlation and error, both in the middle.

    Parameters
    ----------
    standings : see `modclock.study.claims.contested.standings`.
    """
    found = standings.dropna(subset=["rank"])
    filled = standings if found.empty else found
    parts, predictors = filled.part.unique(), standings.predictor.unique()
    size = (5 + 1.1 * len(parts), 1.6 + 0.21 * len(predictors))
    figure, axes = plt.subplots(1, 2, figsize=size, sharey=True)
    shown = [("rank", "rank correlation", "vlag", -1, 1), ("error", "mean error", "rocket_r", 0, 1)]
    for one, (column, title, colours, low, high) in zip(axes, shown, strict=True):
        table = filled.pivot(index="predictor", columns="part", values=column)
        sns.heatmap(
            table.reindex(index=predictors, columns=parts), vmin=low, vmax=high, cmap=colours,
            annot=True, fmt=".2f", annot_kws={"fontsize": "x-small"}, cbar=False, ax=one,
            rasterized=True,  # hundreds of fields, each of which would be a path
        )  # fmt: skip
        one.set(title=title, xlabel="", ylabel="")
        one.tick_params(axis="y", labelsize="x-small")
        plt.setp(one.get_xticklabels(), rotation=35, ha="right", rotation_mode="anchor")
    figure.suptitle("Pipelines between 5 and 95 % accuracy")
    return figure


def knob_panels(ranks: pd.DataFrame) -> Figure:
    """Rank correlation over the values of each knob, a line for all pipelines and the middle.

    Parameters
    ----------
    ranks : columns knob, value, rank and pipelines (which ones).
    """
    grid = panels(
        ranks, x="value", y="rank", hue="pipelines", style="pipelines", markers=True, kind="line",
        col="knob", facet_kws={"sharex": False}, height=2.8, aspect=0.95,
    )  # fmt: skip
    grid.set_titles("{col_name}")
    grid.set(ylabel="rank correlation", ylim=(-1, 1))
    for knob, axes in grid.axes_dict.items():
        axes.set_xscale("linear" if knob == "depth" else "log")
        axes.set_xlabel(knob)
        axes.axhline(0, color="0.35", linewidth=1)
    grid.legend.set_title("")
    return grid.figure


def theory_panels(checks: pd.DataFrame) -> Figure:
    """How what is foretold of a kernel machine agrees with what it does, over the training share.

    Parameters
    ----------
    checks : columns share, depth, quantity, rank (rank correlation over pipelines).
    """
    grid = panels(
        checks, x="share", y="rank", hue="depth", style="depth", palette="viridis", markers=True,
        dashes=False, kind="line", col="quantity", height=2.9,
    )  # fmt: skip
    grid.set_titles("{col_name}")
    grid.set(xlabel="share of the pairs to train on", ylabel="rank correlation", ylim=(-1, 1.05))
    for axes in grid.axes.flat:
        axes.axhline(0, color="0.35", linewidth=1)
    grid.legend.set_title("layers")
    return grid.figure

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
        long, x="predicted", y="accuracy", hue="family", style="family", col="predictor",
        row="half", height=2.9, s=28, alpha=0.8,
    )  # fmt: skip
    grid.set_titles("{col_name}\n{row_name}")
    grid.set(xlabel="predicted accuracy", ylabel="test accuracy of the network")
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
    n_predictors = standings.predictor.nunique()
    figure, axes = plt.subplots(1, 2, figsize=(13, 1.4 + 0.27 * n_predictors), sharey=True)
    shown = [
        ("rank", "rank correlation", "vlag", -1, 1),
        ("error", "mean error", "rocket_r", 0, 0.5),
    ]
    for one, (column, title, colours, low, high) in zip(axes, shown, strict=True):
        table = standings.pivot(index="predictor", columns="part", values=column)
        table = table.loc[standings.predictor.unique(), standings.part.unique()]
        sns.heatmap(
            table, vmin=low, vmax=high, cmap=colours, annot=True, fmt=".2f", linewidths=0.5, ax=one,
            annot_kws={"fontsize": "x-small"}, cbar_kws={"label": title},
        )  # fmt: skip
        one.set(title=f"{title}, pipelines between 5 and 95 %", xlabel="", ylabel="")
        plt.setp(one.get_xticklabels(), rotation=35, ha="right", rotation_mode="anchor")
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

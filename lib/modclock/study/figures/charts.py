"""The look of the figures, and the few that several notebooks share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from modclock.study.figures.exported import picture
from modclock.study.figures.pictures import Picture

PALETTE = "colorblind"
_LONG_LABEL = 6  # characters; longer labels of columns are slanted


def set_theme() -> None:
    """Use the study's seaborn theme: white grid, colour-blind safe palette.

    Over matplotlib's own defaults: a matplotlibrc of the reader's changes no figure.
    """
    plt.rcdefaults()
    sns.set_theme(style="whitegrid", palette=PALETTE, rc={"figure.constrained_layout.use": True})


def show(figure: Figure, alt: str, published_as: str | None = None) -> Picture:
    """Close a figure and return it as a picture with alt text, to end a cell with.

    With a name for `published_as` the README shows it, from a published run of the full profile.
    """
    shown = picture(figure, alt, published_as)
    plt.close(figure)
    return shown


def panels(rows: pd.DataFrame, **named: Any) -> sns.FacetGrid:
    """`seaborn.relplot` with its own layout, as it does not go with that of the theme."""
    with plt.rc_context({"figure.constrained_layout.use": False}):
        return sns.relplot(rows, **named)


def in_percent(axis: Axis) -> None:
    """Write the fractions on an axis as percentages, as tables and claims have them."""
    axis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=""))


def chance_line(axes: Axes, p: int) -> None:
    """Draw and label the accuracy of guessing, 1/p, on a horizontal axis of accuracies."""
    axes.axvline(1 / p, color="0.35", linestyle=":", linewidth=1.5)
    axes.text(
        1 / p,
        1.0,
        " chance",
        color="0.35",
        va="bottom",
        fontsize="small",
        transform=axes.get_xaxis_transform(),
    )


def accuracy_strips(
    rows: pd.DataFrame,
    *,
    y: str,
    p: int,
    order: Sequence[str],
    title: str,
    sides: Sequence[str] = ("train_accuracy", "test_accuracy"),
) -> Figure:
    """Accuracy of every seed and its mean, one line of the figure a condition.

    Parameters
    ----------
    rows : one row a trial, with the column `y` and the columns in `sides`.
    y : column that names the condition.
    p : modulus, for the chance level.
    order : conditions from top to bottom.
    title : title of the figure.
    sides : accuracy columns to draw, each in its own colour and shape.
    """
    tidy = rows.melt(id_vars=[y], value_vars=list(sides), var_name="side", value_name="accuracy")
    tidy["side"] = tidy["side"].str.removesuffix("_accuracy").str.replace("_", " ")
    figure, axes = plt.subplots(figsize=(8, 1.6 + 0.55 * len(order)))
    sns.pointplot(
        tidy,
        x="accuracy",
        y=y,
        hue="side",
        order=list(order),
        errorbar=("pi", 100),
        linestyle="none",
        dodge=0.35 if len(sides) > 1 else False,
        capsize=0.12,
        markers=["o", "D", "s"][: len(sides)],
        legend="auto" if len(sides) > 1 else False,
        ax=axes,
    )
    label = "accuracy" if len(sides) > 1 else tidy["side"].iloc[0] + " accuracy"
    axes.set(xlim=(-0.02, 1.02), xlabel=f"{label} (percent of pairs)", ylabel="")
    in_percent(axes.xaxis)
    axes.set_title(title, pad=18)  # room for the label of the chance line
    axes.xaxis.grid(True)
    if len(sides) > 1:
        axes.legend(title="", loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    chance_line(axes, p)
    return figure


def accuracy_heat_maps(
    tables: Mapping[str, pd.DataFrame],
    *,
    p: int,
    title: str,
    columns: int = 1,
    height: float = 3.6,
    blank: str = "",
) -> Figure:
    """Tables of accuracies as heat maps on one colour scale, in percent.

    Parameters
    ----------
    tables : for the title of every map, accuracies as fractions; the names of index and
        columns label the axes, NaN stays blank.
    p : modulus, for the chance level.
    title : title of the figure.
    columns : maps beside one another.
    height : height of a map, in inches.
    blank : why some cells are, to be said below the maps.
    """
    n_rows = -(-len(tables) // columns)
    figure, grid = plt.subplots(
        n_rows, columns, figsize=(8.5, n_rows * height), squeeze=False, sharex=True, sharey=True
    )
    for axes in grid.flat[len(tables) :]:
        axes.set_visible(False)
    for axes, (name, table) in zip(grid.flat, tables.items(), strict=False):
        _heat_map(100 * table, figure, axes, top=100, digits=0)
        axes.set_title(name)
        axes.grid(False)
        axes.tick_params(axis="both", labelbottom=True, rotation=0)
        if max(map(len, map(str, table.columns))) > _LONG_LABEL:
            plt.setp(axes.get_xticklabels(), rotation=30, ha="right", rotation_mode="anchor")
    for axes in grid[:, 1:].flat:
        axes.set_ylabel("")
    bar = grid.flat[0].collections[0]
    label = f"percent of pairs\n(chance {100 / p:.1f})"
    figure.colorbar(bar, ax=grid, label=label, aspect=30, pad=0.02)
    figure.suptitle(title)
    if blank:
        figure.supxlabel(f"Blank: {blank}.", fontsize="small", x=0.02, ha="left")
    return figure


def weight_decay_maps(rows: pd.DataFrame, *, p: int) -> Figure:
    """What networks end as, over weight decay and the share of the pairs they were trained on.

    Parameters
    ----------
    rows : one row a trial, with the columns network, decay, train_fraction, test_accuracy and
        weight_norm; every network has trials without decay.
    p : modulus, for the chance level.

    Returns
    -------
    Figure with a column for each network: test accuracy above, and below the length of all
    weights as a multiple of that without decay.
    """
    by_network = list(rows.groupby("network", sort=False))
    figure, grid = plt.subplots(2, len(by_network), figsize=(8.5, 6), squeeze=False)
    for column, (name, part) in zip(grid.T, by_network, strict=True):
        names = ["train_fraction", "decay"]
        mean = part.groupby(names)[["test_accuracy", "weight_norm"]].mean().unstack("decay")
        mean = mean.rename(columns="{:g}".format, level="decay")
        length = mean.weight_norm.div(mean.weight_norm["0"], axis=0)
        _heat_map(100 * mean.test_accuracy, figure, column[0], top=100, digits=0)
        column[0].set_title(f"{name}: test accuracy (%; chance {100 / p:.1f})")
        _heat_map(length, figure, column[1], top=1, digits=2)
        column[1].set_title(f"{name}: weights, as a share of no decay")
    for axes in grid.flat:
        axes.set(xlabel="weight decay", ylabel="share to train on" if axes in grid[:, 0] else "")
        axes.tick_params(rotation=0)
    return figure


def _heat_map(table: pd.DataFrame, figure: Figure, axes: Axes, *, top: float, digits: int) -> None:
    """Numbers in cells, coloured from 0 to `top`."""
    # seaborn draws the whole figure to see where labels overlap: no more than this map, then, and
    # without laying it out, which takes longer.
    layout = figure.get_layout_engine()
    figure.set_layout_engine("none")
    others = [other for other in figure.axes if other is not axes and other.get_visible()]
    plt.setp(others, visible=False)
    sns.heatmap(
        table,
        vmin=0,
        vmax=top,
        annot=True,
        fmt=f".{digits}f",
        annot_kws={"fontsize": "small"},
        cmap="viridis",
        linewidths=0.5,
        cbar=False,
        ax=axes,
    )
    plt.setp(others, visible=True)
    figure.set_layout_engine(layout)

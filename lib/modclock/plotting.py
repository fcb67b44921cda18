"""The look of the figures, and the few that several notebooks share."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

PALETTE = "colorblind"
THUMBNAIL_MIME = "application/vnd.modclock.thumbnail+json"
_PIXELS_PER_INCH = 100
_THUMBNAIL_PIXELS = (360, 360)
_LONG_LABEL = 6  # characters; longer labels of columns are slanted


def set_theme() -> None:
    """Use the study's seaborn theme: white grid, colour-blind safe palette."""
    sns.set_theme(style="whitegrid", palette=PALETTE, rc={"figure.constrained_layout.use": True})


class Picture:
    """A figure as an `<img>` with alt text, in the smaller of two forms: SVG, or PNG at 2x.

    Parameters
    ----------
    figure : a matplotlib figure.
    alt : what the figure shows, for readers who do not see it.
    """

    def __init__(self, figure: Figure, alt: str) -> None:
        self.alt = alt
        self.width = round(figure.get_size_inches()[0] * _PIXELS_PER_INCH)
        svg = _data_uri(_svg(figure), "svg+xml")
        drawn = _drawn(figure)
        self.source = min(svg, _png(drawn), key=len)
        drawn.thumbnail(_THUMBNAIL_PIXELS)
        self.thumbnail = _png(drawn)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        alt = escape(self.alt, quote=True)
        return {
            "text/html": f'<img src="{self.source}" width="{self.width}" alt="{alt}">',
            "text/plain": self.alt,
            THUMBNAIL_MIME: {"source": self.thumbnail, "alt": self.alt},
        }


def _svg(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    with plt.rc_context({"svg.hashsalt": "modclock"}):  # the same bytes in every run
        figure.savefig(buffer, format="svg", metadata={"Date": None}, bbox_inches="tight")
    return buffer.getvalue()


def _drawn(figure: Figure) -> Image.Image:
    """The figure at twice the size it is shown at."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=2 * _PIXELS_PER_INCH, bbox_inches="tight")
    with Image.open(buffer) as image:
        return image.convert("RGB")


def _png(image: Image.Image) -> str:
    """Up to 128 colours: a third of the size, and looks the same."""
    buffer = io.BytesIO()
    image.quantize(128).save(buffer, format="png", optimize=True)
    return _data_uri(buffer.getvalue(), "png")


def _data_uri(content: bytes, kind: str) -> str:
    return f"data:image/{kind};base64,{b64encode(content).decode()}"


def show(figure: Figure, alt: str) -> Picture:
    """Close a figure and return it as a picture with alt text, to end a cell with."""
    picture = Picture(figure, alt)
    plt.close(figure)
    return picture


def panels(rows: pd.DataFrame, **named: Any) -> sns.FacetGrid:
    """`seaborn.relplot` with its own layout, as it does not go with that of the theme."""
    with plt.rc_context({"figure.constrained_layout.use": False}):
        return sns.relplot(rows, **named)


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
    axes.set(xlim=(-0.02, 1.02), xlabel=f"{label} (fraction of pairs)", ylabel="")
    axes.set_title(title, pad=18)  # room for the label of the chance line
    axes.xaxis.grid(True)
    if len(sides) > 1:
        axes.legend(title="", loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    chance_line(axes, p)
    return figure


def accuracy_heat_maps(
    tables: Mapping[str, pd.DataFrame], *, p: int, title: str, columns: int = 1, height: float = 3.6
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
    """
    n_rows = -(-len(tables) // columns)
    figure, grid = plt.subplots(
        n_rows, columns, figsize=(8.5, n_rows * height), squeeze=False, sharex=True, sharey=True
    )
    for axes in grid.flat[len(tables) :]:
        axes.set_visible(False)
    for axes, (name, table) in zip(grid.flat, tables.items(), strict=False):
        sns.heatmap(
            100 * table,
            vmin=0,
            vmax=100,
            annot=True,
            fmt=".0f",
            annot_kws={"fontsize": "small"},
            cmap="viridis",
            linewidths=0.5,
            cbar=False,
            ax=axes,
        )
        axes.set_title(name)
        axes.grid(False)
        axes.tick_params(axis="both", labelbottom=True, rotation=0)
        if max(map(len, map(str, table.columns))) > _LONG_LABEL:
            plt.setp(axes.get_xticklabels(), rotation=30, ha="right", rotation_mode="anchor")
    bar = grid.flat[0].collections[0]
    label = f"accuracy (percent of pairs; chance {100 / p:.1f})"
    figure.colorbar(bar, ax=grid, label=label, aspect=40, pad=0.02)
    figure.suptitle(title)
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
        length = mean.weight_norm.div(mean.weight_norm[0.0], axis=0)
        drawn = [
            (
                f"{name}: test accuracy (%; chance {100 / p:.1f})",
                100 * mean.test_accuracy,
                ".0f",
                100,
            ),
            (f"{name}: length of the weights", length, ".2f", 1),
        ]
        for axes, (title, table, form, top) in zip(column, drawn, strict=True):
            sns.heatmap(
                table.rename(columns="{:g}".format),
                vmin=0,
                vmax=top,
                annot=True,
                fmt=form,
                annot_kws={"fontsize": "small"},
                cmap="viridis",
                linewidths=0.5,
                cbar=False,
                ax=axes,
            )
            axes.set(title=title, xlabel="weight decay", ylabel="share of the pairs to train on")
            axes.tick_params(rotation=0)
    return figure

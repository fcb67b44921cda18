"""Compositions as figures name them, and a chart of many inputs by composition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from modclock.study.figures.charts import in_percent

COMPOSITION_LABELS = {
    "overlap": "overlap",
    "concatenate": "side by side, bits",
    "or": "OR",
    "xor": "XOR",
    "and": "AND",
    "sdr_sum": "sum of bits",
    "dense_sum": "dense sum",
    "concatenate_dense": "side by side, dense",
    "product": "product",
    "bind": "binding",
}


def accuracy_by_composition(
    rows: pd.DataFrame, *, sides: Mapping[str, str], order: Sequence[str], p: int, title: str
) -> Figure:
    """Mean and range over seeds, a line of the figure an input, a mark a composition.

    Parameters
    ----------
    rows : one row a trial, with the columns input, composition, and those in `sides`.
    sides : for columns of accuracies the titles of their panels.
    order : inputs from top to bottom.
    p : modulus, for the chance level.
    title : title of the figure.
    """
    named = rows.assign(composition=rows.composition.replace(COMPOSITION_LABELS))
    size = (9, 1.6 + 0.38 * len(order))
    figure, panels = plt.subplots(1, len(sides), figsize=size, sharey=True, squeeze=False)
    for axes, (column, name) in zip(panels.flat, sides.items(), strict=True):
        sns.pointplot(
            named,
            x=column,
            y="input",
            hue="composition",
            order=list(order),
            errorbar=("pi", 100),
            linestyle="none",
            dodge=0.5,
            markersize=5,
            markers=["o", "D", "s", "^"][: named.composition.nunique()],
            ax=axes,
        )
        axes.axvline(1 / p, color="0.35", linestyle=":")
        axes.set(title=name, xlim=(-0.02, 1.02), ylabel="", xlabel="percent of pairs")
        axes.xaxis.grid(True)
        in_percent(axes.xaxis)
        axes.get_legend().remove()
    handles = panels[0, 0].get_legend_handles_labels()
    figure.legend(*handles, loc="outside lower center", ncols=4, frameon=False)
    figure.suptitle(f"{title} (chance dotted)")
    return figure

"""What a kernel machine that learns features needs, and what of it jumps, as panels (claim T4)."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from modclock.study.trials.joined_circulants import SPREAD_AT

_OF_A_STEP = {
    "test_accuracy": "test pairs right",
    "strength": "strength of the join",
    "phase_kept": "phases as at the end (cosine)",
}


def jump_figure(steps: pd.DataFrame, parts: pd.DataFrame, looks: pd.DataFrame) -> Figure:
    """What changes from step to step, what a kernel makes of parts, and networks that get codes.

    Parameters
    ----------
    steps : one row a seed and step of a `JumpParts`: step, test_accuracy, strength, phase_kept.
    parts : one row a seed and matrix: code, test_accuracy.
    looks : one row a seed, code and look at a network: code, epoch, test_accuracy.
    """
    figure = plt.figure(figsize=(10.5, 8.2), layout="constrained")
    grid = figure.add_gridspec(2, 2, height_ratios=(3, 2))
    left, right = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[0, 1])
    below = figure.add_subplot(grid[1, :])
    tidy = steps.melt("step", list(_OF_A_STEP), "what", "share").replace(_OF_A_STEP)
    whole = {"errorbar": ("pi", 100)}
    sns.lineplot(tidy, x="step", y="share", hue="what", style="what", ax=left, **whole)
    sns.lineplot(looks, x="epoch", y="test_accuracy", hue="code", style="code", ax=right, **whole)
    sns.pointplot(parts, x="test_accuracy", y="code", linestyle="none", ax=below, **whole)
    left.set(title="The machine, step by step", xlabel="steps of feature learning")
    left.set(ylabel="share (fraction)", ylim=(-0.04, 1.04))
    right.set(title="A network with weight decay gets its codes", xlabel="epochs")
    right.set(ylabel="test accuracy (fraction)", ylim=(-0.04, 1.04))
    below.set(title="A kernel without feature learning gets the matrix", ylabel="")
    below.set(xlabel="test accuracy (fraction)", xlim=(-0.04, 1.04))
    for axes in (left, right):
        _legend_below(axes)
    return figure


def limits_figure(shares: pd.DataFrame, unlearned: pd.DataFrame, knobs: pd.DataFrame) -> Figure:
    """Where the machine stops working, what circulants that nobody learned need, and its knobs.

    Parameters
    ----------
    shares : one row a `FeatureMachineTrial`: p, split, share, test_accuracy.
    unlearned : one row a `JoinedCirculants`: p, split, spread, strength, test_accuracy,
        new_accuracy.
    knobs : one row a `FeatureMachineTrial`: exponent, ridge_tried, test_accuracy.
    """
    figure, grid = plt.subplots(2, 2, figsize=(10.5, 8.2), layout="constrained")
    shares = shares.assign(modulus="p = " + shares.p.astype(str))
    _lines(grid[0, 0], shares, "share", "test_accuracy")
    grid[0, 0].set(title="Learned features", xlabel="share of training pairs")
    ends = unlearned[unlearned.spread.isin([0.0, 1.0])]
    phases = ends.spread.map({0.0: "zero phases", 1.0: "random phases"})
    ends = ends.assign(modulus="p = " + ends.p.astype(str) + ", " + phases)
    _lines(grid[0, 1], ends, "strength", "test_accuracy")
    grid[0, 1].set(title="Nothing learned: circulants", xlabel="strength of the join")
    strongest = unlearned[(unlearned.split == "random") & (unlearned.strength == SPREAD_AT)]
    strongest = strongest.assign(modulus="p = " + strongest.p.astype(str))
    _lines(grid[1, 0], strongest, "spread", "new_accuracy")
    grid[1, 0].set(title="Nothing learned: phases apart", xlabel="phases spread over (turns)")
    grid[1, 0].set(ylabel="new pairs right (fraction)")
    table = knobs.pivot_table(index="exponent", columns="ridge_tried", values="test_accuracy")
    sns.heatmap(
        table, annot=True, fmt=".2f", vmin=0, vmax=1, cmap="viridis", cbar=False, ax=grid[1, 1]
    )
    grid[1, 1].set(title="Knobs: test accuracy", xlabel="ridge", ylabel="power of the matrix")
    return figure


def _lines(axes: Axes, rows: pd.DataFrame, x: str, y: str) -> None:
    """Means as lines, every seed as a dot; a colour a modulus, a dash a split."""
    rows = rows.assign(split=rows.split + " split")
    common = {"data": rows, "x": x, "y": y, "hue": "modulus", "ax": axes}
    sns.lineplot(**common, style="split", errorbar=None)
    sns.scatterplot(**common, legend=False, s=22, alpha=0.6)
    _legend_below(axes)
    axes.set(ylabel="test accuracy (fraction)", ylim=(-0.04, 1.04))


def _legend_below(axes: Axes) -> None:
    sns.move_legend(
        axes, "upper center", bbox_to_anchor=(0.5, -0.2), ncols=2, title="", frameon=False,
        fontsize="small",
    )  # fmt: skip

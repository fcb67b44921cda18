"""What a kernel machine and a transformer make of each other's codes, as two panels."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from modclock.study.figures.charts import in_percent


def exchange_figure(rows: pd.DataFrame, p: int) -> Figure:
    """Left the kernel machine over its ridge, right fresh transformers over their steps: means.

    Parameters
    ----------
    rows : one row a seed, code and step of a `MachineTransplant`: into, code, ridge, step,
        test_accuracy.
    p : modulus, for the chance level.
    """
    kernel, fresh = (rows[rows.into == name] for name in ("kernel machine", "transformer"))
    first, last = kernel.step.min(), kernel.step.max()
    kernel = kernel[kernel.step.isin([first, last])].assign(
        ridge=kernel.ridge.map("{:g}".format),
        features=kernel.step.map({first: "no step of features", last: f"{last} steps of features"}),
    )
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 5), layout="constrained")
    means = {"errorbar": None, "y": "test_accuracy", "hue": "code"}
    sns.lineplot(kernel, x="ridge", style="features", markers=True, ax=left, **means)
    sns.lineplot(fresh, x="step", style="code", ax=right, palette="dark", linewidth=2, **means)
    left.set(title="Kernel machine, the transformer's code", xlabel="ridge")
    right.set(title="Fresh transformer, the machine's code", xlabel="optimiser steps")
    for axes in (left, right):
        axes.axhline(1 / p, color="0.35", linestyle=":")
        axes.set(ylabel="test pairs right (percent)", ylim=(-0.03, 1.03))
        in_percent(axes.yaxis)
        sns.move_legend(
            axes, "upper center", bbox_to_anchor=(0.5, -0.18), ncols=2, frameon=False, title=""
        )
    return figure

"""Sliders that redraw an encoder's codes at once, for a notebook in JupyterLab."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from numbers import Integral
from typing import Any

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from sklearn.base import clone

from modclock.analysis.similarity import similarity_by_distance
from modclock.sdr import k_winners_take_all
from modclock.study.figures.charts import show
from modclock.study.trials.own_encoder import codes_of_numbers, winners


def code_figure(encoder: Any, *, p: int, active: float) -> Figure:
    """The SDRs of the numbers 0 to p - 1, and how alike codes are over their distance.

    Parameters
    ----------
    encoder : a scikit-learn transformer from an int column to codes.
    p : how many numbers to encode.
    active : share of the values of a code that win and become bits that are on.
    """
    codes = codes_of_numbers(encoder, p, 0)
    k = winners(codes.shape[1], active)
    sdrs = codes if getattr(encoder, "emits_bits", False) else k_winners_take_all(codes, k)
    figure, (picture, curves) = plt.subplots(1, 2, figsize=(8.5, 3.4))
    picture.imshow(sdrs, cmap="gray_r", aspect="auto", interpolation="nearest")
    picture.set(xlabel="bit", ylabel="number", title="SDRs (dots: bits that are on)")
    picture.grid(False)
    distances = np.arange(p // 2 + 1)
    for values, label, line in ((codes, "codes", "-"), (sdrs, "SDRs", "--")):
        curves.plot(distances, similarity_by_distance(values, p // 2), line, label=label)
    curves.set(xlabel="distance of two numbers", ylabel="mean cosine similarity", ylim=(-1, 1.05))
    curves.set_title("How alike the codes of two numbers are")
    curves.legend(frameon=False)
    return figure


def code_sliders(encoder: Any, *, p: int, active: float) -> ipywidgets.VBox:
    """Sliders for the numbers among an encoder's parameters and for the share of winners.

    Parameters
    ----------
    encoder, p, active : where the sliders start; see `code_figure`.

    Returns
    -------
    A widget of the sliders and the figure that they redraw. A setting that the encoder
    refuses shows what it says instead.
    """
    sliders = {
        name: _slider(name, value)
        for name, value in encoder.get_params(deep=False).items()
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0
    }
    share = ipywidgets.FloatSlider(
        active, min=0.01, max=0.99, step=0.01, description="active", continuous_update=False
    )

    picture = ipywidgets.HTML()  # an Output widget takes seconds, and once hung a batch run

    def redraw(change: Any = None) -> None:
        parameters = {name: slider.value for name, slider in sliders.items()}
        alt = f"Codes with {_named(parameters)}, {share.value:.2f} active."
        try:
            chosen = clone(encoder).set_params(**parameters)
            picture.value = show(code_figure(chosen, p=p, active=share.value), alt).html()
        except ValueError as error:
            picture.value = escape(str(error))

    for slider in (*sliders.values(), share):
        slider.observe(redraw, "value")
    redraw()
    return ipywidgets.VBox([*sliders.values(), share, picture])


def _slider(name: str, value: float) -> ipywidgets.Widget:
    """From next to nothing to four times the value."""
    if isinstance(value, Integral):
        return ipywidgets.IntSlider(
            value, min=1, max=4 * value, description=name, continuous_update=False
        )
    return ipywidgets.FloatSlider(
        value, min=value / 20, max=4 * value, step=value / 20, description=name,
        continuous_update=False,
    )  # fmt: skip


def _named(parameters: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in parameters.items())

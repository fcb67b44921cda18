"""A measure as a mark on an axis: our interval, the thread's figure and the criterion's bounds."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from modclock.study.claims.intervals import Measure

_LEFT, _RIGHT = 6, 214  # of the line, in units of the picture
_LIMITS = {"fraction": (0.0, 1.0), "points": (-1.0, 1.0)}


def axis(item: Measure, *, thread: float | None, bounds: Sequence[float]) -> Markup:
    """An SVG element without a text of its own but the two ends of the axis.

    Parameters
    ----------
    item : what was measured.
    thread : the thread's own figure, if it gives one.
    bounds : of the criterion.

    Returns
    -------
    Markup, hidden from screen readers: the same stands beside it as text. Colours are those of
    the page.

    Examples
    --------
    >>> drawn = axis(Measure(mean=0.5, ci_low=0.4, ci_high=0.6, n=3), thread=0.9, bounds=[0.95])
    >>> drawn.count("<line"), 'class="thread"' in drawn
    (3, True)
    """
    interval = [end for end in (item.ci_low, item.ci_high) if end is not None]
    low, high = ends([item.mean, *interval, *bounds, *([] if thread is None else [thread])], item)

    def x(value: float) -> str:
        return f"{_LEFT + (_RIGHT - _LEFT) * (value - low) / (high - low):.4g}"

    parts = [f'<line class="axis" x1="{_LEFT}" x2="{_RIGHT}" y1="9" y2="9"/>']
    parts += [f'<line class="bound" x1="{x(b)}" x2="{x(b)}" y1="2" y2="16"/>' for b in bounds]
    if interval:
        first, last = map(x, interval)
        parts.append(f'<line class="interval" x1="{first}" x2="{last}" y1="9" y2="9"/>')
    parts.append(f'<circle class="mean" cx="{x(item.mean)}" cy="9" r="3.5"/>')
    if thread is not None:
        parts.append(f'<path class="thread" d="M{x(thread)} 1l4 8-4 8-4-8z"/>')
    for place, anchor, value in ((_LEFT, "start", low), (_RIGHT, "end", high)):
        text = _short(value, item)
        parts.append(f'<text x="{place}" y="26" text-anchor="{anchor}">{text}</text>')
    return Markup(
        f'<svg class="measure" viewBox="0 0 220 28" aria-hidden="true">{"".join(parts)}</svg>'
    )


def ends(values: Sequence[float], item: Measure) -> tuple[float, float]:
    """Round numbers below and above all values, no further than what is measured can be.

    Examples
    --------
    >>> ends([20, 91], Measure(mean=50, ci_low=None, ci_high=None, n=1, unit="number"))
    (15.0, 100.0)
    """
    span = max(values) - min(values) or abs(values[0]) or 1.0
    step = 10 ** math.floor(math.log10(span)) / 2
    low = step * (math.floor(min(values) / step) - 1)
    high = step * (math.ceil(max(values) / step) + 1)
    least, most = _LIMITS.get(item.unit, (-math.inf, math.inf))
    if item.unit == "number":
        least, most = (0.0 if min(values) >= 0 else -math.inf), math.inf
        if all(abs(value) <= 1 for value in values):  # a correlation, or a share
            least, most = (0.0 if min(values) >= 0 else -1.0), 1.0
    return max(low, least), min(high, most)


def _short(value: float, item: Measure) -> str:
    if item.unit == "number":
        return f"{value:.3g}"
    return f"{100 * value:.4g}" + ("%" if item.unit == "fraction" else " points")

"""Drawings of what the study is about, from real codes of a few clocks."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from modclock.encoders import CycleEncoder, VarCycleEncoder
from modclock.sdr import k_winners_take_all

_P = 97
_PAIR = (62, 50)
_CLOCKS, _WINNERS = 9, 3
_COLUMN, _LEFT = 46, 142  # distance of two clocks, and where the first one stands


class Drawing(NamedTuple):
    """An `<svg>` element, and the caption that says what it shows."""

    svg: str
    caption: str


def overlap_example() -> dict[str, NDArray[np.float64]]:
    """Readings of a few clocks for two numbers, their sums, and the bits of the winners.

    Returns
    -------
    Arrays of shape (n_clocks,): "first" and "second" in [0, 1), "added" and "bits".

    Examples
    --------
    >>> int(overlap_example()["bits"].sum())
    3
    """
    clocks = VarCycleEncoder(_CLOCKS, random_state=4)
    first, second = clocks.fit_transform(np.array(_PAIR)[:, np.newaxis])
    added = first + second
    bits = k_winners_take_all(added[np.newaxis], _WINNERS)[0].astype(float)
    return {"first": first, "second": second, "added": added, "bits": bits}


def hero() -> Drawing:
    """Two numbers on clocks, the sum of their readings, the winners, and the answer."""
    example = overlap_example()
    i, j = _PAIR
    xs = [_LEFT + _COLUMN * clock for clock in range(_CLOCKS)]
    parts = [_text(0, y, label) for y, label in
             [(38, f"clocks at {i}"), (90, f"clocks at {j}"), (158, "added"),
              (204, "strongest"), (222, "third: bits"), (262, "answer")]]  # fmt: skip
    for y, code in ((32, example["first"]), (84, example["second"])):
        parts += [_clock(x, y, 19, [phase]) for x, phase in zip(xs, code, strict=True)]
    for x, added, bit in zip(xs, example["added"], example["bits"], strict=True):
        kind = "on" if bit else "off"
        height = 28 * added
        parts.append(_box(x - 14, 174 - height, 28, height, kind))
        parts.append(_box(x - 14, 192, 28, 28, kind))
    weakest = 174 - 28 * float(np.min(example["added"][example["bits"] > 0]))
    parts.append(_line(_LEFT - 20, weakest, xs[-1] + 20, weakest, "cut"))
    parts.append(_text(_LEFT - 14, 262, str((i + j) % _P), "answer"))
    parts.append(_text(_LEFT + 30, 262, f"for {i} + {j} = {i + j}, less {_P}"))
    described = (
        f"Nine clocks show {i}, and again {j}. Below, the two readings of each clock are added. "
        f"The strongest three become bits. From such bits a network has to find {(i + j) % _P}."
    )
    return Drawing(
        _svg(560, 276, parts, described),
        f"How it works, with nine clocks instead of 400. {described}",
    )


def why_adding_works() -> Drawing:
    """One clock, three pairs with one sum: other hands, the same added hand."""
    clock = CycleEncoder(1, period=9, random_state=1)
    pairs = [(3, 9), (5, 7), (10, 2)]
    parts = []
    for column, (i, j) in enumerate(pairs):
        first, second = clock.fit_transform([[i], [j]]).ravel()
        x = 90 + 180 * column
        parts.append(_clock(x, 62, 52, [first, second], "thin"))
        parts.append(_clock(x, 62, 0, [(first + second) % 1], "sum", hand=46))
        parts.append(_text(x, 138, f"{i} + {j} = {i + j}", anchor="middle"))
    described = (
        "One clock and three pairs with the sum 12. The two thin hands differ from pair to pair. "
        "The thick hand, the two added, stands at one place."
    )
    return Drawing(_svg(540, 148, parts, described), described)


def why_side_by_side_fails() -> Drawing:
    """A small table of sums: in the row and the column of a cell its answer never occurs again."""
    p, row, column, size = 7, 2, 4, 26
    answer = (row + column) % p
    parts = []
    for i in range(p):
        for j in range(p):
            same, seen = (i + j) % p == answer, i == row or j == column
            kind = (
                "new" if (i, j) == (row, column) else "on" if same else "seen" if seen else "free"
            )
            x, y = 60 + size * j, 4 + size * i
            parts.append(_box(x, y, size - 2, size - 2, kind))
            shown = "?" if kind == "new" else str((i + j) % p)
            on = "inverse" if kind == "on" else ""
            parts.append(_text(x + size / 2 - 1, y + 17, shown, on, anchor="middle"))
    parts.append(_text(52, 4 + size * row + 17, f"i = {row}", anchor="end"))
    parts.append(
        _text(60 + size * column + 12, 4 + size * p + 16, f"j = {column}", anchor="middle")
    )
    described = (
        f"Sums modulo {p}. The cell with the question mark has the answer {answer}, as the filled "
        "cells have. In its row and in its column, the shaded cells, that answer never occurs."
    )
    return Drawing(_svg(300, 208, parts, described), described)


def why_the_diagonal_fails() -> Drawing:
    """Many clocks by their two readings, for unequal and for equal numbers with one sum."""
    clocks = VarCycleEncoder(150, random_state=0)
    parts = []
    for panel, (i, j) in enumerate([(62, 50), (56, 56)]):
        first, second = clocks.fit_transform([[i], [j]])
        wins = k_winners_take_all((first + second)[np.newaxis], 50)[0] > 0
        left = 70 + 240 * panel
        parts.append(_box(left, 6, 150, 150, "frame"))
        parts += [
            f'<circle class="{"on" if win else "off"}" cx="{left + 5 + 140 * a:.0f}" '
            f'cy="{151 - 140 * b:.0f}" r="3"/>'
            for a, b, win in zip(first, second, wins, strict=True)
        ]
        parts.append(_text(left + 75, 176, f"{i} + {j}", anchor="middle"))
        parts.append(_text(left + 75, 192, "reading of i, to the right", anchor="middle"))
    parts.append(_text(60, 86, "reading", anchor="end"))
    parts.append(_text(60, 102, "of j", anchor="end"))
    described = (
        "A dot is a clock, by its reading of i from left to right and of j upwards. Winners are "
        "coloured. For two different numbers the dots fill the square. For a number with itself "
        "all of them stand on one line, so other clocks win."
    )
    return Drawing(_svg(480, 200, parts, described), described)


def _svg(width: int, height: int, parts: Iterable[str], described: str) -> str:
    return (
        f'<svg class="drawing" role="img" viewBox="0 0 {width} {height}" '
        f'style="max-width:{1.15 * width:.0f}px" aria-label="{escape(described)}">'
        f"{''.join(parts)}</svg>"
    )


def _clock(
    x: float, y: float, r: float, phases: Iterable[float], kind: str = "", hand: float = 0
) -> str:
    face = f'<circle class="face" cx="{x:.0f}" cy="{y:.0f}" r="{r:.0f}"/>' if r else ""
    length = hand or 0.8 * r
    tips = [
        (x + length * np.sin(2 * np.pi * a), y - length * np.cos(2 * np.pi * a)) for a in phases
    ]
    return face + "".join(_line(x, y, *tip, f"hand {kind}".strip()) for tip in tips)


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _box(x: float, y: float, width: float, height: float, kind: str) -> str:
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
    )


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    return (
        f'<text class="{kind}" x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{escape(text)}</text>'
    )

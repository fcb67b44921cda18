"""Kinds of encoders for the field, each with settings drawn at random."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

Rng = np.random.Generator
Params = dict[str, Any]

_PRIMES = (2, 3, 5, 7, 11, 13)


class DrawnEncoder(NamedTuple):
    """An encoder with its settings.

    Attributes
    ----------
    encoder, params : class name and its parameters, as a trial has them.
    width : of the code of one number.
    """

    encoder: str
    params: Params
    width: int


class Wanted(NamedTuple):
    """What an encoder is drawn for.

    Attributes
    ----------
    n_values : how many numbers it has to know.
    width : of its code, where its kind lets one choose.
    share_on : share of the bits that are to be on once two codes are put together.
    group, degree : of which the numbers are elements, if they are.
    """

    n_values: int
    width: int
    share_on: float
    group: str | None = None
    degree: int = 0


def _random_clocks(rng: Rng, wanted: Wanted) -> DrawnEncoder:
    low, high = rng.uniform(2, 5), rng.uniform(6, 40)
    params = {"period_low": round(low, 2), "period_high": round(high, 2)}
    return DrawnEncoder("VarCycleEncoder", {"n_clocks": wanted.width} | params, wanted.width)


def _clocks_of_one_period(rng: Rng, wanted: Wanted) -> DrawnEncoder:
    period = wanted.n_values if rng.random() < 0.5 else round(rng.uniform(3, 40), 2)
    params = {"n_clocks": wanted.width, "period": float(period)}
    return DrawnEncoder("CycleEncoder", params, wanted.width)


def _fourier(rng: Rng, wanted: Wanted) -> DrawnEncoder:
    frequencies = np.arange(1, wanted.n_values // 2 + 1)
    count = int(rng.integers(1, len(frequencies) + 1))
    chosen = sorted(rng.choice(frequencies, count, replace=False).tolist())
    return DrawnEncoder("FourierEncoder", {"p": wanted.n_values, "frequencies": chosen}, 2 * count)


def _residue_phasors(rng: Rng, wanted: Wanted) -> DrawnEncoder:
    n_phasors = max(1, wanted.width // 2)
    params = {"moduli": _moduli(rng, wanted), "n_phasors": n_phasors}
    return DrawnEncoder("ResiduePhasorEncoder", params, 2 * n_phasors)


def _grid_cells(rng: Rng, wanted: Wanted) -> DrawnEncoder:
    moduli = _moduli(rng, wanted)
    return DrawnEncoder("GridCellEncoder", {"moduli": moduli}, sum(moduli))


def _moduli(rng: Rng, wanted: Wanted) -> list[int]:
    """Two to five small primes, and half the time the number of values, if coprime to them."""
    few = sorted(rng.choice(_PRIMES, rng.integers(2, 6), replace=False).tolist())
    fits = all(wanted.n_values % prime for prime in few)
    return [*few, wanted.n_values] if fits and rng.random() < 0.5 else few


def _bits(encoder: str) -> Callable[[Rng, Wanted], DrawnEncoder]:
    def drawn(rng: Rng, wanted: Wanted) -> DrawnEncoder:
        n_active = max(1, round(wanted.width * wanted.share_on / 3))
        params: Params = {"p": wanted.n_values, "n_bits": wanted.width, "n_active": n_active}
        if encoder == "ScalarEncoder":
            params["periodic"] = bool(rng.integers(2))
        return DrawnEncoder(encoder, params, wanted.width)

    return drawn


def _thermometer(rng: Rng, wanted: Wanted) -> DrawnEncoder:
    return DrawnEncoder("ThermometerEncoder", {"p": wanted.n_values}, wanted.n_values - 1)


def _one_hot(rng: Rng, wanted: Wanted) -> DrawnEncoder:
    return DrawnEncoder("OneHotNumberEncoder", {"p": wanted.n_values}, wanted.n_values)


def _permutations(rng: Rng, wanted: Wanted) -> DrawnEncoder:
    params = {"group": wanted.group, "degree": wanted.degree}
    return DrawnEncoder("PermutationEncoder", params, wanted.degree**2)


KINDS: dict[str, Callable[[Rng, Wanted], DrawnEncoder]] = {
    "random clocks": _random_clocks,
    "clocks of one period": _clocks_of_one_period,
    "Fourier features": _fourier,
    "residue phasors": _residue_phasors,
    "HTM buckets": _bits("ScalarEncoder"),
    "HTM RDSE": _bits("RandomDistributedScalarEncoder"),
    "thermometer": _thermometer,
    "grid cells": _grid_cells,
    "random SDR": _bits("RandomSDREncoder"),
    "one-hot": _one_hot,
    "permutation matrices": _permutations,
}
"""How an encoder of each kind is drawn."""

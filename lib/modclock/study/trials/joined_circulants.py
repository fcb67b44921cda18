"""JoinedCirculants: features that nobody learned, of which one number is varied (claim T4)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
from pydantic import Field

from modclock.analysis.circulants import in_both_places
from modclock.analysis.joins import rejoined
from modclock.analysis.side_by_side import SideBySide
from modclock.feature_learning import RecursiveFeatureMachine
from modclock.study.trials.base import one_thread_quietly
from modclock.study.trials.trial import EncodedTrial

SPREAD_AT = 0.8  # strength of the join at which the spread of phases is varied


class JoinedCirculants(EncodedTrial):
    """A kernel machine that learns no features, on one-hot numbers times the root of a matrix.

    The matrix joins a number to itself with strength 1, and to the other number by a circulant
    of a given strength, the same at each frequency.

    Parameters
    ----------
    p to seed : see `EncodedTrial`; the codes are one-hot numbers side by side.
    ridge : of the kernel regression.
    strength : of the circulant, from 0 to 1.
    spread : share of a turn over which the phases of its frequencies are drawn, from 0 to 1. If
        they are all zero it joins each number to the same one alone.

    Examples
    --------
    >>> JoinedCirculants(p=7, encoder_params={"p": 7}, strength=0.0).run()["test_accuracy"]
    0.0
    """

    encoder: str = "OneHotNumberEncoder"
    composition: str = "concatenate_dense"
    pairs: str = "full"
    ridge: float = Field(default=1e-3, gt=0)
    strength: float = Field(ge=0, le=1)
    spread: float = Field(default=1.0, ge=0, le=1)

    def run(self) -> dict[str, Any]:
        """Fit on one thread.

        Returns
        -------
        dict with train_accuracy and test_accuracy as fractions, and new_accuracy, of the test pairs
        whose mirror image is no training pair (None where there are none).
        """
        task = SideBySide.of(*self.split_pairs(), self.p)
        turns = np.random.default_rng(self._stream(2)).random(self.p // 2) - 0.5
        phases = np.exp(2j * np.pi * self.spread * turns)
        matrix = rejoined(in_both_places(np.eye(self.p), self.strength), self.strength * phases)
        with one_thread_quietly():
            codes = task.times_root(matrix)
            machine = RecursiveFeatureMachine("quadratic", n_steps=0, ridge=self.ridge)
            return task.measured(machine.fit(*task.known(codes)), codes)


def circulant_scan(
    moduli: Sequence[int],
    strengths: Sequence[float],
    spreads: Sequence[float],
    n_seeds: int,
    *,
    ridge: float,
) -> dict[tuple[int, str, float, float, int], JoinedCirculants]:
    """Circulants that nobody learned: all strengths, and all spreads at one strength.

    Parameters
    ----------
    moduli : of which the numbers are.
    strengths : tried with all phases and with none, and on the mirrored split.
    spreads : of the phases, tried with the strength 0.8.
    n_seeds : for each of these.
    ridge : of the kernel regression.

    Returns
    -------
    dict from p, split, spread, strength and seed to a trial.

    Examples
    --------
    >>> list(circulant_scan([7], [0.5], [0.2], 1, ridge=1e-3))[-1]
    (7, 'random', 0.2, 0.8, 0)
    """
    tried = [
        *product(("random",), (0.0, 1.0), strengths),
        *product(("mirrored",), (1.0,), strengths),
        *product(("random",), spreads, (SPREAD_AT,)),
    ]
    return {
        (p, split, spread, strength, seed): JoinedCirculants(
            p=p, encoder_params={"p": p}, ridge=ridge, split=split, spread=spread,
            strength=strength, seed=seed,
        )
        for p, (split, spread, strength), seed in product(moduli, tried, range(n_seeds))
    }  # fmt: skip

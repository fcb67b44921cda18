"""The ways to train that race: what is said to make grokking fast, beside plain AdamW.

A method is a rule that turns gradients into steps, a loss, and the settings that have to be
chosen, with the range of each. Rules take their settings as arrays: one compiled loop serves all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import jax
import numpy as np
import optax
from optax.contrib import muon

from modclock.grokking.speed_ups import fixed_norm, orthogonal_gradients, stablemax_cross_entropy
from modclock.networks.optimizers import amplify_slow
from modclock.networks.training import cross_entropy

Settings = Mapping[str, Any]


class Method(NamedTuple):
    """One way to train.

    Attributes
    ----------
    rule : from settings to an Optax transformation.
    ranges : lowest and highest of each setting; draws are even on a log scale.
    loss : of logits and answers.
    orthogonalises : whether the rule makes matrices orthogonal, which takes products, too.
    """

    rule: Callable[[Settings], optax.GradientTransformation]
    ranges: dict[str, tuple[float, float]]
    loss: Callable[[jax.Array, jax.Array], jax.Array] = cross_entropy
    orthogonalises: bool = False


def _adamw(settings: Settings) -> optax.GradientTransformation:
    rate, decay = settings["learning_rate"], settings["weight_decay"]
    return optax.adamw(rate, b2=0.98, weight_decay=decay)


def _grokfast(settings: Settings) -> optax.GradientTransformation:
    slow = amplify_slow(decay=settings["slow_decay"], strength=settings["slow_gradient"])
    return optax.chain(slow, _adamw(settings))


_COMMON = {"learning_rate": (1e-3, 1e-1), "weight_decay": (1e-2, 3.0)}

METHODS: dict[str, Method] = {
    "AdamW": Method(_adamw, _COMMON),
    "Grokfast": Method(
        _grokfast, _COMMON | {"slow_decay": (0.8, 0.99), "slow_gradient": (0.1, 5.0)}
    ),
    "orthogonal gradients": Method(
        lambda settings: optax.chain(orthogonal_gradients(), _adamw(settings)), _COMMON
    ),
    "StableMax": Method(_adamw, _COMMON, stablemax_cross_entropy),
    "Muon": Method(
        lambda settings: muon(
            settings["learning_rate"],
            weight_decay=settings["weight_decay"],
            adam_weight_decay=settings["weight_decay"],
        ),
        _COMMON | {"learning_rate": (1e-2, 1.0)},
        orthogonalises=True,
    ),
    "fixed norm": Method(
        lambda settings: optax.chain(optax.adam(settings["learning_rate"], b2=0.98), fixed_norm()),
        {"learning_rate": _COMMON["learning_rate"], "start_scale": (0.1, 1.0)},
    ),
    "small start": Method(_adamw, _COMMON | {"start_scale": (0.03, 1.0)}),
    "GrokTransfer": Method(_adamw, _COMMON | {"weak_steps": (30.0, 500.0)}),
}
"""By name. Small start and GrokTransfer differ from AdamW in what they start from."""


def draw_settings(
    ranges: Mapping[str, tuple[float, float]], n: int, random_state: int
) -> list[dict[str, float]]:
    """Draw settings at random, evenly on a log scale.

    The draws are columns of one table: methods that share their first settings get the same ones.

    Parameters
    ----------
    ranges : lowest and highest of each setting, both positive.
    n : how many.
    random_state : seed.

    Examples
    --------
    >>> one, other = (draw_settings(METHODS[name].ranges, 2, 0) for name in ("AdamW", "Grokfast"))
    >>> one[1]["learning_rate"] == other[1]["learning_rate"], len(other[0])
    (True, 4)
    """
    rngs = [np.random.default_rng([random_state, number]) for number in range(len(ranges))]
    columns = [
        np.exp(rng.uniform(np.log(low), np.log(high), size=n)).tolist()
        for rng, (low, high) in zip(rngs, ranges.values(), strict=True)
    ]
    return [dict(zip(ranges, row, strict=True)) for row in zip(*columns, strict=True)]

"""Encoders and learners by the names that trials have for them.

The one module whose imports do not count for the key of a trial (see `sources`): what it hands out
is among the trial's `parts`, and only that counts. Else every encoder would be in every key.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modclock import encoders
from modclock.classifiers import PRESETS
from modclock.networks.fast_transform import FastTransformClassifier
from modclock.validation import check_choice

LEARNERS: dict[str, Callable[..., Any]] = PRESETS | {"fast_transform": FastTransformClassifier}


def encoder_class(name: str) -> Any:
    """The encoder's class.

    Raises
    ------
    ValueError : for an unknown name.

    Examples
    --------
    >>> encoder_class("CycleEncoder").__name__
    'CycleEncoder'
    """
    check_choice("encoder", name, encoders.__all__)
    return getattr(encoders, name)


def learner(name: str) -> Callable[..., Any]:
    """What makes the learner from its settings: a preset, or a class.

    Raises
    ------
    ValueError : for an unknown name.

    Examples
    --------
    >>> learner("value_map")().form
    'frequency'
    """
    check_choice("classifier", name, LEARNERS)
    return LEARNERS[name]

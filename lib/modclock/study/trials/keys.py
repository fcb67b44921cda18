"""The key of a trial: all that its numbers depend on, and nothing else."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from modclock.study.trials.environment import Surroundings, of_trials
from modclock.study.trials.packages import versions
from modclock.study.trials.sources import reached_from

if TYPE_CHECKING:
    from modclock.study.trials.base import BaseTrial


def trial_key(trial: BaseTrial, surroundings: Surroundings | None = None) -> str:
    """SHA-256 of a trial's canonical JSON, its class, the code that it reaches, and what is around.

    A change to one encoder module gives new keys to the trials with that encoder and to
    no others; a change to a plot, a notebook, a comment or a docstring changes no key.

    Parameters
    ----------
    trial : any trial.
    surroundings : where it runs; when None, where the trials of this run do.

    Raises
    ------
    CodeChangedError : if a file of that code has changed since this process loaded it.

    Examples
    --------
    >>> from modclock.study.trials.trial import Trial
    >>> trial_key(Trial(k=133)) == trial_key(Trial(k=133, encoder_params={"n_clocks": 400}))
    True
    """
    parts = [type(trial), *trial.parts()]
    reached = reached_from(frozenset().union(*map(_modules, parts)))
    payload = {
        "trial": trial.spec(),
        "parts": [_identity(part) for part in parts],
        "sources": reached.digests,
        "versions": _versions(reached.outside),
        "surroundings": of_trials() if surroundings is None else surroundings,
    }
    return digest(payload)


def digest(payload: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of plain values."""
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


_versions = cache(versions)


def _modules(part: Any) -> frozenset[str]:
    """The modules whose code a class or function is made of, whatever it is wrapped in."""
    if isinstance(part, partial):
        return _modules(part.func)
    if inspect.isclass(part):
        return frozenset(base.__module__ for base in part.__mro__)
    named = {part.__module__, getattr(part, "__globals__", {}).get("__name__", part.__module__)}
    inner = getattr(part, "__wrapped__", None)
    return frozenset(named) | (_modules(inner) if inner is not None else frozenset())


def _identity(part: Any) -> Any:
    if isinstance(part, partial):
        return [_identity(part.func), repr(part.args), repr(sorted(part.keywords.items()))]
    return f"{part.__module__}.{part.__qualname__}"

"""What all trials share: a frozen, validated spec with a seed, run quietly on one thread."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import ThreadpoolController


class BaseTrial(BaseModel, ABC):
    """What the store and the workers need to know of a trial, whatever it trains."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    seed: int = Field(default=0, ge=0)

    @abstractmethod
    def run(self) -> dict[str, Any]:
        """Train on one thread and measure; the metrics are plain values."""

    def spec(self) -> dict[str, Any]:
        """The trial as plain values, all defaults filled in."""
        return self.model_dump(mode="json")

    def parts(self) -> tuple[Any, ...]:
        """Classes and functions that the trial takes by name, beside what its module imports."""
        return ()

    def _stream(self, index: int) -> int:
        return random_stream(self.seed, index)


def random_stream(seed: int, index: int) -> int:
    """The random state that a seed gives the split (0), the encoder (1) or the learner (2)."""
    return int(np.random.SeedSequence(seed).generate_state(3)[index])


@contextmanager
def one_thread_quietly() -> Iterator[None]:
    """BLAS on one thread, and no warning that a learner has not converged.

    The thread's learners stop after a set number of iterations on purpose.
    """
    with _thread_pools().limit(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


@cache
def _thread_pools() -> ThreadpoolController:
    """Those of the numeric libraries, looked for once: it takes as long as a tiny trial."""
    return ThreadpoolController()

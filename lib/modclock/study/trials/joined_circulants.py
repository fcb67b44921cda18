"""JoinedCirculants: features that nobody learned, of which one number is varied (claim T4)."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from pydantic import Field

from modclock.analysis.circulants import random_circulants
from modclock.datasets import modular_sum
from modclock.feature_learning import RecursiveFeatureMachine
from modclock.study.trials.base import one_thread_quietly
from modclock.study.trials.trial import EncodedTrial


class JoinedCirculants(EncodedTrial):
    """A kernel machine that learns no features, on one-hot numbers times the root of a matrix.

    The matrix joins a number to itself with strength 1, and to the other number by a circulant
    of a given strength, the same at each frequency.

    Parameters
    ----------
    p to seed : see `EncodedTrial`; the codes are one-hot numbers side by side.
    ridge : of the kernel regression.
    strength : of the circulant, from 0 to 1.
    phases : of the frequencies of the circulant. If they are all zero it joins each number to the
        same one alone.

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
    phases: Literal["random", "zero"] = "random"

    def run(self) -> dict[str, Any]:
        """Fit on one thread.

        Returns
        -------
        dict with train_accuracy and test_accuracy as fractions, and new_accuracy, of the test pairs
        whose mirror image is no training pair (None where there are none).
        """
        train, test = self.split_pairs()
        pairs = np.vstack([train, test])
        answers, known = modular_sum(pairs, self.p), modular_sum(train, self.p)
        joined = [[1.0, self.strength], [self.strength, 1.0]]
        matrix = np.kron(joined, np.eye(self.p))
        if self.phases == "random":
            matrix = random_circulants(matrix, self._stream(2))
        values, vectors = np.linalg.eigh(matrix)
        root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
        with one_thread_quietly():
            codes = self.pair_encoder().fit(train).transform(pairs) @ root
            machine = RecursiveFeatureMachine("quadratic", n_steps=0, ridge=self.ridge)
            right = machine.fit(codes[: len(train)], known).predict(codes) == answers
        mirrored = set(map(tuple, train[:, ::-1].tolist()))
        new = [pair not in mirrored for pair in map(tuple, test.tolist())]
        tested = right[len(train) :]
        return {
            "train_accuracy": float(right[: len(train)].mean()),
            "test_accuracy": float(tested.mean()),
            "new_accuracy": float(tested[new].mean()) if any(new) else None,
        }

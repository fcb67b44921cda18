"""Forecast: what all entrants of the contest say of an encoded task."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from modclock.analysis.predictors import Budget, predict_all
from modclock.study.trials.base import one_thread_quietly
from modclock.study.trials.encoded_task import EncodedTask


class Forecast(EncodedTask):
    """All entrants, given the codes of all rows and the answers of the training rows alone.

    Parameters are those of an `EncodedTask`; `epochs` and `width_factor` are the budget of the
    network that is spoken of, and none is trained here with all of it.

    Examples
    --------
    >>> forecast = Forecast(size=11, encoder_params={"n_clocks": 30}, k=10, epochs=5)
    >>> {"ridge_readout", "guessing"} < set(forecast.run())
    True
    """

    def run(self) -> dict[str, Any]:
        """Ask every entrant on one thread.

        Returns
        -------
        dict with what each of the entrants says, None where that is no finite number; and guessing,
        the share of the most frequent answer among the training rows.
        """
        codes, answers, train, _ = self.encoded()
        known = answers[train]
        budget = Budget(epochs=self.epochs, width_factor=self.width_factor)
        with one_thread_quietly():
            said = predict_all(codes, known, train, budget)
        found: dict[str, Any] = {
            name: value if math.isfinite(value) else None for name, value in said.items()
        }
        return found | {"guessing": float(np.bincount(known).max() / len(known))}

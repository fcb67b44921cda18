"""A trial of one's own: how well a linear readout adds from codes of `OwnEncoder`."""

from __future__ import annotations

from typing import Any

from sklearn.linear_model import RidgeClassifier
from sklearn.pipeline import make_pipeline

from modclock.datasets import make_pairs, modular_sum
from modclock.pairing import PairEncoder
from modclock.study.trials.base import BaseTrial
from own_study import encoder


class OwnTrial(BaseTrial):
    """Modulo p, trained on all pairs."""

    p: int = 7

    def run(self) -> dict[str, Any]:
        pairs = make_pairs(self.p)
        codes = PairEncoder(encoder.OwnEncoder(), composition="dense_sum").fit_transform(pairs)
        model = make_pipeline(RidgeClassifier(alpha=0.1)).fit(codes, modular_sum(pairs, self.p))
        return {"sum": float(codes.sum()), "score": model.score(codes, modular_sum(pairs, self.p))}

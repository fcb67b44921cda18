"""ScoreTrial: scores of an encoding, computed like a trial, before any learner is trained."""

from __future__ import annotations

from typing import Any

import numpy as np

from modclock.analysis.usefulness import usefulness_scores
from modclock.datasets import make_pairs, modular_answers
from modclock.study.trials.base import one_thread_quietly
from modclock.study.trials.trial import EncodedTrial


class ScoreTrial(EncodedTrial):
    """All usefulness scores of one encoding for one task; parameters of an `EncodedTrial`.

    Examples
    --------
    >>> trial = ScoreTrial(p=11, encoder_params={"n_clocks": 30}, k=10)
    >>> sorted(trial.run())[:4]
    ['alignment_deep', 'alignment_linear', 'constancy', 'directions']
    """

    def run(self) -> dict[str, Any]:
        """Encode all pairs and score the codes, see `modclock.analysis.usefulness`."""
        train, _ = self.split_pairs()
        pairs = make_pairs(self.p, self.pairs, self.operation)
        # The classes that occur: strict pairs never have the maximum 0.
        answers = np.unique(modular_answers(pairs, self.p, self.operation), return_inverse=True)[1]
        with one_thread_quietly():
            codes = self.pair_encoder().fit_transform(pairs)
            return usefulness_scores(codes, answers, len(train))

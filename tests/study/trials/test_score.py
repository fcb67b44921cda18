from __future__ import annotations

import numpy as np

from modclock.analysis.usefulness import usefulness_scores
from modclock.datasets import make_pairs
from modclock.study.trials.score import ScoreTrial


def test_an_answer_that_no_pair_has_counts_for_nothing():
    """The larger one of two different numbers is never 0."""
    trial = ScoreTrial(p=7, operation="max", encoder_params={"n_clocks": 30}, k=10)
    pairs = make_pairs(7, "strict")
    larger = np.maximum(*pairs.T)
    assert 0 not in larger
    codes = trial.pair_encoder().fit_transform(pairs)
    expected = usefulness_scores(codes, larger - 1, len(trial.split_pairs()[0]))
    assert trial.run() == expected

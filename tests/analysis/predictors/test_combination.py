"""The combination of what is said without training a network."""

from __future__ import annotations

import numpy as np
import pytest

from modclock.analysis.predictors import small_networks, winner
from modclock.analysis.predictors.combination import (
    TRAIN_NETWORKS,
    UNTRAINED,
    combine_untrained,
)
from modclock.analysis.predictors.registry import PREDICTORS

RNG = np.random.default_rng(0)


def test_the_entrants_that_train_networks_are_those_of_their_modules():
    modules = {small_networks.__name__, winner.__name__}
    named = {
        name
        for name, entrant in PREDICTORS.items()
        if getattr(entrant.function, "__module__", None) in modules
    }
    assert named == set(TRAIN_NETWORKS)
    assert set(UNTRAINED) | named == set(PREDICTORS)


def test_the_column_that_tells_is_found_among_those_that_do_not():
    outputs = {name: RNG.random(400) for name in UNTRAINED}
    accuracies = 1 / (1 + np.exp(6 - 12 * outputs["ntk_5"]))
    known = {name: column[:300] for name, column in outputs.items()}
    new = {name: column[300:] for name, column in outputs.items()}
    found = combine_untrained(known, accuracies[:300], new)
    assert np.corrcoef(found, accuracies[300:])[0, 1] > 0.9
    assert found.min() >= accuracies[:300].min()
    assert found.max() <= accuracies[:300].max()
    assert (combine_untrained(known, accuracies[:300], new) == found).all()


def test_a_missing_entrant_is_named():
    outputs = {name: [0.1, 0.2] for name in UNTRAINED[1:]}
    with pytest.raises(KeyError, match=UNTRAINED[0]):
        combine_untrained(outputs, [0.1, 0.2], outputs)

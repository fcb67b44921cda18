from __future__ import annotations

import numpy as np
import pytest

from modclock import encoders
from modclock.datasets import make_pairs
from modclock.pairing import COMPOSITIONS, PairEncoder, needed_parameters
from modclock.study.trials.compared_inputs import every_input
from modclock.study.trials.trial import Trial

P = 13
EVERY = every_input(P, n_bits=30, k=10, n_active=5, period_low=2, period_high=10)
PAIRS = make_pairs(P, "triangular")
OF_OTHER_NOTEBOOKS = {"levels_by_rank", "levels_by_value", "wrapped_overlap", "unbind"}


def codes(fields):
    return Trial(p=P, **fields).pipeline()[0].fit_transform(PAIRS)


@pytest.mark.parametrize("encoded", EVERY, ids=lambda item: f"{item.label}, {item.composition}")
def test_an_input_says_whether_it_is_made_of_bits(encoded):
    assert np.isin(codes(encoded.fields), (0, 1)).all() == encoded.gives_bits


def test_every_composition_that_is_left_out_is_refused_or_gives_the_same_as_another():
    for label in {encoded.label for encoded in EVERY}:
        own = [encoded for encoded in EVERY if encoded.label == label]
        there = [codes(encoded.fields) for encoded in own]
        left_out = set(COMPOSITIONS) - OF_OTHER_NOTEBOOKS - {item.composition for item in own}
        for composition in left_out:
            fields = own[0].fields | {"composition": composition}
            kind = getattr(encoders, fields["encoder"])
            if "k" not in needed_parameters(kind, composition):
                fields.pop("k", None)
            if composition == "bind":
                encoder = kind(**fields["encoder_params"])
                with pytest.raises(ValueError, match="has no bind"):
                    PairEncoder(encoder, composition="bind").fit(PAIRS)
            else:
                same = [np.array_equal(codes(fields), other) for other in there]
                assert any(same), (label, composition)

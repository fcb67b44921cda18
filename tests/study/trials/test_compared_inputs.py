from __future__ import annotations

import numpy as np
import pytest

from modclock import encoders
from modclock.datasets import make_pairs
from modclock.pairing import COMPOSITIONS, PairEncoder, needed_parameters
from modclock.study.trials.compared_inputs import drawn_inputs, every_input, inputs_for_operations
from modclock.study.trials.trial import Trial

P = 13
EVERY = every_input(P, n_bits=30, k=10, n_active=5, period_low=2, period_high=10)
INPUTS = EVERY + inputs_for_operations(P, n_clocks=30)
PAIRS = make_pairs(P, "triangular")
OF_OTHER_NOTEBOOKS = {"levels_by_rank", "levels_by_value", "wrapped_overlap", "unbind"}


def codes(fields):
    return Trial(p=P, **fields).pipeline()[0].fit_transform(PAIRS)


@pytest.mark.parametrize("encoded", INPUTS, ids=lambda item: f"{item.label}, {item.composition}")
def test_an_input_says_whether_it_is_made_of_bits(encoded):
    assert np.isin(codes(encoded.fields), (0, 1)).all() == encoded.gives_bits


def test_drawn_inputs_differ_in_size_sparsity_and_training_share_alone():
    drawn = drawn_inputs(
        P, 3, widths=[20, 30], shares_on=[0.2, 0.5], train_fractions=[0.3, 0.8], random_state=4
    )
    assert [(item.label, item.composition) for item in drawn] == [
        (item.label, item.composition) for item in EVERY for _ in range(3)
    ]
    assert {item.fields["train_fraction"] for item in drawn} == {0.3, 0.8}
    clocks = [item.fields for item in drawn if item.label == "random clocks" and "k" in item.fields]
    sizes = {(fields["encoder_params"]["n_clocks"], fields["k"]) for fields in clocks}
    assert sizes == {(20, 4), (20, 10), (30, 6), (30, 15)}
    again = drawn_inputs(
        P, 3, widths=[20, 30], shares_on=[0.2, 0.5], train_fractions=[0.3, 0.8], random_state=4
    )
    assert again == drawn


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

"""Bits are bits whether or not the reader's class says so."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import BaseEstimator, TransformerMixin, clone

from modclock.encoders import GridCellEncoder, VarCycleEncoder
from modclock.encoders.base import NumberEncoder
from modclock.study.trials.compared_inputs import defined_compositions
from modclock.study.trials.own_codes import codes_in_words, ready_to_compare
from modclock.study.trials.own_encoder import score_encoder
from own_classes import Gray


class SaysSo(Gray):
    emits_bits = True


class SaysNot(Gray):
    emits_bits = False


class Plain(TransformerMixin, BaseEstimator):
    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return np.eye(13)[np.ravel(X) % 13]


class OneValue(NumberEncoder):
    def _encode(self, numbers):
        return numbers * 1.0


class OneCode(NumberEncoder):
    def _encode(self, numbers):
        return np.ones((1, 4))


@pytest.mark.parametrize(
    ("encoder", "of_bits", "said"),
    [
        (Gray(), True, "all 0 or 1, so they are used as bits. Write emits_bits = True"),
        (Plain(), True, "all 0 or 1, so they are used as bits"),
        (SaysSo(), True, "as its class says: emits_bits = True"),
        (SaysNot(), False, "as it says: emits_bits = False"),
        (GridCellEncoder([2, 3, 5, 7]), True, "as its class says"),
        (VarCycleEncoder(30), False, "the strongest become 1"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_codes_of_zeros_and_ones_are_bits_unless_the_class_says_no(encoder, of_bits, said):
    ready = ready_to_compare(encoder, p=97)
    assert getattr(ready, "emits_bits", False) == of_bits
    assert said in codes_in_words(ready, p=97)
    assert type(ready).__name__ == type(encoder).__name__
    assert clone(ready).get_params() == encoder.get_params()
    assert not getattr(type(encoder), "_bits_were_seen", False)


def test_undeclared_bits_do_as_well_as_declared_ones():
    learner = {"width_factor": 0.05, "max_iter": 3}
    scored = [
        score_encoder(ready_to_compare(kind(5), 23), p=23, active=0.4, n_seeds=1, learner=learner)
        for kind in (Gray, SaysSo, SaysNot)
    ]
    assert scored[0].equals(scored[1])
    assert scored[0].composition.tolist() == defined_compositions(SaysSo)
    assert not scored[0].equals(scored[2])


@pytest.mark.parametrize(
    ("encoder", "message"),
    [
        (
            OneValue(),
            r"OneValue: fails on the numbers 0 to 10: _encode returns shape \(11,\) for 11",
        ),
        (OneValue(), r"a single value a number is a column, values\[:, np.newaxis\]"),
        (
            OneCode(),
            r"OneCode: fails on the numbers 0 to 10: _encode returns shape \(1, 4\) for 11 numbers",
        ),
    ],
)
def test_what_has_no_row_a_number_is_refused_in_one_line(encoder, message):
    with pytest.raises(ValueError, match=message) as caught:
        ready_to_compare(encoder, p=11)
    assert "\n" not in str(caught.value)

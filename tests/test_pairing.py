from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.linear_model import RidgeClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from modclock.datasets import make_pairs, modular_sum
from modclock.encoders import (
    CycleEncoder,
    FourierEncoder,
    GridCellEncoder,
    ResiduePhasorEncoder,
    VarCycleEncoder,
)
from modclock.encoders.base import NumberEncoder
from modclock.pairing import COMPOSITIONS, PairEncoder
from modclock.sdr import k_winners_take_all


class TableEncoder(TransformerMixin, BaseEstimator):
    """Dense codes written out by hand, and a count of the calls."""

    codes = np.array([[0.125, 0.625, 0.25], [0.5, 0.25, 0.875], [0.75, 0.625, 0.0]])

    def fit(self, X, y=None):
        self.calls_ = 0
        return self

    def transform(self, X):
        self.calls_ += 1
        return self.codes[X[:, 0]]


BY_HAND: dict[str, Any] = {
    "overlap": [[0, 1, 1], [1, 0, 1], [1, 1, 0]],
    "concatenate": [[0, 1, 1, 1, 0, 1], [1, 0, 1, 1, 0, 1], [1, 0, 1, 1, 1, 0]],
    "concatenate_dense": [
        [0.125, 0.625, 0.25, 0.5, 0.25, 0.875],
        [0.5, 0.25, 0.875, 0.5, 0.25, 0.875],
        [0.5, 0.25, 0.875, 0.75, 0.625, 0.0],
    ],
    "or": [[1, 1, 1], [1, 0, 1], [1, 1, 1]],
    "and": [[0, 0, 1], [1, 0, 1], [1, 0, 0]],
    "xor": [[1, 1, 0], [0, 0, 0], [0, 1, 1]],
    "sdr_sum": [[1, 1, 2], [2, 0, 2], [2, 1, 1]],
    "product": [[0.0625, 0.15625, 0.21875], [0.25, 0.0625, 0.765625], [0.375, 0.15625, 0]],
    "levels_by_rank": [[0, 0.5, 1], [0.5, 0, 1], [1, 0.5, 0]],
    "levels_by_value": [[0, 0.5, 1], [0.5, 0, 1], [1, 0, 0]],
    "dense_sum": [[0.625, 0.875, 1.125], [1.0, 0.5, 1.75], [1.25, 0.875, 0.875]],
}


SPECIAL = {"bind", "unbind", "wrapped_overlap"}  # with tests of their own


def test_every_composition_is_tested():
    assert set(BY_HAND) | SPECIAL == set(COMPOSITIONS)


@pytest.mark.parametrize("composition", BY_HAND)
def test_compositions_equal_hand_computed_ones(composition):
    pairs = np.array([[0, 1], [1, 1], [1, 2]])
    # (1, 2) sums to 1.25, 0.875, 0.875: the tie goes to the lower index.
    encoder = PairEncoder(TableEncoder(), composition=composition, k=2)
    result = encoder.fit_transform(pairs)
    assert result.dtype == np.float32
    assert np.allclose(result, BY_HAND[composition])


def test_all_pairs_are_encoded_without_a_loop_over_them():
    pairs = make_pairs(3, "full")
    encoder = PairEncoder(TableEncoder(), k=2).fit(pairs)
    before = encoder.encoder_.calls_
    encoder.transform(pairs)
    assert encoder.encoder_.calls_ == before + 1  # every number once


def test_the_whole_table_of_the_study_equals_a_loop_over_pairs():
    pairs = make_pairs(97, "full")
    encoder = PairEncoder(VarCycleEncoder(400, random_state=3), k=133).fit(pairs)
    sdr = encoder.transform(pairs)
    assert sdr.shape == (9409, 400)
    assert (sdr.sum(axis=1) == 133).all()
    starts, periods = encoder.encoder_.starts_, encoder.encoder_.periods_
    for row in range(0, 9409, 97):
        i, j = pairs[row]
        dense = (starts + i / periods) % 1 + (starts + j / periods) % 1
        assert np.array_equal(sdr[row], k_winners_take_all([dense], 133)[0])


@given(i=st.integers(0, 96), j=st.integers(0, 96), seed=st.integers(0, 100))
def test_adding_forgets_the_order_and_concatenating_keeps_it(i, j, seed):
    encoder = VarCycleEncoder(60, random_state=seed)
    pairs = np.array([[i, j], [j, i]])
    added = PairEncoder(encoder, k=20).fit_transform(pairs)
    assert np.array_equal(added[0], added[1])
    side_by_side = PairEncoder(encoder, composition="concatenate_dense").fit_transform(pairs)
    assert np.array_equal(side_by_side[0], side_by_side[1]) == (i == j)


def test_nested_parameters_clone_and_grid_search():
    pairs = make_pairs(11, "full")
    answers = modular_sum(pairs, 11)
    model = make_pipeline(PairEncoder(VarCycleEncoder(random_state=0), k=20), RidgeClassifier())
    grid = {
        "pairencoder__encoder__n_clocks": [40, 80],
        "pairencoder__composition": ["overlap", "dense_sum"],
    }
    search = GridSearchCV(model, grid, cv=2).fit(pairs, answers)
    copy = clone(search.best_estimator_)
    assert copy.get_params()["pairencoder__encoder__n_clocks"] in (40, 80)
    copy.set_params(pairencoder__encoder__period_low=3.5)
    assert copy[0].encoder.period_low == 3.5
    assert len(search.cv_results_["params"]) == 4


def test_the_given_encoder_is_not_touched():
    encoder = CycleEncoder(10, random_state=0)
    PairEncoder(encoder, k=3).fit([[0, 1]])
    assert not hasattr(encoder, "starts_")


def test_more_winners_than_bits_are_refused():
    encoder = PairEncoder(CycleEncoder(10), k=11)
    with pytest.raises(ValueError, match=r"k lies in 1\.\.10"):
        encoder.fit([[0, 1]])
    encoder.set_params(k=10).fit([[0, 1]]).set_params(k=11)
    with pytest.raises(ValueError, match=r"k lies in 1\.\.10"):
        encoder.transform([[0, 1]])


@pytest.mark.parametrize("pairs", [[[1]], [[1, 2, 3]], [[1.0, 2.5]], [[np.nan, 1]], [1, 2]])
def test_anything_but_integer_pairs_is_refused(pairs):
    with pytest.raises(ValueError, match=r"columns|integers|NaN|2D"):
        PairEncoder(CycleEncoder(10), k=3).fit(pairs)


PHASORS_AND_BLOCKS = [
    GridCellEncoder([5, 7, 11]),
    FourierEncoder(97, frequencies=[3, 40]),
    ResiduePhasorEncoder([5, 7, 11], random_state=0),
]


@pytest.mark.parametrize("encoder", PHASORS_AND_BLOCKS, ids=lambda item: type(item).__name__)
@given(i=st.integers(0, 96), j=st.integers(0, 96))
def test_binding_two_codes_gives_the_code_of_the_sum(encoder, i, j):
    pair = PairEncoder(encoder, composition="bind").fit([[i, j]])
    bound = pair.transform([[i, j]])
    assert np.allclose(bound, pair.encoder_.transform([[i + j]]), atol=1e-5)


@pytest.mark.parametrize("encoder", PHASORS_AND_BLOCKS[1:], ids=lambda item: type(item).__name__)
@given(i=st.integers(0, 96), j=st.integers(0, 96))
def test_unbinding_gives_the_code_of_the_difference(encoder, i, j):
    pair = PairEncoder(encoder, composition="unbind").fit([[i, j]])
    unbound = pair.transform([[i, j]])
    assert np.allclose(unbound, pair.encoder_.transform([[i - j]]), atol=1e-5)


def test_the_wrapped_overlap_depends_on_the_sum_alone():
    pairs = make_pairs(23, "full")
    encoder = PairEncoder(VarCycleEncoder(60, random_state=0), composition="wrapped_overlap", k=20)
    sdr = encoder.fit_transform(pairs)
    sums = pairs.sum(axis=1)
    phases = 2 * encoder.encoder_.starts_ + np.arange(45)[:, np.newaxis] / encoder.encoder_.periods_
    by_sum = k_winners_take_all(phases % 1.0, 20)
    assert np.array_equal(sdr, by_sum[sums])


@pytest.mark.parametrize("encoder", [VarCycleEncoder(9, waveform="cosine"), TableEncoder()])
def test_the_wrapped_overlap_is_for_phases(encoder):
    with pytest.raises(ValueError, match=r"needs clocks.*sawtooth"):
        PairEncoder(encoder, composition="wrapped_overlap").fit([[0, 1]])


def test_only_phasors_and_blocks_can_be_bound():
    with pytest.raises(ValueError, match="VarCycleEncoder has no bind method"):
        PairEncoder(VarCycleEncoder(10), composition="bind").fit([[0, 1]])


def test_codes_that_are_bits_are_composed_as_they_are():
    pairs = np.array([[0, 3], [4, 4]])
    codes = GridCellEncoder([2, 3]).fit([[0]]).transform
    joined = PairEncoder(GridCellEncoder([2, 3]), composition="concatenate").fit_transform(pairs)
    assert np.array_equal(joined, np.hstack([codes(pairs[:, [0]]), codes(pairs[:, [1]])]))


class Returns(NumberEncoder):
    """Codes as another program might make them."""

    def __init__(self, kind="f8", factor=1.0):
        self.kind = kind
        self.factor = factor

    def _encode(self, numbers):
        codes = np.stack([numbers, numbers**2, 100 - numbers, numbers % 3], axis=1) * self.factor
        return codes.astype(self.kind)


@pytest.mark.parametrize("kind", ["f2", "u1", "i2", ">i8", ">f4"])
@pytest.mark.parametrize("composition", sorted(set(COMPOSITIONS) - SPECIAL))
def test_codes_of_every_real_type_are_composed_alike(kind, composition):
    pairs = [[1, 2], [9, 3], [4, 4]]
    found, expected = (
        PairEncoder(Returns(name), composition=composition, k=2).fit_transform(pairs)
        for name in (kind, "f8")
    )
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, expected)


def test_half_precision_does_not_overflow():
    codes = PairEncoder(Returns("f2", 600.0), composition="dense_sum").fit_transform([[10, 10]])
    assert codes[0, 1] == pytest.approx(120_000, rel=1e-3)


@pytest.mark.parametrize("composition", ["dense_sum", "overlap", "or", "product"])
@pytest.mark.parametrize("kind", ["U8", "c8", "O"])
def test_codes_that_are_no_real_numbers_are_refused(composition, kind):
    with pytest.raises(ValueError, match=r"codes of Returns are .*, not real numbers"):
        PairEncoder(Returns(kind), composition=composition, k=2).fit([[1, 2]])


@pytest.mark.parametrize(
    ("composition", "factor"), [("dense_sum", 3e36), ("product", 1e20), ("concatenate_dense", 1e40)]
)
def test_codes_beyond_float32_are_refused(composition, factor):
    with pytest.raises(ValueError, match=f"{composition} of the codes of Returns has NaN, or"):
        PairEncoder(Returns(factor=factor), composition=composition).fit([[10, 10]])


def test_an_unknown_composition_is_told_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'overlap'"):
        PairEncoder(CycleEncoder(10), composition="overlapp").fit([[0, 1]])

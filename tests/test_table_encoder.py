from __future__ import annotations

import numpy as np
import pytest

from modclock.encoders import OneHotNumberEncoder, ScalarEncoder, VarCycleEncoder
from modclock.pairing import PairEncoder
from modclock.sdr import k_winners_take_all
from modclock.table_encoder import COLUMN_COMPOSITIONS, TableEncoder

ROWS = np.random.default_rng(0).integers(0, 16, (40, 5))
CLOCKS = VarCycleEncoder(30, random_state=0)


def by_hand(encoder, rows, places, composition, k):
    """Row by row and column by column, from what the words say."""
    composed = []
    for row in rows:
        codes = [encoder.transform([[x]])[0][order] for x, order in zip(row, places, strict=True)]
        if composition in ("sdr_sum", "or", "concatenate") and not encoder.emits_bits:
            codes = [k_winners_take_all([code.astype(np.float32)], k)[0] for code in codes]
        if composition.startswith("concatenate"):
            composed.append(np.concatenate(codes))
        elif composition == "or":
            composed.append(np.max(codes, axis=0))
        else:
            total = np.sum(codes, axis=0)
            composed.append(
                k_winners_take_all([total], k)[0] if composition == "overlap" else total
            )
    return np.array(composed)


@pytest.mark.parametrize("composition", COLUMN_COMPOSITIONS)
@pytest.mark.parametrize("encoder", [CLOCKS, ScalarEncoder(p=16, n_bits=30, n_active=4)])
def test_codes_are_composed_as_the_words_say(encoder, composition):
    table = TableEncoder(encoder, composition=composition, k=7, random_state=1).fit(ROWS)
    expected = by_hand(encoder.fit([[0]]), ROWS, table.places_, composition, 7)
    np.testing.assert_allclose(table.transform(ROWS), expected, rtol=1e-5)


def test_every_column_has_an_order_of_its_own():
    table = TableEncoder(CLOCKS, k=7, random_state=0).fit(ROWS)
    assert (np.sort(table.places_, axis=1) == np.arange(30)).all()
    assert len(np.unique(table.places_, axis=0)) == 5
    again = TableEncoder(CLOCKS, k=7, random_state=0).fit(ROWS)
    assert (again.places_ == table.places_).all()


def test_a_sum_tells_which_number_stands_where():
    pairs = np.array([[3, 5], [5, 3]])
    shared = PairEncoder(OneHotNumberEncoder(p=9), composition="dense_sum").fit_transform(pairs)
    own = TableEncoder(OneHotNumberEncoder(p=9), composition="dense_sum", random_state=0)
    assert (shared[0] == shared[1]).all()
    assert (own.fit_transform(pairs)[0] != own.fit_transform(pairs)[1]).any()


def test_side_by_side_it_is_the_pair_encoder_in_another_order_of_places():
    pairs = ROWS[:, :2]
    own = TableEncoder(CLOCKS, composition="concatenate_dense", random_state=0).fit(pairs)
    pair = PairEncoder(CLOCKS, composition="concatenate_dense").fit_transform(pairs)
    order = np.concatenate([own.places_[0], own.places_[1] + 30])
    np.testing.assert_array_equal(own.transform(pairs), pair[:, order])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"composition": "bind"}, "composition"),
        ({"k": 0}, "k takes a whole number"),
        ({"k": 31}, "k lies in 1..30"),
    ],
)
def test_what_can_not_be_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        TableEncoder(CLOCKS, **change).fit_transform(ROWS)

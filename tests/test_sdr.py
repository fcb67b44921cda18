from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_array_equal

from modclock.sdr import KWinnersTakeAll, k_winners_take_all, levels_by_rank, levels_by_value

# Few distinct values, so that ties at the threshold are the rule.
coarse = arrays(
    float, st.tuples(st.integers(1, 6), st.integers(1, 12)), elements=st.integers(0, 3).map(float)
)


def winners_by_sorting(row: np.ndarray, k: int) -> set[int]:
    """Oracle: sort by value, largest first, then by index."""
    return set(sorted(range(len(row)), key=lambda index: (-row[index], index))[:k])


@given(dense=coarse, data=st.data())
def test_winners_are_the_k_largest_with_ties_to_the_lowest_index(dense, data):
    k = data.draw(st.integers(1, dense.shape[1]))
    sdr = k_winners_take_all(dense, k)
    assert set(np.unique(sdr)) <= {0.0, 1.0}
    assert (sdr.sum(axis=1) == k).all()
    for row, bits in zip(dense, sdr, strict=True):
        assert set(np.flatnonzero(bits)) == winners_by_sorting(row, k)


@given(dense=coarse)
def test_k_of_all_bits_turns_everything_on(dense):
    assert k_winners_take_all(dense, dense.shape[1]).all()


@pytest.mark.parametrize("k", [0, -1, 4])
def test_k_outside_the_width_is_refused(k):
    with pytest.raises(ValueError, match=r"k lies in 1\.\.3"):
        k_winners_take_all(np.zeros((2, 3)), k)


def test_nan_is_refused():
    with pytest.raises(ValueError, match="NaN"):
        k_winners_take_all([[0.0, np.nan]], 1)


@given(dense=coarse, n_levels=st.integers(2, 6))
def test_levels_by_rank_are_in_order_and_equally_frequent(dense, n_levels):
    level = levels_by_rank(dense, n_levels)
    width = dense.shape[1]
    for row, result in zip(dense, level, strict=True):
        order = sorted(range(width), key=lambda index: (-row[index], index))
        expected = {n: n_levels - 1 - place * n_levels // width for place, n in enumerate(order)}
        assert [round(x * (n_levels - 1)) for x in result] == [expected[n] for n in range(width)]


@given(dense=coarse)
def test_two_levels_by_rank_are_k_winners_of_half(dense):
    wide = np.hstack([dense, dense])
    assert np.array_equal(levels_by_rank(wide, 2), k_winners_take_all(wide, wide.shape[1] // 2))


@given(dense=coarse, n_levels=st.integers(2, 6))
def test_levels_by_value_cut_the_range_evenly(dense, n_levels):
    for row, result in zip(dense, levels_by_value(dense, n_levels), strict=True):
        low, high = row.min(), row.max()
        for value, level in zip(row, result, strict=True):
            part = 0 if high == low else int((value - low) / (high - low) * n_levels)
            assert level == pytest.approx(min(part, n_levels - 1) / (n_levels - 1))


@pytest.mark.parametrize("levels", [levels_by_rank, levels_by_value])
def test_fewer_than_two_levels_are_refused(levels):
    with pytest.raises(ValueError, match="n_levels is at least 2, got 1"):
        levels([[0.0, 1.0]], 1)


VALUES = np.array([[0, 1, 2, 120, 127, 3], [5, 4, 3, 2, 1, 0]])


@pytest.mark.parametrize(
    "kind", ["u1", "i1", "u2", "i2", "u8", "i8", ">i4", "f2", "f4", "f8", ">f8"]
)
@pytest.mark.parametrize("signed", [VALUES, VALUES - 128], ids=["positive", "signed"])
def test_real_numbers_of_every_type_have_the_same_order(kind, signed):
    if signed.min() < 0 and np.dtype(kind).kind == "u":
        signed = signed - signed.min()
    typed = signed.astype(kind)
    for act in (levels_by_rank, levels_by_value, k_winners_take_all):
        assert_array_equal(act(typed, 3), act(signed.astype(float), 3))


def test_truth_values_are_zeros_and_ones():
    bits = np.array([[True, False, True, False]])
    for act in (levels_by_rank, levels_by_value, k_winners_take_all):
        assert_array_equal(act(bits, 2), [[1, 0, 1, 0]])


@pytest.mark.parametrize("act", [levels_by_rank, levels_by_value, k_winners_take_all])
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([["1", "2"]], "<U1, not real numbers"),
        (np.array([[1j, 2]]), "complex128, not real numbers"),
        (np.array([[1, None]]), "object, not real numbers"),
        (np.array([["2026-01-01"]], dtype="M8[D]"), "not real numbers"),
        (np.ma.masked_equal([[1.0, 2.0]], 2.0), "under a mask"),
        ([[1.0, np.nan]], "can't rank NaN"),
    ],
)
def test_what_is_no_real_number_is_refused(act, values, words):
    with pytest.raises(ValueError, match=words):
        act(values, 2)


def test_transformer_refuses_more_winners_than_bits_when_it_is_fitted():
    with pytest.raises(ValueError, match="more than the 3 bits"):
        KWinnersTakeAll(k=4).fit(np.zeros((2, 3)))

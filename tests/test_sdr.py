from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from modclock.sdr import KWinnersTakeAll, k_winners_take_all

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


def test_transformer_refuses_more_winners_than_bits_when_it_is_fitted():
    with pytest.raises(ValueError, match="more than the 3 bits"):
        KWinnersTakeAll(k=4).fit(np.zeros((2, 3)))

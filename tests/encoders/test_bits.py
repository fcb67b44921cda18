"""Encoders whose codes are bits: grid cells, buckets, RDSE, random SDRs, one-hot."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modclock.encoders import (
    GridCellEncoder,
    OneHotNumberEncoder,
    RandomDistributedScalarEncoder,
    RandomSDREncoder,
    ScalarEncoder,
)

THREAD_TABLE = """
10 100 10000
01 010 01000
10 001 00100
01 100 00010
10 010 00001
01 001 10000
"""


def codes(encoder, count=97):
    return encoder.fit([[0]]).transform(np.arange(count)[:, np.newaxis])


def test_grid_cells_equal_the_table_of_the_thread_bit_for_bit():
    expected = [
        [int(bit) for bit in row.replace(" ", "")] for row in THREAD_TABLE.split("\n")[1:-1]
    ]
    assert codes(GridCellEncoder([2, 3, 5]), 6).tolist() == expected


@given(moduli=st.lists(st.sampled_from([2, 3, 5, 7, 11]), min_size=1, max_size=4, unique=True))
def test_coprime_grid_cells_repeat_after_the_product(moduli):
    encoder = GridCellEncoder(moduli)
    length = int(np.prod(moduli))
    table = codes(encoder, length)
    assert (table.sum(axis=1) == len(moduli)).all()
    assert len(np.unique(table, axis=0)) == length == encoder.repeat_length_
    assert np.array_equal(encoder.transform([[length + 1]])[0], table[1 % length])


def test_moduli_that_are_not_coprime_get_a_warning_that_names_the_repeat_length():
    with pytest.warns(UserWarning, match=r"\[4, 6\] are not coprime.* after 12 numbers"):
        GridCellEncoder([4, 6]).fit([[0]])


@pytest.mark.parametrize("moduli", [[], [1, 3], [2.5], ["3"]])
def test_impossible_moduli_are_refused(moduli):
    with pytest.raises(ValueError, match=r"moduli takes whole numbers from 2 to 2\*\*31"):
        GridCellEncoder(moduli).fit([[0]])


@given(n_active=st.integers(1, 40), n_bits=st.integers(40, 200), periodic=st.booleans())
def test_buckets_are_runs_and_neighbours_share_most(n_active, n_bits, periodic):
    table = codes(ScalarEncoder(97, n_bits=n_bits, n_active=n_active, periodic=periodic))
    assert (table.sum(axis=1) == n_active).all()
    edges = (np.diff(table, axis=1, append=table[:, :1]) != 0).sum(axis=1)
    assert (edges <= 2).all()  # one run, around the end if periodic
    step = n_bits / 97 if periodic else (n_bits - n_active) / 96
    shared = (table[:-1] * table[1:]).sum(axis=1)
    assert (shared >= n_active - np.ceil(step)).all()


def test_only_periodic_buckets_make_the_ends_neighbours():
    plain, periodic = (codes(ScalarEncoder(97, periodic=flag)) for flag in (False, True))
    assert plain[0] @ plain[96] == 0
    # A step moves the run by 400 / 97 bits: four or five of its 21.
    assert periodic[0] @ periodic[96] in (16, 17)
    assert periodic[0] @ periodic[1] in (16, 17)


@given(seed=st.integers(0, 1000), distance=st.integers(0, 96))
def test_rdse_shares_one_bit_less_for_every_step(seed, distance):
    encoder = RandomDistributedScalarEncoder(n_bits=2000, n_active=30, random_state=seed)
    table = codes(encoder)
    assert (table.sum(axis=1) == 30).all()
    shared = (table[: 97 - distance] * table[distance:]).sum(axis=1)
    assert (shared >= max(0, 30 - distance)).all()


def test_rdse_of_distant_numbers_shares_about_chance():
    shared = [
        table[:40] @ table[57:].T
        for seed in range(20)
        for table in [codes(RandomDistributedScalarEncoder(random_state=seed))]
    ]
    assert np.mean(shared) == pytest.approx(21 * 21 / 400, rel=0.1)


def test_random_sdrs_share_chance_whatever_the_distance():
    table = codes(RandomSDREncoder(n_active=133, random_state=0))
    assert (table.sum(axis=1) == 133).all()
    shared = table @ table.T
    off_diagonal = shared[~np.eye(97, dtype=bool)]
    assert off_diagonal.mean() == pytest.approx(133 * 133 / 400, rel=0.01)


def test_one_hot_codes_are_the_unit_vectors():
    assert np.array_equal(codes(OneHotNumberEncoder()), np.eye(97))


LIMITED = [ScalarEncoder, RandomDistributedScalarEncoder, RandomSDREncoder, OneHotNumberEncoder]


@pytest.mark.parametrize("kind", LIMITED)
@pytest.mark.parametrize("number", [-1, 5])
def test_numbers_outside_the_range_are_refused(kind, number):
    with pytest.raises(ValueError, match=r"encodes 0\.\.4"):
        kind(5).fit([[0]]).transform([[number]])


@pytest.mark.parametrize("kind", [ScalarEncoder, RandomDistributedScalarEncoder, RandomSDREncoder])
def test_more_active_bits_than_bits_are_refused(kind):
    with pytest.raises(ValueError, match="n_active=9 is more than n_bits=8"):
        kind(n_bits=8, n_active=9).fit([[0]])

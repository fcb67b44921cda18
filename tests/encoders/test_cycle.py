from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modclock.encoders import CycleEncoder, VarCycleEncoder

encoders = st.one_of(
    st.builds(
        CycleEncoder,
        n_clocks=st.integers(1, 20),
        period=st.floats(0.5, 200),
        random_state=st.integers(0, 1000),
    ),
    st.builds(
        VarCycleEncoder,
        n_clocks=st.integers(1, 20),
        period_low=st.floats(0.5, 3),
        period_high=st.floats(3, 200),
        random_state=st.integers(0, 1000),
    ),
)


def test_phases_equal_hand_computed_ones():
    encoder = VarCycleEncoder(n_clocks=3).fit([[0]])
    encoder.starts_ = np.array([0.0, 0.25, 0.9])
    encoder.periods_ = np.array([4.0, 2.0, 10.0])
    #   x = 1: 1/4, 1/4 + 1/2, 9/10 + 1/10 = one whole turn, which is phase 0
    #   x = 6: 6/4 - 1, 1/4 + 3 - 3, 9/10 + 6/10 - 1
    expected = [[0.25, 0.75, 0.0], [0.5, 0.25, 0.5]]
    assert np.allclose(encoder.transform([[1], [6]]) % 1.0, expected, atol=1e-12)


@given(encoder=encoders, number=st.integers(-(10**6), 10**6))
def test_phases_lie_in_one_turn(encoder, number):
    phases = encoder.fit([[0]]).transform([[number]])
    assert (phases >= 0).all()
    assert (phases < 1).all()


def test_a_tiny_negative_phase_is_zero_not_one():
    encoder = CycleEncoder(n_clocks=1, period=1e17).fit([[0]])
    encoder.starts_ = np.array([0.0])
    assert encoder.transform([[-1]]).tolist() == [[0.0]]


@given(period=st.integers(1, 50), number=st.integers(0, 1000), seed=st.integers(0, 1000))
def test_cycle_encoder_repeats_after_one_period(period, number, seed):
    encoder = CycleEncoder(n_clocks=10, period=period, random_state=seed).fit([[0]])
    now, later = encoder.transform([[number], [number + period]])
    turn = np.abs(now - later)
    assert (np.minimum(turn, 1 - turn) < 1e-9).all()


@given(encoder=encoders, i=st.integers(0, 500), j=st.integers(0, 500))
def test_phases_add_up_to_a_function_of_the_sum(encoder, i, j):
    encoder.fit([[0]])
    phase_i, phase_j, phase_sum = encoder.transform([[i], [j], [i + j]])
    error = (phase_i + phase_j - phase_sum - encoder.starts_) % 1.0
    assert (np.minimum(error, 1 - error) < 1e-6).all()


def test_periods_are_uniform_in_their_range():
    encoder = VarCycleEncoder(20_000, period_low=3, period_high=7, random_state=0).fit([[0]])
    share, _ = np.histogram(encoder.periods_, bins=4, range=(3, 7))
    # Four bins of 5000 expected, standard deviation sqrt(20000 * 1/4 * 3/4) = 61.
    assert share.sum() == 20_000
    assert (np.abs(share - 5000) < 4 * 61).all()


def test_one_call_encodes_whole_columns_with_the_same_clocks():
    encoder = VarCycleEncoder(n_clocks=5, random_state=0).fit([[0, 0]])
    single = VarCycleEncoder(n_clocks=5, random_state=0).fit([[0]])
    left, right = single.transform([[3]]), single.transform([[8]])
    assert np.array_equal(encoder.transform([[3, 8]]), np.hstack([left, right]))


def test_randomness_comes_from_random_state_alone():
    def phases(seed: int) -> np.ndarray:
        np.random.seed(seed + 100)  # noqa: NPY002 (global state must not matter)
        return VarCycleEncoder(n_clocks=8, random_state=1).fit_transform([[5], [6]])

    assert np.array_equal(phases(0), phases(1))
    other = VarCycleEncoder(n_clocks=8, random_state=2).fit_transform([[5], [6]])
    assert not np.array_equal(phases(0), other)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"period_low": 5, "period_high": 3}, "period_low=5 is above period_high=3"),
        ({"period_low": 0}, "period_low"),
        ({"period_high": -2}, "period_high"),
        ({"period_low": float("nan")}, "period_low"),
        ({"n_clocks": 0}, "n_clocks"),
        ({"n_clocks": 2.5}, "n_clocks"),
    ],
)
def test_impossible_parameters_are_refused(parameters, message):
    with pytest.raises(ValueError, match=message):
        VarCycleEncoder(**parameters).fit([[0]])


def test_a_period_that_is_not_positive_is_refused():
    with pytest.raises(ValueError, match="period"):
        CycleEncoder(period=0).fit([[0]])


@pytest.mark.parametrize(
    "numbers", [[[1.5]], [[np.nan]], [["3"]], [[None]], [[True]], [[2.0**63]], [[2**63]]]
)
def test_what_is_no_integer_of_64_bits_is_refused(numbers):
    encoder = CycleEncoder(n_clocks=4)
    with pytest.raises(ValueError, match=r"integers|NaN"):
        encoder.fit(numbers)
    with pytest.raises(ValueError, match=r"integers|NaN"):
        encoder.fit([[0]]).transform(numbers)

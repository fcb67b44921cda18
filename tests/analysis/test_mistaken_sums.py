"""For which sum the code of (i, i) is taken: derived against a closed form, clocks and ridge."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline

from modclock.analysis.mistaken_sums import (
    close_pair_was_seen,
    is_most_frequent,
    kinship_of_sums,
    likeliest_mistake,
    offsets_of_answers,
    readout_of_sums,
)
from modclock.analysis.phases import expected_kinship
from modclock.analysis.similarity import overlap_with_classes
from modclock.classifiers.presets import ridge_readout
from modclock.datasets import make_pairs, modular_sum, split_pairs
from modclock.encoders import VarCycleEncoder
from modclock.pairing import PairEncoder

WINDOW = np.arange(-12, 13)
RANGES = [(2, 10), (2, 5), (2, 20), (5, 20), (2, 3)]


def sawtooth(turns: float, share: float) -> float:
    """Half of the area of the falling profile over the last 2 q of a turn, moved by so much.

    The profile is 1 - s beyond 1 - r with r^2 = 2 q, so its area up to x is (r^2 - (1 - x)^2) / 2.
    """

    def area(x):
        rest = 1 - x % 1.0
        return share * np.floor(x) + max(2 * share - rest**2, 0.0) / 2

    moved = (area(1 + turns) - area(1 - 2 * share + turns)) / 2 - share**2
    return moved / ((2 * share) ** 1.5 / 3 - share**2)


@pytest.mark.parametrize("share", [0.2, 1 / 3, 0.45])
@pytest.mark.parametrize(("low", "high"), RANGES)
def test_the_sawtooth_has_the_closed_form(share, low, high):
    found = kinship_of_sums([-3, -1, 0, 2], share, low, high)
    for d, value in zip([-3, -1, 0, 2], found, strict=True):
        mean = quad(lambda period, d=d: sawtooth(d / period, share), low, high, limit=200)[0]
        assert value == pytest.approx(mean / (high - low), abs=0.01)


@pytest.mark.parametrize("waveform", ["sawtooth", "cosine", "triangle"])
def test_with_one_period_it_is_the_kinship_at_a_lag(waveform):
    found = kinship_of_sums([-3, 1, 2], 0.3, 7, 7, waveform)
    lags = np.array([3, -1, -2]) / 7
    assert np.allclose(found, expected_kinship(0.3, waveform, lags), atol=0.01)


@pytest.mark.parametrize("share", [0.2, 1 / 3])
def test_with_one_period_the_nearest_sum_is_behind_by_the_derived_part_of_a_turn(share):
    """Where half of the step's new ends are alike: sqrt(2 q) - 2 q of a turn behind."""
    behind = 1000 * (np.sqrt(2 * share) - 2 * share)
    offsets = np.arange(-500, 500)
    found = likeliest_mistake(offsets, kinship_of_sums(offsets, share, 1000, 1000)).offset
    assert found == pytest.approx(-behind, abs=3)


def test_bits_that_are_off_are_those_of_a_mirrored_clock():
    """So with 60 % on the errors lie on the other side than with 40 % on."""
    assert np.allclose(
        kinship_of_sums(WINDOW, 0.6, 2, 10), kinship_of_sums(-WINDOW, 0.4, 2, 10), atol=0.02
    )


def test_with_half_of_the_bits_on_no_sum_is_nearer_than_another():
    """The profile of equal numbers is flat then."""
    assert np.abs(kinship_of_sums(WINDOW, 0.5, 2, 10)).max() < 0.01
    assert np.abs(readout_of_sums(WINDOW, 0.5, 2, 10)).max() < 0.01


@pytest.mark.parametrize("equal", [True, False])
@pytest.mark.parametrize(("low", "high"), [(2, 10), (2, 3), (5, 20)])
def test_real_clocks_agree_as_derived(low, high, equal):
    """Mean agreement of (300, 300), or of an unequal pair, with 30 pairs of each sum."""
    rng = np.random.default_rng(0)
    first = np.array([[300, 300] if equal else [450, 150]])
    found = []
    encoder = VarCycleEncoder(20_000, period_low=low, period_high=high, random_state=0)
    model = PairEncoder(encoder, k=6667).fit(first)
    code = model.transform(first)[0]
    for d in range(-3, 4):
        apart = rng.integers(30, 120, 30)
        others = np.stack([300 - apart, 300 + d + apart], axis=1)
        found.append((model.transform(others) @ code).mean() / 20_000 - 1 / 9)
    variance = (2 / 3) ** 1.5 / 3 - 1 / 9
    expected = kinship_of_sums(np.arange(-3, 4), 1 / 3, low, high, equal=equal)
    assert np.allclose(np.array(found) / variance, expected, atol=0.06)


@pytest.mark.parametrize(("share", "low", "high"), [(0.33, 2, 10), (0.33, 2, 3), (0.6, 5, 20)])
def test_in_the_middle_of_the_table_it_is_so_for_the_mean_of_all_pairs(share, low, high):
    """Those of close numbers too: what they add to a sum comes out as nothing, nearly."""
    pairs = make_pairs(97, "strict")
    encoder = VarCycleEncoder(10_000, period_low=low, period_high=high, random_state=0)
    model = PairEncoder(encoder, k=round(10_000 * share)).fit(pairs)
    code = model.transform([[48, 48]])[0]
    near = np.arange(-4, 5)
    found = [(model.transform(pairs[pairs.sum(axis=1) == 96 + d]) @ code).mean() for d in near]
    rarer = min(share, 1 - share)
    agreement = (np.array(found) / 10_000 - share**2) / ((2 * rarer) ** 1.5 / 3 - rarer**2)
    assert np.allclose(agreement, kinship_of_sums(near, share, low, high), atol=0.1)


@pytest.mark.parametrize(("share", "low", "high"), [(1 / 3, 2, 10), (1 / 3, 5, 20), (0.6, 2, 5)])
def test_ridge_regression_on_real_codes_says_what_is_derived(share, low, high):
    """To a tenth: twelve pairs of each of 41 sums, six sets of 4000 clocks."""
    sums = np.repeat(np.arange(580, 621), 12)
    outputs = []
    for seed in range(6):
        first = np.random.default_rng(seed).integers(0, 260, len(sums))
        pairs = np.stack([first, sums - first], axis=1)
        encoder = VarCycleEncoder(4000, period_low=low, period_high=high, random_state=seed)
        model = PairEncoder(encoder, k=round(4000 * share)).fit(pairs)
        ridge = Ridge(alpha=1.0).fit(model.transform(pairs), np.eye(41)[sums - 580])
        outputs.append(ridge.predict(model.transform([[300, 300]]))[0])
    near = np.arange(-5, 6)
    expected = readout_of_sums(near, share, low, high, reach=20)
    found = np.mean(outputs, axis=0)[near + 20] - np.median(outputs)
    assert np.allclose(found, expected, atol=0.1)


@pytest.mark.parametrize("waveform", ["cosine", "triangle"])
@pytest.mark.parametrize(("low", "high"), RANGES)
def test_with_the_other_waveforms_the_right_sum_is_nearest(waveform, low, high):
    found = likeliest_mistake(WINDOW, kinship_of_sums(WINDOW, 1 / 3, low, high, waveform))
    assert found.offset == 0


# What the theory says of the sawtooth, written down before any learner was looked at.
NEAREST = {0.33: [-1, -1, -2, -2, 2], 0.6: [1, 1, 1, 2, -2]}
READ_OUT = {0.33: [-1, -1, -1, -2, 2], 0.6: [1, -2, 1, 1, -2]}


@pytest.mark.parametrize("share", [0.33, 0.6])
def test_predictions_that_were_made_before_the_learners_ran(share):
    for score, expected in ((kinship_of_sums, NEAREST), (readout_of_sums, READ_OUT)):
        found = [likeliest_mistake(WINDOW, score(WINDOW, share, *each)).offset for each in RANGES]
        assert found == expected[share]


def test_without_any_score_above_zero_nothing_is_predicted():
    assert likeliest_mistake([-1, 0, 1], [0.0, -0.2, -0.1]).rivalry == 1


@pytest.mark.parametrize("p", [5, 97])
def test_offsets_are_the_nearest_whole_numbers_with_that_remainder(p):
    rng = np.random.default_rng(0)
    pairs, answers = rng.integers(0, p, (50, 2)), rng.integers(0, p, 50)
    for (i, j), answer, offset in zip(
        pairs.tolist(),
        answers.tolist(),
        offsets_of_answers(pairs, answers, p).tolist(),
        strict=True,
    ):
        assert offset == min((answer - i - j + turns * p for turns in range(-3, 4)), key=abs)


def test_the_most_frequent_offset_is_one_that_no_other_equals():
    offsets = np.random.default_rng(0).integers(-3, 4, 40)
    for one in range(-4, 5):
        times = [offsets.tolist().count(other) for other in range(-4, 5)]
        others = times[: one + 4] + times[one + 5 :]
        assert is_most_frequent(one, offsets) == (times[one + 4] > max(others))


@pytest.mark.parametrize("offset", [-2, -1, 0, 3])
def test_close_pairs_are_counted_one_by_one(offset):
    train, test = split_pairs(make_pairs(23, "triangular"), random_state=0)
    found = close_pair_was_seen(train, test, offset)
    for (i, j), seen in zip(test.tolist(), found.tolist(), strict=True):
        close = [(a, b) for a, b in train.tolist() if a + b == i + j + offset and a - b <= 2]
        assert seen == bool(close)


def answers_to_the_diagonal(share, n_clocks, least_apart):
    """Offsets that ridge says of (i, i), trained on half of the pairs, less the close ones."""
    train, test = split_pairs(make_pairs(97, "triangular"), random_state=0)
    train = train[train[:, 0] - train[:, 1] >= least_apart]
    equal = test[test[:, 0] == test[:, 1]]
    encoder = VarCycleEncoder(n_clocks, period_low=2, period_high=10, random_state=0)
    model = make_pipeline(PairEncoder(encoder, k=round(share * n_clocks)), ridge_readout())
    model.fit(train, train.sum(axis=1) % 97)
    return offsets_of_answers(equal, model.predict(equal), 97)


@pytest.mark.parametrize(("share", "offset"), [(0.33, -1), (0.6, 1)])
def test_pairs_that_are_far_apart_are_enough_for_the_mistake(share, offset):
    """No close pair is there that (i, i) could be taken for, nor another (i, i)."""
    said = answers_to_the_diagonal(share, 400, least_apart=30)
    assert np.mean(said == offset) > 0.1
    assert np.mean(said == offset) > 3 * np.mean(said == -offset)


def test_kinship_0_does_not_keep_ridge_from_being_right():
    """With many clocks most of the diagonal is right at 60 % on, next to nothing at a third."""
    assert np.mean(answers_to_the_diagonal(0.6, 4000, 0) == 0) > 0.6
    assert np.mean(answers_to_the_diagonal(0.33, 4000, 0) == 0) < 0.1


@pytest.mark.parametrize("share", [0.33, 0.6])
@pytest.mark.parametrize("place", range(len(RANGES)))
def test_real_codes_of_400_clocks_are_nearest_to_those_of_the_derived_answer(share, place):
    """The answer that agrees most with (i, i), over all i and five sets of clocks."""
    pairs, (low, high) = make_pairs(97, "triangular"), RANGES[place]
    equal, said = pairs[:, 0] == pairs[:, 1], []
    for seed in range(5):
        encoder = VarCycleEncoder(400, period_low=low, period_high=high, random_state=seed)
        codes = PairEncoder(encoder, k=round(400 * share)).fit_transform(pairs)
        shared = overlap_with_classes(codes, modular_sum(pairs, 97))[equal]
        said.append(offsets_of_answers(pairs[equal], shared.argmax(axis=1), 97))
    assert is_most_frequent(NEAREST[share][place], np.concatenate(said))

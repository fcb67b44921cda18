from __future__ import annotations

import numpy as np
import pytest

from modclock.groups import cayley_table, group_elements
from modclock.pairing import PairEncoder
from modclock.study.trials.group_grokking import GroupGrokking
from modclock.study.trials.group_outcome import GroupOutcome
from modclock.tasks import GroupClockEncoder, PermutationEncoder, RepresentationEncoder

EVERY = np.arange(24)[:, np.newaxis]
PAIRS = np.indices((24, 24)).reshape(2, -1).T
COMPOSED = cayley_table("symmetric", 4).reshape(-1, 1)


@pytest.mark.parametrize(
    "encoder", [RepresentationEncoder(degree=4), RepresentationEncoder(degree=4, dimension=3),
                PermutationEncoder(degree=4)], ids=str)  # fmt: skip
def test_bound_codes_are_those_of_the_elements_composed(encoder):
    bound = PairEncoder(encoder, composition="bind").fit(PAIRS)
    codes = bound.encoder_.transform(COMPOSED)
    assert np.allclose(bound.transform(PAIRS), codes, atol=1e-6)


def test_transposed_matrices_multiply_in_the_wrong_order():
    encoder = RepresentationEncoder(degree=4, matrices="transposed")
    bound = PairEncoder(encoder, composition="bind").fit(PAIRS)
    swapped = bound.encoder_.transform(cayley_table("symmetric", 4).T.reshape(-1, 1))
    assert np.allclose(bound.transform(PAIRS), swapped, atol=1e-6)


def test_random_matrices_are_orthogonal_and_of_the_same_size():
    encoder = RepresentationEncoder(degree=4, dimension=3, matrices="random", random_state=0)
    codes = encoder.fit_transform(EVERY).reshape(24, 2, 3, 3)
    assert np.allclose(codes @ codes.swapaxes(-1, -2), np.eye(3))
    assert len(np.unique(codes.round(6), axis=0)) == 24


def test_an_unknown_dimension_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"^dimension: the representations have 1, 2, 3, got 5$"):
        RepresentationEncoder(degree=4, dimension=5).fit(EVERY)


@pytest.mark.parametrize("encoder", [RepresentationEncoder(degree=4), GroupClockEncoder(degree=4)])
def test_numbers_of_no_element_are_refused(encoder):
    with pytest.raises(ValueError, match=r"encodes 0\.\.23, got 24 to 24"):
        encoder.fit(EVERY).transform([[24]])


def test_a_group_clock_shows_where_its_point_goes():
    encoder = GroupClockEncoder(degree=4, n_clocks=50, random_state=0).fit(EVERY)
    codes = encoder.transform(EVERY)
    for number, images in enumerate(group_elements("symmetric", 4)):
        for clock in range(50):
            place = images[encoder.watched_[clock]]
            assert codes[number, clock] == encoder.dials_[clock, place]
    assert np.array_equal(np.sort(encoder.dials_, axis=1), np.tile(np.arange(4) / 4, (50, 1)))
    assert set(encoder.watched_) == {0, 1, 2, 3}


def outcome(**fields):
    return GroupOutcome(task="symmetric", size=4, epochs=40, **fields).run()


def test_a_linear_readout_gets_bound_representations_right_and_no_others():
    right = {"encoder": "RepresentationEncoder", "encoder_params": {"degree": 4}}
    assert outcome(**right, composition="bind")["linear_test_accuracy"] == 1.0
    assert outcome(**right, composition="concatenate_dense")["linear_test_accuracy"] < 0.2


def test_an_input_of_the_wrong_order_errs_within_the_class_of_the_answer():
    wrong = {"degree": 4, "matrices": "transposed"}
    found = outcome(encoder="RepresentationEncoder", encoder_params=wrong, composition="bind")
    assert found["same_class"] > 0.9 * found["n_wrong"] > 50


def test_an_input_without_order_says_the_answer_of_the_mirror_image():
    clocks = {"degree": 4, "n_clocks": 200}
    found = outcome(encoder="GroupClockEncoder", encoder_params=clocks, composition="overlap", k=70)
    assert found["said_mirrored"] > 0.3 * found["n_wrong"] > 30


def test_a_network_learns_a_group_by_heart_and_only_true_answers_become_one_kind():
    small = GroupGrokking(group="cyclic", degree=47, n_steps=1500, train_fraction=0.7)
    true, by_heart = (
        small.model_copy(update={"shuffled_answers": shuffled}).run() for shuffled in (False, True)
    )
    assert by_heart["evaluations"][-1]["train_accuracy"] == 1.0
    assert by_heart["evaluations"][-1]["test_accuracy"] < 0.2
    assert true["evaluations"][-1]["test_accuracy"] > 0.9
    assert true["one_kind"] > 2 * by_heart["one_kind"]
    for each in (true, by_heart):
        assert sum(row["after"] for row in each["power"]) == pytest.approx(1)

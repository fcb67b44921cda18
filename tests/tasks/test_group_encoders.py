from __future__ import annotations

import numpy as np
import pytest

from modclock.classifiers.presets import mlp_classifier
from modclock.groups import cayley_table, group_elements
from modclock.pairing import PairEncoder
from modclock.study.trials.base import one_thread_quietly
from modclock.study.trials.group_grokking import GroupGrokking
from modclock.study.trials.group_outcome import GroupOutcome, group_codes
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
    with pytest.raises(ValueError, match=r"encodes 0\.\.23, but X holds 24"):
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


def test_an_input_without_order_repeats_the_mirror_image_or_says_one_answer_to_both():
    clocks = {"degree": 4, "n_clocks": 200}
    found = outcome(encoder="GroupClockEncoder", encoder_params=clocks, composition="overlap", k=70)
    recalled, fresh = found["by_mirror"]
    assert recalled["said_mirrored"] > 0.8 * recalled["n_pairs"] > 50
    assert fresh["said_right"] == fresh["said_mirrored"] > 0  # one input, and both are test pairs


@pytest.mark.parametrize(("group", "degree", "order"), [("symmetric", 4, 24), ("dihedral", 5, 10)])
def test_the_compared_codes_are_as_wide_as_their_parts(group, degree, order):
    widths = {
        name: GroupOutcome(**fields).encoded().codes.shape[1]
        for name, fields in group_codes(group, degree, n_clocks=30, k=10).items()
    }
    assert widths == {
        "one-hot, side by side": 2 * order,
        "permutations, side by side": 2 * degree**2,
        "matrices, multiplied": order,
        "wrong order": order,
        "random matrices": order,
        "matrices of a circle": 2 * order - 2,  # two signs, and rotations of four entries each
        "group clocks, overlap": 30,
        "group clocks, own places": 30,
    }


def test_a_trial_counts_pairs_that_do_not_commute_and_its_optimiser_steps():
    trial = GroupOutcome(task="symmetric", size=5, encoder="OneHotNumberEncoder",
                         encoder_params={"p": 120}, composition="concatenate",
                         width_factor=0.05, epochs=3, train_fraction=0.03)  # fmt: skip
    found, rows = trial.run(), trial.encoded()
    network = mlp_classifier(width_factor=0.05, max_iter=3)
    with one_thread_quietly():
        network.fit(rows.codes[rows.train], rows.answers[rows.train])
    assert found["n_steps"] == network._optimizer.t
    pairs = trial.table().numbers
    shown = {tuple(pair) for pair in pairs[rows.train].tolist()}
    table = cayley_table("symmetric", 5)
    tested = [(g, h) for g, h in pairs[rows.test].tolist() if table[g, h] != table[h, g]]
    n_known = sum((h, g) in shown for g, h in tested)
    counted = [counts["n_pairs"] for counts in found["by_mirror"]]
    assert counted == [n_known, len(tested) - n_known]


def test_a_readout_of_the_wrong_order_does_no_better_than_a_lookup_of_it():
    wrong = {"degree": 4, "matrices": "transposed"}
    found = outcome(encoder="RepresentationEncoder", encoder_params=wrong, composition="bind")
    assert found["linear_test_accuracy"] == pytest.approx(found["reversed_lookup"], abs=0.05)


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

"""The sentences of the notebooks that no criterion judges, checked against the published rows."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from support import ROOT

ADDITIVE = ["concatenate", "concatenate_dense", "dense_sum", "sdr_sum"]


@cache
def rows(name: str) -> pd.DataFrame:
    return pd.read_csv(ROOT / "outputs" / "reference" / "data" / f"{name}.csv")


@cache
def by_input(classifier: str) -> pd.DataFrame:
    """Notebook 09: mean test accuracy, inputs by compositions."""
    chosen = rows("09_other_encoders").query("classifier == @classifier")
    return chosen.groupby(["input", "composition"]).test_accuracy.mean().unstack()


def test_longer_periods_cost_accuracy_and_shorter_ones_change_little():
    overlap = rows("03_overlap_headline").query("composition == 'overlap'")
    mean = overlap.groupby(["encoder__period_low", "encoder__period_high"]).test_accuracy.mean()
    declining = [mean[2, high] for high in (10, 20, 100)]
    assert declining == sorted(declining, reverse=True)
    assert mean[2, 5] == pytest.approx(mean[2, 10], abs=0.02)


def test_the_regressor_gains_little_after_the_training_pairs_are_learned():
    mean = rows("06_regressor").groupby("network")[["train_accuracy", "test_accuracy"]].mean()
    early, late = mean.loc["6 layers, 50 epochs"], mean.loc["6 layers, 200 epochs"]
    assert early.train_accuracy > 0.99
    assert late.test_accuracy == pytest.approx(early.test_accuracy, abs=0.02)


def test_shapes_that_fall_behind_on_test_pairs_do_so_on_training_pairs_as_well():
    mean = rows("06_regressor").groupby("network")[["train_accuracy", "test_accuracy"]].mean()
    behind = mean[mean.test_accuracy < 0.9]
    assert (behind.train_accuracy < 0.99).all()


def test_the_linear_readout_loses_with_finer_levels():
    readout = rows("08_levels").query("classifier == 'ridge_readout'")
    mean = readout.groupby("input").test_accuracy.mean()
    for way in ("rank", "value"):
        falling = [mean[f"{n} levels by {way}"] for n in (3, 5)] + [mean["dense sum"]]
        assert falling == sorted(falling, reverse=True)
    assert mean["bits, 133 of 400 on"] > mean["3 levels by rank"]


def test_the_linear_readout_fails_with_every_encoder_where_the_numbers_are_only_added():
    readout = by_input("ridge_readout")
    assert readout[ADDITIVE].max().max() < 0.02
    assert readout.loc["random clocks", "overlap"] > 0.9


def test_clocks_generalise_better_from_any_combination_of_bits_than_from_concatenation():
    clocks = by_input("mlp_classifier").loc["random clocks"]
    assert clocks[["or", "xor", "and"]].min() > clocks[["concatenate", "sdr_sum"]].max()


def test_binding_as_good_as_solves_the_task():
    assert by_input("mlp_classifier").bind.dropna().min() > 0.95


def test_htm_encodings_are_far_above_chance_and_far_below_the_clocks():
    best = by_input("mlp_classifier").loc[["HTM buckets", "HTM buckets, periodic", "HTM RDSE"]]
    assert best.max(axis=1).between(0.1, 0.6).all()


def test_naive_bayes_on_single_bits_beats_the_maps_of_pairs():
    mean = rows("10_value_map").query("k == 133").groupby("learner").test_accuracy.mean()
    assert mean["naive Bayes, single bits"] > mean.filter(like="value map").max()


def test_forests_generalise_best_from_the_dense_sum():
    free = rows("11_random_forest").query("forest == 'no limits'")
    mean = free.groupby("input").test_accuracy.mean()
    assert mean.idxmax() == "dense sum"
    assert mean["overlap"] > 0.5
    assert mean["concatenated SDRs"] < 1 / 97


def test_inputs_that_only_add_never_come_near_the_best():
    accuracy = rows("12_encoding_properties").groupby("numbers").test_accuracy.max()
    assert accuracy["combined"] - accuracy["side by side or added"] > 0.3


def test_a_linear_readout_of_the_overlap_does_what_the_network_does():
    mean = rows("13_bits_and_answers").groupby("classifier").test_accuracy.mean()
    assert mean["ridge_readout"] >= mean["mlp_classifier"] - 0.01


@cache
def map_of_periods() -> pd.DataFrame:
    """Notebook 14: means by waveform, range and condition, from the network of the map."""
    every = rows("14_unknown_periods").query("width == 1")
    names = ["waveform", "low", "high", "condition"]
    return every.groupby(names)[["train_accuracy", "test_accuracy"]].mean().unstack()


def test_only_short_periods_give_the_threads_figure_for_the_overlap():
    overlap = map_of_periods()["test_accuracy", "overlap"].reset_index("high")
    near = overlap["test_accuracy", "overlap"].sub(0.9693).abs() <= 0.02
    assert near.any()
    assert overlap["high"][near].max() <= 10


def test_concatenated_sdrs_are_learned_on_training_pairs_at_every_range():
    assert map_of_periods()["train_accuracy", "SDRs"].min() > 0.4


def test_with_short_periods_concatenated_dense_codes_come_near_the_collapse():
    turns = map_of_periods().loc["sawtooth"]["train_accuracy", "dense codes"]
    assert turns.loc[2, 5] < 0.15


def test_the_forest_fails_on_the_overlap_at_no_range_at_which_the_network_succeeds():
    test = map_of_periods()["test_accuracy"]
    assert test.forest[test.overlap > 0.9].min() > 0.5


def test_concatenated_sdrs_are_learned_by_about_half_at_every_range():
    assert map_of_periods()["train_accuracy", "SDRs"].min() > 0.45


def test_hands_in_steps_agree_only_where_turns_do():
    overlap = map_of_periods()["test_accuracy", "overlap"]
    near = overlap.sub(0.9693).abs() <= 0.02
    assert set(near[near].loc["sawtooth_in_steps"].index) <= set(near[near].loc["sawtooth"].index)

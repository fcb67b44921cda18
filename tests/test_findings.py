"""The sentences of the notebooks that no criterion judges, checked against the published rows."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from modclock.grokking.committee import equilibrium
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


def test_a_small_mlp_beats_every_fast_transform_network():
    mean = rows("15_fast_transform").groupby(["classifier", "network"]).test_accuracy.mean()
    assert mean["mlp_classifier", "MLP, small, 1 layer"] > mean["fast_transform"].max() + 0.1


def test_a_share_that_is_enough_on_the_random_split_is_not_on_the_mirrored_one():
    sweep = rows("16_grokking").query("setting == 'sweep' and train_fraction == 0.3")
    best = sweep.groupby(["split", "weight_decay"]).test_accuracy.mean().groupby("split").max()
    assert best["random"] > 0.9
    assert best["mirrored"] < 0.1


def test_the_papers_own_settings_grok():
    runs = rows("16_grokking").query("setting in ['power_2022', 'nanda_2023']")
    assert len(runs) == 2
    assert (runs.steps_to_test / runs.steps_to_train).min() >= 2  # the least that C24 asks


def test_the_waves_are_in_the_logits_before_the_test_pairs_come_out_right():
    known = rows("17_rotations").query("train_accuracy > 0.99 and test_accuracy < 0.1")
    by_run = known.sort_values("step").groupby("seed").logits_explained
    assert (by_run.last() > 5 * by_run.first()).all()
    assert by_run.last().mean() > by_run.first().mean() + 0.1


def test_a_linear_readout_gets_nothing_from_added_embeddings():
    readout = rows("18_learned_encoding").query("learner == 'linear readout'")
    assert readout.query("input == 'embedding'").test_accuracy.max() < 0.02


def test_lengths_of_transformers_fall_little_by_little_and_accuracy_does_not():
    runs = rows("19_weight_decay").query("network == 'transformer' and start_scale == 1")
    mean = runs.query("train_fraction == 0.5").groupby("weight_decay").mean(numeric_only=True)
    lengths = mean.weight_norm / mean.weight_norm.shift()
    assert lengths.min() > 0.4
    assert mean.test_accuracy.diff().abs().max() > 0.4


def test_transformers_that_learned_from_long_and_other_starts_end_about_as_long():
    """Notebook 19: of the decays that have the time to act."""
    runs = rows("19_weight_decay").query("network == 'transformer' and train_fraction == 0.5")
    known = runs.query("weight_decay >= 0.5 and train_accuracy >= 0.95")
    kind = (known.start_scale > 1).map({True: "long", False: "other"}).rename("kind")
    length = known.groupby([kind, "weight_decay", "seed"]).weight_norm.agg(["min", "max"])
    long, other = length.loc["long"], length.loc["other"]
    apart = np.maximum(long["max"] / other["min"], other["max"] / long["min"])
    apart = apart.dropna().unstack("weight_decay")
    assert apart.shape == (7, 2)  # of eight seeds, at two decays
    assert apart[0.5].max() < 1.6
    assert apart[1.0].max() < 1.2
    assert known.query("weight_decay == 1").test_accuracy.min() > 0.95
    assert known.query("weight_decay == 0.5").test_accuracy.median() < 0.95


def test_fast_transforms_lose_all_their_weights_to_a_strong_decay():
    mixers = rows("19_weight_decay").query("network == 'fast transforms'")
    length = mixers.groupby("classifier__weight_decay").weight_norm.mean()
    assert length[1.0] < 0.01 * length[0.5]


def test_committees_of_three_starts_have_two_lengths_at_weak_decay():
    theory = [equilibrium(40, 0.002, start_length=start).length for start in (1, 25)]
    assert theory[1] > 5 * theory[0]


def by_learner() -> pd.DataFrame:
    """Notebook 20, all ordered pairs: mean test accuracy, learners by training shares."""
    return (
        rows("20_why_concatenation_collapses")
        .query("pairs == 'full'")
        .pivot_table(index="learner", columns="train_fraction", values="test_accuracy")
    )


def test_additive_learners_get_worse_with_more_pairs():
    few_waves = by_learner().loc["linear readout, few waves"]
    assert few_waves.is_monotonic_decreasing
    assert few_waves.iloc[0] > 1 / 97 > few_waves.iloc[-1]
    assert by_learner().loc[["linear readout, SDRs", "naive Bayes, SDRs"]].max().max() < 0.5 / 97


def test_products_help_where_there_are_few_of_them():
    assert by_learner().loc["product kernel, SDRs"].max() < 0.5 / 97
    assert by_learner().loc["product kernel, few waves"].min() > 5 / 97


def test_hidden_layers_choose_given_most_of_the_pairs():
    for learner in ("network, 1 layer, SDRs", "network, 5 layers, SDRs"):
        assert by_learner().loc[learner].is_monotonic_increasing
        assert by_learner().loc[learner].iloc[-1] > 0.5


def test_the_diagonal_hangs_on_the_waveform_and_not_on_the_share_of_bits():
    of_the_thread = rows("21_why_the_diagonal_fails").query(
        "classifier == 'mlp_classifier' and encoder__period_low == 2 and encoder__period_high == 10"
    )
    mean = of_the_thread.groupby(["way", "share_on"]).mean(numeric_only=True)
    diagonal = mean.test_diagonal_accuracy.unstack()
    assert 0.05 < diagonal.loc["sawtooth", 0.6] < 0.2  # kinship 0 does not say that all fail
    assert (diagonal.loc["sawtooth"] < diagonal.loc[["triangle", "cosine"]].min() / 2).all()
    elsewhere = mean.test_off_diagonal_accuracy.unstack()
    assert (elsewhere.loc["sawtooth"] > elsewhere.loc[["triangle", "cosine"]].max()).all()
    assert (elsewhere.loc["sawtooth, wrapped"] > elsewhere.loc["sawtooth"]).all()


def test_with_the_right_encoding_every_answer_that_was_seen_is_told():
    """And nothing else is as good with as few pairs."""
    every = rows("23_the_right_encoding")
    mean = every.groupby(["way", "operation", "train_fraction"]).test_accuracy.mean().unstack(0)
    seen, right = mean["answers seen in training"], mean["right encoding, linear readout"]
    assert (seen - right).abs().max() < 0.02
    few = mean.xs(0.2, level="train_fraction")
    assert few["random clocks, overlap, network"].max() < few[right.name].min()
    assert few["one-hot, network"].max() < few[right.name].min()


@cache
def fair(part: str) -> pd.DataFrame:
    """Notebook 29, each input after its longest training."""
    found = rows("29_fair_chance").query("part == @part")
    return found[found.epoch == found.groupby("input").epoch.transform("max")]


def test_centred_inputs_are_learned_by_heart_even_with_shuffled_answers():
    shuffled = fair("shuffled answers").query("scaling == 'centred'")
    assert shuffled.groupby("input").train_accuracy.mean().min() > 0.99
    assert fair("shuffled answers").test_accuracy.max() < 0.03


def test_the_overlap_needs_no_fine_setting_and_the_others_do():
    means = fair("settings").groupby(["input", "scaling", "learning_rate"]).test_accuracy.mean()
    mean = means[means.index.get_level_values("learning_rate") <= 0.003]
    assert mean["overlap"].min() > 0.9
    for other in ("dense sum", "dense, side by side", "SDRs side by side", "OR of the SDRs"):
        assert means[other].max() > 4 * means[other].min()
        assert means[other].max() < mean["overlap"].min()
    assert means.xs(0.03, level="learning_rate")["overlap"].max() < 0.2  # then nothing is learned


def test_the_best_setting_of_the_sum_is_inside_what_was_tried_and_the_seed_decides_there():
    found = fair("settings").query("input == 'dense sum'")
    means = found.groupby(["scaling", "learning_rate"]).test_accuracy.mean()
    assert means.idxmax() == ("centred", 0.01)
    best = found.query("scaling == 'centred' and learning_rate == 0.01").test_accuracy
    assert best.min() < 0.2
    assert best.max() > 0.9


def test_centring_costs_test_accuracy_at_half_of_the_pairs():
    usual = fair("scans").query("p == 97 and train_fraction == 0.5")
    mean = usual.groupby(["classifier__width_factor", "input", "scaling"]).test_accuracy.mean()
    assert (mean.unstack().centred < mean.unstack()["none"]).all()


def test_with_seven_tenths_of_the_pairs_each_input_gets_more_than_half():
    mean = fair("scans").query("p == 97").groupby(["train_fraction", "input", "scaling"])
    best = mean.test_accuracy.mean().groupby(["train_fraction", "input"]).max()
    assert best[0.7].min() > 0.5
    assert best[0.3]["overlap"] > 0.9
    assert best[0.3].drop(["overlap", "OR of the SDRs"]).max() < 0.1


def test_with_their_own_settings_all_inputs_learn_and_the_overlap_alone_with_every_seed():
    own = fair("own setting").set_index(["input", "seed"])
    tested = own.test_accuracy.groupby("input")
    assert 0.03 < tested.mean()["random SDRs side by side"] < 0.07
    mean, least, most = (
        found.drop("random SDRs side by side")
        for found in (tested.mean(), tested.min(), tested.max())
    )
    assert mean.min() > 0.5
    assert least["overlap"] > 0.95
    assert least.drop("overlap").max() < 0.7
    unsteady = ["dense sum", "SDRs side by side", "dense, side by side"]
    assert least[unsteady].max() < 1 / 3
    assert most[unsteady].min() > 0.9
    assert least.drop(unsteady).min() > 0.6
    known = own.train_accuracy["dense sum"] == 1
    assert 0 < known.sum() < len(known)
    gap = own.test_accuracy["overlap"] - own.test_accuracy["dense sum"]
    assert gap[known].mean() < 0.02
    assert gap[~known].mean() > 0.1


def test_codes_that_join_both_numbers_help_a_fresh_transformer_learned_or_not():
    moved = rows("18_learned_encoding").query("part == 'exchange'")
    of_kernel = moved[moved.into == "kernel machine"].groupby("code").test_accuracy.max()
    assert of_kernel["grokked, numbers exchanged"] < 0.03
    assert of_kernel["grokked"] > 0.2
    over_time = moved[(moved.into == "transformer") & (moved.step > 0)].groupby("code")
    mean = over_time.test_accuracy.mean()
    assert mean["after"] > mean["before"] + 0.1
    assert min(mean["random circulants"], mean["joined to itself"]) > mean["before"] + 0.1
    assert mean["untrained"] < 0.03


def test_the_forecast_ranks_grid_cells_badly_and_as_well_as_plain_validation_over_all():
    """Notebook 22: one rank over all other encoders hides an unlike kind."""
    field = rows("22_predicting_usefulness").query("part == 'judging' and 0.05 <= accuracy <= 0.95")

    def rank(one: pd.DataFrame, name: str) -> float:
        return one[name].corr(one.accuracy, method="spearman")

    kinds = dict(list(field.groupby("kind")))
    grid_cells = kinds.pop("grid cells")
    assert rank(grid_cells, "narrow_or_kernel") == pytest.approx(0.4, abs=0.05)
    assert rank(grid_cells, "held_out") > rank(grid_cells, "narrow_or_kernel") + 0.1
    assert rank(grid_cells, "network") == pytest.approx(0.9, abs=0.05)
    assert len(kinds) == 4
    assert min(rank(one, "narrow_or_kernel") for one in kinds.values()) > 0.8
    assert rank(field, "held_out") == pytest.approx(rank(field, "narrow_or_kernel"), abs=0.01)


def test_every_input_chose_among_the_same_settings_and_most_chose_the_longest_training():
    """Notebook 29: so more of it might help these."""
    tried = rows("29_fair_chance").query("part == 'settings'")
    setting = ["scaling", "learning_rate", "epoch"]
    offered = tried.groupby("input").apply(
        lambda part: set(part[["seed", *setting]].itertuples(index=False, name=None))
    )
    assert len(offered) == 5
    assert len(set(map(frozenset, offered))) == 1
    found = tried.groupby(["input", *setting]).validation_accuracy.mean()
    longest = found.groupby("input").idxmax().map(lambda names: names[3]) == tried.epoch.max()
    assert longest.drop("dense sum").all()
    assert not longest["dense sum"]


def test_more_steps_of_the_same_size_do_not_help_bits_side_by_side_as_more_pairs_do():
    """Notebooks 05 and 29; larger steps on centred bits, for many epochs, do."""
    found = rows("29_fair_chance").query("input == 'SDRs side by side'")
    scans = found.query("part == 'scans' and train_fraction == 0.5 and p == 97 and epoch >= 50")
    longer = scans.groupby(["scaling", "classifier__width_factor", "epoch"])
    assert longer.test_accuracy.mean().max() < 0.3
    own = found[found.part == "own setting"]
    assert set(own.scaling) == {"centred"}
    assert (own.learning_rate == 0.01).all()
    assert own.test_accuracy.mean() > 0.5


def test_a_sum_that_was_learned_by_heart_is_not_always_understood():
    """Notebook 29: the chosen setting, with four fifths of the training pairs."""
    tried = rows("29_fair_chance").query("part == 'settings' and input == 'dense sum'")
    chosen = tried.query("scaling == 'centred' and learning_rate == 0.01 and epoch == 200")
    assert (chosen.train_accuracy == 1).all()
    assert (chosen.test_accuracy < 0.5).sum() == 3
    assert len(chosen) == 5


def test_on_the_mirrored_split_the_machine_needs_most_of_the_pairs():
    """Notebook 25."""
    shares = rows("25_grokking_without_a_network").query("part == 'shares' and split == 'mirrored'")
    mean = shares.groupby(["p", "share"]).test_accuracy.mean().unstack("p")
    assert mean.loc[0.5].max() == 0
    assert mean.loc[0.75].min() > 0.5

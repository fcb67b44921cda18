from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from modclock.study.figures.race import (
    conclusion,
    standings,
    standings_in_words,
    tuning_in_words,
)


def entrant(method, encoding, steps, seconds, accuracy=1.0, activation="square"):
    """A row of a trial; a seed without steps has failed."""
    races = [
        {
            "race_seed": seed,
            "reached": taken is not None,
            "steps": taken or 1000,
            "products": 10 * (taken or 1000),
            "train_accuracy": 1.0,
            "test_accuracy": accuracy if taken else 0.5,
        }
        for seed, taken in enumerate(steps)
    ]
    times = [{"race_seed": seed, "compiling": 0.25, "training": seconds} for seed in range(3)]
    return {
        "method": method, "encoding": encoding, "activation": activation, "split": "mirrored",
        "settings": "", "races": races, "times": times,
    }  # fmt: skip


ROWS = pd.DataFrame(
    [
        entrant("AdamW", "one-hot", [100, 200, 400], 2.0),
        entrant("Muon", "one-hot", [50, 50, None], 1.0),
        entrant("StableMax", "one-hot", [10, None, None], 0.5),
        entrant("AdamW", "cosines", [20, 40, 30], 0.5),
        entrant("linear readout", "all cosines, bound", [1, 1, 1], 0.1),
        entrant("AdamW", "one-hot", [None, None, None], 9.0, activation="relu"),
    ]
)


def test_failures_are_slower_than_all_others_and_stay_in_the_table():
    table = standings(ROWS).set_index(["method", "encoding", "network"])
    assert len(table) == len(ROWS)
    assert table.steps["Muon", "one-hot", "square"] == 50
    assert np.isinf(table.seconds["StableMax", "one-hot", "square"])
    assert table.reached["StableMax", "one-hot", "square"] == 1
    assert table.iloc[0].name[0] == "linear readout"


def test_ratios_are_to_plain_adamw_on_one_hot_codes_with_the_same_network():
    ratio = standings(ROWS).set_index(["method", "encoding", "network"]).steps_ratio
    assert ratio["AdamW", "one-hot", "square"] == 1
    assert ratio["Muon", "one-hot", "square"] == 4
    assert ratio["StableMax", "one-hot", "square"] == 0
    assert ratio["linear readout", "all cosines, bound", "no network"] == 200


def test_what_failed_is_said_in_words():
    other = entrant("Muon", "one-hot", [9, 9, 9], 1.0, activation="relu")
    rows = pd.concat([ROWS, pd.DataFrame([other])], ignore_index=True)
    text = standings_in_words(standings(rows)).to_string(delimiter="|")
    shown = pd.read_csv(io.StringIO(text), sep="|", dtype=str)
    shown = shown.set_index(["method", "encoding", "network"])
    assert shown["reached"]["StableMax", "one-hot", "square"] == "1 of 3"
    assert shown["seconds"]["StableMax", "one-hot", "square"] == "failed"
    assert pd.isna(shown["steps ratio"]["StableMax", "one-hot", "square"])
    assert shown["steps ratio"]["Muon", "one-hot", "relu"] == "AdamW failed"
    assert shown["steps ratio"]["Muon", "one-hot", "square"] == "4.00"


@pytest.mark.parametrize(("bound", "met"), [(3.0, "within"), (0.2, "not within")])
def test_the_conclusion_names_the_fastest_and_whether_it_met_the_bound(bound, met):
    said = conclusion(standings(ROWS), bound)
    assert said.startswith("The fastest entrant is linear readout on all cosines, bound: 0.35 ")
    assert f"That is {met} the {bound:g} seconds" in said
    assert "Without an encoding it is Muon on one-hot (square): 1.2" in said
    assert said.endswith("Of 6 entrants 1 never get there.")


def test_where_nobody_gets_there_the_conclusion_says_so():
    assert conclusion(standings(ROWS.tail(1)), 3.0).startswith("No entrant")


def test_each_ten_settings_stand_for_a_search_of_their_own():
    steps = [50, 30, None, *[None] * 7, *[None] * 10, 70]
    searched = entrant("AdamW", "one-hot", [1], 1.0) | {
        "tuning": [
            {"steps": taken or 99, "reached": taken is not None, "test_accuracy": 0.5 + n / 100}
            for n, taken in enumerate(steps)
        ]
    }
    text = tuning_in_words(pd.DataFrame([searched])).to_string(delimiter="|")
    row = text.splitlines()[1]
    assert row == "square|AdamW, one-hot, mirrored|3|21|70.0%|30, none, 70"

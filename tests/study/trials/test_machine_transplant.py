from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from modclock.grokking.presets import PRESETS
from modclock.study.trials.machine_transplant import MachineTransplant, _rows_of_root

P = 23
SMALL = PRESETS["fast"] | {
    "p": P, "split": "random", "train_fraction": 0.7, "width": 48, "mlp_width": 32,
    "batch_size": None, "n_steps": 20, "evaluate_every": 10,
}  # fmt: skip


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    trial = MachineTransplant(**SMALL, ridges=[1e-3], feature_steps=6, moved_steps=0)
    return pd.DataFrame(trial.run()["transplants"])


def test_rows_of_a_root_have_the_matrix_as_their_inner_products():
    drawn = np.random.default_rng(0).normal(size=(6, 6))
    matrix = drawn @ drawn.T
    rows = _rows_of_root(matrix, 9)
    assert rows.shape == (6, 9)
    np.testing.assert_allclose(rows @ rows.T, matrix, atol=1e-12)
    with pytest.raises(ValueError, match="at least 6 is needed"):
        _rows_of_root(matrix, 5)


def test_a_kernel_learns_sums_from_clocks_that_fit_and_not_from_exchanged_ones(found):
    kernel = found[found.into == "kernel machine"].set_index("code").test_accuracy
    assert kernel["five clocks"] > 5 / P
    assert kernel["five clocks"] > 3 * kernel["grokked, numbers exchanged"]


def test_all_fresh_transformers_start_alike_but_for_their_tables(found):
    fresh = found[(found.into == "transformer") & (found.step == 0)].set_index("code")
    assert set(fresh.index) == {
        "untrained", "before", "after", "after, numbers exchanged", "random circulants",
        "joined to itself", "its own",
    }  # fmt: skip
    assert fresh.test_accuracy.max() < 4 / P


def test_a_network_with_a_table_for_each_place_can_tell_an_order_apart():
    from modclock.study.trials.machine_transplant import _TwoTables

    trial = _TwoTables(**SMALL)
    network = trial.network()
    assert network.numbers.shape == (2 * P, 48)
    (train, _), (pairs, _) = trial.examples(), trial.split_pairs()
    np.testing.assert_array_equal(train.inputs, pairs + np.array([0, P]))
    np.testing.assert_array_equal(train.answers, pairs.sum(axis=1) % P)

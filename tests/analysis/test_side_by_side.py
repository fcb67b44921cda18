from __future__ import annotations

import numpy as np

from modclock.analysis.side_by_side import SideBySide

TRAIN, TEST = np.array([[0, 1], [2, 2], [1, 4]]), np.array([[1, 0], [3, 1], [4, 3]])


class Says:
    """A learner that has its answers already."""

    def __init__(self, answers: list[int]) -> None:
        self.answers = np.array(answers)

    def predict(self, codes: np.ndarray) -> np.ndarray:
        return self.answers


def test_inner_products_of_the_inputs_times_a_root_are_entries_of_the_matrix():
    rng = np.random.default_rng(0)
    root = rng.normal(size=(10, 10))
    matrix = root @ root.T
    task = SideBySide.of(TRAIN, TEST, 5)
    codes = task.times_root(matrix)
    for (i, j), one in zip([*TRAIN, *TEST], codes, strict=True):
        for (k, m), other in zip([*TRAIN, *TEST], codes, strict=True):
            rows, columns = [i, 5 + j], [k, 5 + m]
            assert np.isclose(one @ other, matrix[np.ix_(rows, columns)].sum())


def test_what_is_right_is_counted_for_training_test_and_new_pairs():
    task = SideBySide.of(TRAIN, TEST, 5)
    assert task.new.tolist() == [False, True, True]
    found = task.measured(Says([1, 4, 3, 0, 4, 2]), task.codes)
    assert found == {"train_accuracy": 2 / 3, "test_accuracy": 2 / 3, "new_accuracy": 1.0}
    mirrored = SideBySide.of(TRAIN, TRAIN[:, ::-1], 5)
    assert mirrored.measured(Says([1] * 6), mirrored.codes)["new_accuracy"] is None

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from modclock.study.trials.race import RaceTrial
from modclock.study.trials.race_inputs import NUMBERS, PAIRS, Size, make_problem

SMALL: dict[str, Any] = {
    "method": "AdamW", "encoding": "one-hot", "p": 11, "tuning_p": 7, "n_tuning": 2, "n_seeds": 2,
    "width": 16, "n_steps": 20,
}  # fmt: skip


@pytest.mark.parametrize("encoding", [*NUMBERS, *PAIRS])
def test_sides_share_no_pair_and_no_mirror_image_and_answers_are_sums(encoding):
    p = 7
    problem = make_problem(encoding, p, Size(2, 30, 10), 0, 0)
    sides = []
    for indices, answers in (
        (problem.train, problem.train_answers),
        (problem.test, problem.test_answers),
    ):
        pairs = np.stack(np.divmod(indices[:, 0], p), axis=1) if encoding in PAIRS else indices
        assert np.array_equal(pairs.sum(axis=1) % p, answers)
        sides.append({tuple(sorted(pair)) for pair in pairs.tolist()})
    assert not sides[0] & sides[1]
    assert len(problem.train) + len(problem.test) == p * p


def test_all_cosines_are_one_hot_codes_turned_around():
    codes = make_problem("all cosines", 11, Size(), 0, 0).codes
    inner = codes @ codes.T
    assert np.allclose(inner - inner[0, 1], (inner[0, 0] - inner[0, 1]) * np.eye(11))


def test_exchanged_cosines_are_the_same_codes_on_other_numbers():
    codes, other = (
        make_problem(name, 11, Size(2), 0, 0).codes for name in ("cosines", "cosines, exchanged")
    )
    assert not np.allclose(codes, other)
    assert np.allclose(np.sort(codes, axis=0), np.sort(other, axis=0))


def test_a_bound_code_is_that_of_the_sum():
    problem = make_problem("all cosines, bound", 7, Size(), 0, 0)
    for answer in range(7):
        codes = problem.inputs(problem.train[problem.train_answers == answer])
        assert np.allclose(codes, codes[0])


@pytest.mark.parametrize("method", ["AdamW", "feature machine"])
def test_all_but_times_come_out_alike(method):
    trial = RaceTrial(**SMALL | {"method": method, "n_feature_steps": 2})
    first, second = trial.run(), trial.run()
    assert first.pop("times") is not second.pop("times")
    assert first == second
    assert [race["race_seed"] for race in first["races"]] == [0, 1]


def test_the_setting_with_the_fewest_steps_is_taken():
    found = RaceTrial(**SMALL | {"encoding": "cosines", "n_frequencies": 3, "n_tuning": 6}).run()
    tried = [row for row in found["tuning"] if row["reached"]] or found["tuning"]
    best = min(tried, key=lambda row: (row["steps"], -row["test_accuracy"]))
    assert found["settings"].startswith(f"learning_rate {best['learning_rate']:.2g}")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"method": "AdamV"}, "did you mean 'AdamW'"),
        ({"encoding": "cosine"}, "did you mean 'cosines'"),
        ({"activation": "cube"}, "activation: "),
        ({"split": "ordered"}, "split: "),
        ({"tuning_p": 11}, "tuning_p: has to be another modulus"),
        ({"method": "GrokTransfer", "encoding": "cosines"}, "it takes one-hot"),
        ({"n_seeds": 0}, "n_seeds"),
    ],
)
def test_what_can_not_race_is_refused_in_words(changed, message):
    with pytest.raises(ValidationError, match=message):
        RaceTrial(**SMALL | changed)


def test_the_random_split_parts_mirror_images():
    trial = RaceTrial(**SMALL | {"split": "random"})
    problem = trial._problem(11, 0)
    train, test = (set(map(tuple, part.tolist())) for part in (problem.train, problem.test))
    assert {(j, i) for i, j in train} & test

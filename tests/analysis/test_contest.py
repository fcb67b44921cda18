from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import minimize

from modclock.analysis.contest import agreement, as_accuracy, in_the_middle, looked_up

ACCURACIES = st.lists(st.floats(0, 1).map(lambda x: round(x, 3)), min_size=3, max_size=12)


@given(accuracies=ACCURACIES, falls=st.booleans(), seed=st.integers(0, 9))
def test_the_map_is_monotone_and_keeps_the_order_of_new_scores(accuracies, falls, seed):
    assume(len(set(accuracies)) > 1)
    sign = -1 if falls else 1
    scores = sign * np.argsort(np.argsort(accuracies, kind="stable")).astype(float)
    new = np.random.default_rng(seed).uniform(-15, 15, 8)
    found = as_accuracy(scores, accuracies, new)
    assert ((found >= 0) & (found <= 1)).all()
    rises = np.diff(found[np.argsort(sign * new)])
    assert (rises >= -1e-12).all()
    # Scores that order the known ones without a mistake are mapped to just these.
    back = as_accuracy(scores, accuracies, scores)
    np.testing.assert_allclose(back, accuracies, atol=1e-5)


def test_the_map_is_the_best_monotone_one():
    scores, accuracies = [1, 2, 3, 4, 5, 6], np.array([0.1, 0.5, 0.2, 0.3, 0.9, 0.7])
    found = as_accuracy(scores, accuracies, scores)
    best = minimize(
        lambda fit: ((fit - accuracies) ** 2).sum(),
        np.linspace(0, 1, 6),
        constraints=[{"type": "ineq", "fun": np.diff}],
        options={"ftol": 1e-14},
    )
    np.testing.assert_allclose(found, best.x, atol=1e-5)
    assert (np.diff(found) > 0).all()  # level pieces keep the order of the scores


@given(seed=st.integers(0, 50))
def test_a_lookup_takes_the_mean_of_what_is_like_it_in_most_names(seed):
    rng = np.random.default_rng(seed)
    known = [(int(a), int(b)) for a, b in rng.integers(0, 3, (12, 2))]
    accuracies = rng.random(12)
    new = [(int(a), int(b)) for a, b in rng.integers(0, 5, (9, 2))]
    for names, found in zip(new, looked_up(known, accuracies, new), strict=True):
        same = [x for other, x in zip(known, accuracies, strict=True) if other == names]
        last = [x for other, x in zip(known, accuracies, strict=True) if other[1] == names[1]]
        assert found == pytest.approx(np.mean(same or last or accuracies))


def test_what_tells_nothing_agrees_with_nothing():
    assert agreement([1, 1, 1], [0.1, 0.2, 0.3]) == agreement([1, 2, 3], [0.5, 0.5, 0.5]) == 0.0
    assert agreement([3, 2, 1], [0.1, 0.2, 0.3]) == pytest.approx(-1.0)


def test_the_middle_leaves_out_next_to_nothing_and_next_to_all():
    accuracies = [0.0, 0.05, 0.051, 0.949, 0.95, 1.0]
    assert in_the_middle(accuracies).tolist() == [False, False, True, True, False, False]

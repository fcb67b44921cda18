from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array, issparse
from sklearn.utils.estimator_checks import parametrize_with_checks

from modclock.classifiers.value_map import ValueMapClassifier
from modclock.datasets import make_pairs, modular_sum
from modclock.encoders import VarCycleEncoder
from modclock.pairing import PairEncoder
from oracles import DictionaryValueMap

FORMS = ["frequency", "log_probability"]


bit_tables = arrays(
    np.int8, st.tuples(st.integers(2, 12), st.integers(2, 8)), elements=st.integers(0, 1)
)


@pytest.mark.parametrize("form", FORMS)
@given(X=bit_tables, data=st.data())
def test_scores_and_predictions_equal_the_dictionary_version(form, X, data):
    y = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(X), max_size=len(X))))
    new = data.draw(arrays(np.int8, (5, X.shape[1]), elements=st.integers(0, 1)))
    oracle = DictionaryValueMap().fit(X, y)
    model = ValueMapClassifier(form).fit(X, y)
    assert np.allclose(model.pair_scores(new), [oracle.scores(row, form) for row in new])
    assert model.predict(new).tolist() == oracle.predict(new, form)


@pytest.mark.parametrize("form", FORMS)
def test_overlapped_clocks_are_learned_as_by_the_dictionary_version(form):
    pairs = make_pairs(11)
    X = PairEncoder(VarCycleEncoder(30, random_state=0), k=10).fit_transform(pairs)
    y = modular_sum(pairs, 11)
    model = ValueMapClassifier(form).fit(X[::2], y[::2])
    oracle = DictionaryValueMap().fit(X[::2], y[::2])
    assert model.predict(X[1::2]).tolist() == oracle.predict(X[1::2], form)


def test_counting_in_parts_equals_counting_at_once():
    rng = np.random.default_rng(0)
    X, y = rng.integers(2, size=(30, 10)), rng.integers(4, size=30)
    whole = ValueMapClassifier().fit(X, y)
    parts = ValueMapClassifier().partial_fit(X[:13], y[:13], classes=range(4))
    parts.partial_fit(X[13:], y[13:])
    assert np.array_equal(whole.counts_, parts.counts_)
    with pytest.raises(ValueError, match=r"not named before: \[9\]"):
        parts.partial_fit(X[:1], [9])


@pytest.mark.parametrize(
    ("X", "y", "weight"), [([[2, 0]], [0], None), ([[1, 0]], [7], None), ([[1, 0]], [0], [-1])]
)
def test_a_refused_first_call_leaves_nothing_behind(X, y, weight):
    model = ValueMapClassifier()
    with pytest.raises(ValueError, match=r"values other than|not named before|sample_weight"):
        model.partial_fit(X, y, classes=[0, 1], sample_weight=weight)
    with pytest.raises(ValueError, match="classes must be passed"):
        model.partial_fit([[1, 0]], [0])


@pytest.mark.parametrize("form", FORMS)
def test_probabilities_sum_to_one_and_agree_with_the_prediction(form):
    rng = np.random.default_rng(0)
    X, y = rng.integers(2, size=(40, 12)), rng.integers(4, size=40)
    model = ValueMapClassifier(form).fit(X, y)
    shares = model.predict_proba(X)
    assert np.allclose(shares.sum(axis=1), 1)
    assert np.array_equal(model.classes_[shares.round(12).argmax(axis=1)], model.predict(X))


def test_where_no_pair_says_anything_all_classes_are_equal():
    model = ValueMapClassifier().fit([[1, 1, 0], [1, 1, 0]], [0, 1])
    assert model.predict_proba([[0, 0, 1]]).tolist() == [[0.5, 0.5]]


def test_the_memory_bound_is_kept_before_anything_is_allocated():
    X = np.zeros((97, 20_000), dtype=np.int8)  # would take 466 GB
    with pytest.raises(ValueError, match="20000 bits and 97 classes take 465600000000 bytes"):
        ValueMapClassifier().fit(X, np.arange(97))


def test_anything_but_bits_is_refused():
    with pytest.raises(ValueError, match="other than 0 and 1"):
        ValueMapClassifier().fit([[0.5, 1.0]], [0])


def test_the_size_of_the_thread_takes_seconds():
    pairs = make_pairs(97, "triangular")
    X = PairEncoder(VarCycleEncoder(400, random_state=0), k=133).fit_transform(pairs)
    start = time.monotonic()
    predicted = ValueMapClassifier().fit(X, modular_sum(pairs, 97)).predict(X)
    assert time.monotonic() - start < 30
    assert len(predicted) == 4753


class SigningValueMapClassifier(ValueMapClassifier):
    """Turns the floats that the checks feed into bits: positive or not.

    Two such bits make a single pair, so no good accuracy can be asked for.
    """

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.poor_score = True
        return tags

    def _as_bits(self, X):
        if issparse(X):
            return csr_array(X).sign().maximum(0)
        array = np.asarray(X)
        plain = array.dtype.kind in "fiu" and np.isfinite(array).all()
        return (array > 0).astype(np.float32) if plain and array.ndim == 2 else X

    def fit(self, X, y, sample_weight=None):
        return super().fit(self._as_bits(X), y, sample_weight)

    def partial_fit(self, X, y, classes=None, sample_weight=None):
        return super().partial_fit(self._as_bits(X), y, classes, sample_weight)

    def pair_scores(self, X):
        return super().pair_scores(self._as_bits(X))


def impossible_checks(estimator):
    return {"check_dtype_object": "feeds objects; only bits have pairs"}


@parametrize_with_checks([SigningValueMapClassifier()], expected_failed_checks=impossible_checks)
def test_scikit_learn_checks(estimator, check):
    check(estimator)

"""Models that add evidence from two halves of an input: what they gain, lose and can get right.

The table of a group operation is a Latin square: every answer stands once in each row and once in
each column, so two pairs with the same answer never share an operand. A model is *additive* if
its score of a class is a function of the first number plus a function of the second: a linear
readout of concatenated or added codes, naive Bayes on them, a kernel machine whose kernel is a
sum over the halves. Notebook `20_why_concatenation_collapses` states and proves what follows;
`modclock.analysis.trades` counts what no additive model can do (claims C09, C10).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modclock.datasets import IntArray, make_pairs, modular_sum
from modclock.validation import check_modulus


class Margins(NamedTuple):
    """Mean margins of the two sides of a split.

    Attributes
    ----------
    train, test : mean over the pairs of the score of the right answer, less the mean score of all
        answers. Over all p * p pairs of a Latin square the margins of an additive model sum to 0;
        over other sets of pairs, as the strict ones, they need not.
    """

    train: float
    test: float


def margins(scores: ArrayLike, answers: ArrayLike, is_train: ArrayLike) -> Margins:
    """How far a model raises the right answers above the mean of all, on both sides of a split.

    If the two sides together are a whole Latin square, an additive model can't raise both: what
    it gains on the training pairs it loses on the test pairs, however it was trained. A margin
    is not an accuracy: few very negative ones can outweigh many positive ones.

    Parameters
    ----------
    scores : float array-like, shape (n_pairs, n_classes), a model's score of every class.
    answers : int array-like, shape (n_pairs,), the right classes.
    is_train : bool array-like, shape (n_pairs,), whether the pair was trained on.

    Returns
    -------
    Margins.

    Examples
    --------
    Some number for every first and second operand and class, added up:

    >>> from modclock.datasets import modular_sum
    >>> pairs = make_pairs(5, "full")
    >>> rng = np.random.default_rng(0)
    >>> first, second = rng.normal(size=(2, 5, 5))
    >>> scores = first[pairs[:, 0]] + second[pairs[:, 1]]
    >>> found = margins(scores, modular_sum(pairs, 5), is_train=np.arange(25) < 10)
    >>> bool(abs(10 * found.train + 15 * found.test) < 1e-12)
    True
    """
    values = np.asarray(scores, dtype=np.float64)
    chosen = np.asarray(is_train, dtype=bool)
    right = values[np.arange(len(values)), np.asarray(answers)]
    margin = right - values.mean(axis=1)
    return Margins(float(margin[chosen].mean()), float(margin[~chosen].mean()))


class AdditiveModel(NamedTuple):
    """Scores of all answers that are a sum of what two numbers say.

    Attributes
    ----------
    first, second : float64 arrays, shape (p, p): what each first and each second number (row)
        adds to the score of each answer (column).
    """

    first: NDArray[np.float64]
    second: NDArray[np.float64]

    def scores(self, pairs: IntArray) -> NDArray[np.float64]:
        """Scores of all answers, shape (n_pairs, p), for pairs of shape (n_pairs, 2)."""
        return self.first[pairs[:, 0]] + self.second[pairs[:, 1]]


def right_above_all(scores: ArrayLike, answers: ArrayLike) -> NDArray[np.bool_]:
    """Whether the right answer scores higher than every other one; a tie counts as wrong.

    Parameters
    ----------
    scores : float array-like, shape (n_pairs, n_classes).
    answers : int array-like, shape (n_pairs,), the right classes.

    Returns
    -------
    bool array, shape (n_pairs,).

    Examples
    --------
    >>> right_above_all([[2, 1], [2, 1], [1, 1]], [0, 1, 0])
    array([ True, False, False])
    """
    values, right = np.asarray(scores, dtype=np.float64), np.asarray(answers)
    pairs = np.arange(len(values))
    others = values.copy()
    others[pairs, right] = -np.inf
    return np.asarray(values[pairs, right] > others.max(axis=1))


def upside_down_accuracy(model: Any, train: IntArray, test: IntArray, p: int) -> float:
    """Share of right answers if the lowest score names the answer, not the highest.

    Parameters
    ----------
    model : an unfitted scikit-learn classifier of pairs, or a pipeline, with `decision_function` or
        `predict_log_proba`.
    train, test : int arrays, shapes (n_train, 2) and (n_test, 2). Every sum is among the
        training pairs.
    p : modulus, at least 3.

    Examples
    --------
    A model that knows its training pairs is wrong on all of them that way:

    >>> from sklearn.tree import DecisionTreeClassifier
    >>> pairs = make_pairs(5, "full")
    >>> upside_down_accuracy(DecisionTreeClassifier(random_state=0), pairs, pairs, p=5)
    0.0
    """
    model.fit(train, modular_sum(train, p))
    score = getattr(model, "decision_function", None) or model.predict_log_proba
    said = model.classes_[np.argmin(score(test), axis=1)]
    return float((said == modular_sum(test, p)).mean())


def strict_model(p: int) -> AdditiveModel:
    """An additive model that gets all strict and same-value pairs (i >= j) right.

    Row i has the answer c in column x, and column j has it in row y. The answer's score is
    -(p - i + x)^2 - (p - y + j)^2, a whole number. Notebook `20_why_concatenation_collapses`
    proves that it is largest where the two meet, at x = j and y = i.

    Parameters
    ----------
    p : modulus, at least 2.

    Returns
    -------
    AdditiveModel of whole numbers.

    Examples
    --------
    >>> pairs = make_pairs(97, "strict")
    >>> bool(right_above_all(strict_model(97).scores(pairs), modular_sum(pairs, 97)).all())
    True
    """
    check_modulus(p)
    own, answer = np.arange(p)[:, np.newaxis], np.arange(p)
    partner = (answer - own) % p
    first = -((p - own + partner) ** 2)
    return AdditiveModel(first.astype(float), -((p - partner + own) ** 2).astype(float))


def window_model(p: int) -> AdditiveModel:
    """An additive model that gets p * p - floor(p * p / 4) of all ordered pairs right.

    Two sums i + j have the same answer. The model believes in one of them: the one among p sums
    in a row, from (p - 1) // 2 on. It prefers the answer whose sum s is nearest, by
    4 s (i + j) - 2 s^2. For whether fewer pairs could be wrong see `modclock.analysis.trades`.

    Parameters
    ----------
    p : modulus, at least 2.

    Returns
    -------
    AdditiveModel of whole numbers.

    Examples
    --------
    >>> pairs = make_pairs(5, "full")
    >>> int(right_above_all(window_model(5).scores(pairs), modular_sum(pairs, 5)).sum())
    19
    """
    check_modulus(p)
    low = (p - 1) // 2
    sums = low + (np.arange(p) - low) % p
    half = (4 * sums * np.arange(p)[:, np.newaxis] - sums**2).astype(float)
    return AdditiveModel(half, half)


def cyclic_split(p: int, differences: Collection[int]) -> tuple[IntArray, NDArray[np.bool_]]:
    """All ordered pairs, and which to train on: those (i, j) whose j - i is one of `differences`.

    For odd p every answer and every number, at either place, then occurs equally often among the
    training pairs. For splits of this kind naive Bayes on one-hot halves gets every test
    pair wrong, which notebook `20_why_concatenation_collapses` proves.

    Parameters
    ----------
    p : odd modulus.
    differences : at least one whole number from 0 to p - 1, not all of them.

    Returns
    -------
    pairs : int64 array, shape (p * p, 2), in the order of `make_pairs(p, "full")`.
    is_train : bool array, shape (p * p,).

    Raises
    ------
    ValueError : for even p, or differences that leave a side empty.

    Examples
    --------
    >>> pairs, is_train = cyclic_split(3, [1])
    >>> pairs[is_train].tolist()
    [[0, 1], [1, 2], [2, 0]]
    """
    check_modulus(p)
    chosen = np.unique(list(differences))
    if p % 2 == 0:
        raise ValueError(f"cyclic splits are balanced for odd p, got {p}")
    if not 0 < len(chosen) < p or chosen.min() < 0 or chosen.max() >= p:
        raise ValueError(f"differences are some, not all, of 0..{p - 1}, got {chosen.tolist()}")
    pairs = make_pairs(p, "full")
    return pairs, np.isin((pairs[:, 1] - pairs[:, 0]) % p, chosen)


def naive_bayes_scores(pairs: IntArray, is_train: NDArray[np.bool_], p: int) -> NDArray[np.float64]:
    """Joint log-probabilities of naive Bayes with one bit a number and place, by counting.

    Bits that are off count as well; counts are smoothed by one, as scikit-learn does.

    Parameters
    ----------
    pairs, is_train : see `cyclic_split`; every answer occurs among the training pairs.
    p : modulus.

    Returns
    -------
    float64 array, shape (n_pairs, p).

    Examples
    --------
    The test pair (0, 0) has its right answer last; 1 and 2 were seen with one of its numbers each:

    >>> pairs, is_train = cyclic_split(3, [1, 2])
    >>> naive_bayes_scores(pairs, is_train, 3)[0].round(2)
    array([-6.64, -4.45, -4.45])
    """
    answers = modular_sum(pairs[is_train], p)
    n_examples = np.bincount(answers, minlength=p)
    scores = np.tile(np.log(n_examples / n_examples.sum()), (len(pairs), 1))
    for place in (0, 1):
        counts = np.zeros((p, p))
        np.add.at(counts, (pairs[is_train, place], answers), 1)
        share = (counts + 1) / (n_examples + 2)
        log_odds = np.log(share) - np.log1p(-share)
        scores += log_odds[pairs[:, place]] + np.log1p(-share).sum(axis=0)
    return scores

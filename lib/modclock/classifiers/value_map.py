"""ValueMap: a map from pairs of bits that are on together to classes (claim C12)."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import issparse
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags, gen_batches
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from modclock.validation import COUNT, POSITIVE, CheckedParameters, Rule, one_of

FloatArray = NDArray[np.float64]
Bits = NDArray[np.float32]


class ValueMapClassifier(ClassifierMixin, CheckedParameters, BaseEstimator):
    """For every pair of bits that are on together, a map over the classes seen in training.

    To predict, the maps of all pairs of bits that are on in a sample are added up; the class
    with the highest sum wins. A pair of bits is two different bits, without order.

    Parameters
    ----------
    form : what a pair's map holds for a class:

        - "frequency": the share of the class among the training samples in which the pair
          was on; nothing for a pair that never was.
        - "log_probability": the logarithm of that share, smoothed by `smoothing`. The sum
          is naive Bayes over pairs of bits, without a prior.
    smoothing : counts added to every class of every pair, positive; used by
        "log_probability" alone.
    max_bytes : bound of the memory for the maps; see Notes.

    Attributes
    ----------
    classes_ : array (n_classes,), sorted.
    counts_ : float32 array (n_classes, n_bits, n_bits), in how many samples of a class both
        bits were on; symmetric.
    n_features_in_ : number of bits.

    Raises
    ------
    ValueError : in `fit`, for input other than zeros and ones, or if the maps would need
        more memory than `max_bytes`.

    Notes
    -----
    Counts, maps and a batch of samples take at most 12 * n_classes * n_bits^2 bytes together
    (186 MB for 400 bits and 97 classes); this is checked before anything is allocated. Prediction
    takes one matrix product a bit, of the samples in which it is on.

    Examples
    --------
    >>> X = np.array([[1, 1, 0, 0], [1, 1, 1, 0], [0, 0, 1, 1]])
    >>> model = ValueMapClassifier().fit(X, [3, 3, 5])
    >>> model.predict([[1, 1, 0, 1], [0, 0, 1, 1]])
    array([3, 5])
    """

    classes_: NDArray[Any]
    n_features_in_: int
    rules: ClassVar[dict[str, Rule]] = {
        "form": one_of(["frequency", "log_probability"]),
        "smoothing": POSITIVE,
        "max_bytes": COUNT,
    }

    def __init__(
        self, form: str = "frequency", *, smoothing: float = 1.0, max_bytes: int = 2**30
    ) -> None:
        self.form = form
        self.smoothing = smoothing
        self.max_bytes = max_bytes

    def fit(self, X: Any, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Count pairs of bits by class.

        Parameters
        ----------
        X : zeros and ones, array or sparse array, shape (n_samples, n_bits).
        y : classes, shape (n_samples,).
        sample_weight : how often each sample counts, shape (n_samples,); once when None.
        """
        self.check_parameters()
        X, labels = validate_data(self, X, y, accept_sparse="csr")
        check_classification_targets(labels)
        classes = np.unique(labels)
        counted = _checked_samples(X, labels, sample_weight, classes)
        self._begin(classes)
        return self._count(*counted)

    def partial_fit(
        self,
        X: Any,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Count more samples.

        Parameters
        ----------
        X, y, sample_weight : as in `fit`.
        classes : all classes that there will be; needed in the first call, and the same later.

        Raises
        ------
        ValueError : for a first call without classes, other classes in a later one, or a class in
            y that is not among them.
        """
        self.check_parameters()
        start = not hasattr(self, "counts_")
        if start and classes is None:
            raise ValueError("classes must be passed on the first call to partial_fit")
        named = np.unique(np.asarray(self.classes_ if classes is None else classes))
        if not start and not np.array_equal(named, self.classes_):
            raise ValueError(
                f"classes={named.tolist()} is not the same as on the first call to partial_fit: "
                f"{self.classes_.tolist()}"
            )
        X, labels = validate_data(self, X, y, reset=start, accept_sparse="csr")
        check_classification_targets(labels)
        counted = _checked_samples(X, labels, sample_weight, named)
        if start:
            self._begin(named)
        return self._count(*counted)

    def pair_scores(self, X: ArrayLike) -> FloatArray:
        """Sum of the maps of the active pairs, shape (n_samples, n_classes)."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, accept_sparse="csr")
        bits = _checked_bits(X).astype(np.float64)
        maps = self._maps()
        n_bits, n_classes = bits.shape[1], len(self.classes_)
        scores = np.zeros((len(bits), n_classes))
        # As many samples at once as stay within the memory of the maps.
        batch_size = max(1, n_classes * n_bits**2 // (4 * (n_bits + n_classes)))
        for batch in gen_batches(len(bits), batch_size):
            _add_maps(scores[batch], bits[batch], maps)
        return scores

    def predict_proba(self, X: ArrayLike) -> FloatArray:
        """Shares of the classes, shape (n_samples, n_classes), rows summing to 1.

        For "frequency" the scores divided by their sum; for "log_probability" their
        softmax. Equal shares where no pair of bits says anything.
        """
        scores = self.pair_scores(X)
        if self.form == "log_probability":
            return softmax(scores, axis=1)
        total = scores.sum(axis=1, keepdims=True)
        equal = np.full_like(scores, 1 / scores.shape[1])
        return np.divide(scores, total, out=equal, where=total > 0)

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The class with the highest score; of scores equal to nine decimals, the first."""
        scores = self.pair_scores(X)
        return self.classes_[scores.round(9).argmax(axis=1)]

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def _count(self, bits: Bits, y: NDArray[Any], weights: Bits | None) -> Self:
        for place, label in enumerate(self.classes_):
            members = bits[y == label]
            weighted = members if weights is None else members * weights[y == label, np.newaxis]
            self.counts_[place] += weighted.T @ members
        return self

    def _begin(self, classes: NDArray[Any]) -> None:
        shape = (len(classes), self.n_features_in_, self.n_features_in_)
        needed = 12 * math.prod(shape)
        if needed > self.max_bytes:
            raise ValueError(
                f"the maps of {self.n_features_in_} bits and {len(classes)} classes take "
                f"{needed} bytes, more than max_bytes={self.max_bytes}"
            )
        self.classes_ = classes
        self.counts_ = np.zeros(shape, dtype=np.float32)

    def _maps(self) -> FloatArray:
        """The map of every pair, shape (n_pairs, n_classes), pairs in the order of the features."""
        first, second = np.triu_indices(self.n_features_in_, 1)
        maps = self.counts_[:, first, second].T.astype(np.float64, order="C")
        total = maps.sum(axis=1, keepdims=True)
        if self.form == "frequency":
            np.divide(maps, total, out=maps, where=total > 0)
        else:
            maps += self.smoothing
            maps /= total + self.smoothing * len(self.classes_)
            np.log(maps, out=maps)
        return maps


def _add_maps(scores: FloatArray, bits: FloatArray, maps: FloatArray) -> None:
    """Add the maps of the pairs that are on, for each bit those with the bits behind it."""
    start = 0
    for bit in range(bits.shape[1] - 1):
        behind = bits.shape[1] - 1 - bit
        on = np.flatnonzero(bits[:, bit])
        scores[on] += bits[on, bit + 1 :] @ maps[start : start + behind]
        start += behind


def _checked_samples(
    X: Any, y: NDArray[Any], sample_weight: ArrayLike | None, classes: NDArray[Any]
) -> tuple[Bits, NDArray[Any], Bits | None]:
    """Bits, classes and weights of samples that can be counted."""
    if unknown := sorted(set(np.unique(y).tolist()) - set(classes.tolist())):
        raise ValueError(f"y holds classes that were not named before: {unknown}")
    return _checked_bits(X), y, _checked_weights(sample_weight, len(y))


def _checked_bits(X: Any) -> Bits:
    """Zeros and ones as an array: the counts that they give are no sparser."""
    array = X.toarray() if issparse(X) else X
    if not np.isin(array, (0, 1)).all():
        raise ValueError("ValueMapClassifier takes bits: X holds values other than 0 and 1")
    return array.astype(np.float32)


def _checked_weights(sample_weight: ArrayLike | None, count: int) -> Bits | None:
    if sample_weight is None:
        return None
    weights = np.asarray(sample_weight, dtype=np.float32)
    if weights.shape != (count,) or not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError(
            f"sample_weight holds {count} finite numbers of at least 0, one a sample, got shape "
            f"{weights.shape}"
        )
    if not weights.any():
        raise ValueError("sample_weight is zero for all samples: there is nothing to count")
    return weights

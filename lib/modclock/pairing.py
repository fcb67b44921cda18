"""Two encodings become one input: the compositions of the thread."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin, _fit_context, clone
from sklearn.utils import Tags
from sklearn.utils._param_validation import HasMethods, Interval
from sklearn.utils.validation import check_is_fitted

from modclock.sdr import k_winners_take_all
from modclock.validation import check_choice, check_integers

FloatArray = NDArray[np.floating]


def _overlap(first: FloatArray, second: FloatArray, k: int) -> FloatArray:
    return k_winners_take_all(first + second, k)


def _concatenate(first: FloatArray, second: FloatArray, k: int) -> FloatArray:
    return np.hstack([k_winners_take_all(first, k), k_winners_take_all(second, k)])


def _concatenate_dense(first: FloatArray, second: FloatArray, k: int) -> FloatArray:
    return np.hstack([first, second])


def _dense_sum(first: FloatArray, second: FloatArray, k: int) -> FloatArray:
    return first + second


COMPOSITIONS: dict[str, Callable[[FloatArray, FloatArray, int], FloatArray]] = {
    "overlap": _overlap,
    "concatenate": _concatenate,
    "concatenate_dense": _concatenate_dense,
    "dense_sum": _dense_sum,
}
DENSE_COMPOSITIONS = ("concatenate_dense", "dense_sum")


class PairEncoder(TransformerMixin, BaseEstimator):
    """Encode both numbers of a pair with one encoder and compose the two encodings.

    Parameters
    ----------
    encoder : transformer from an int column to dense vectors, one of `modclock.encoders`
        or your own. A clone of it is fitted once and encodes both numbers.
    composition : how two dense encodings of width N become one input:

        - "overlap": add them, then k-winners-take-all; N bits (claims C01 to C08).
        - "concatenate": k-winners-take-all of each, side by side; 2N bits, 2k of them
          on (C09).
        - "concatenate_dense": the dense vectors side by side; 2N floats (C09 as a
          reader of the thread describes it).
        - "dense_sum": the sum itself, without a step to an SDR; N floats (C04).
    k : number of winners; the dense compositions do not use it.

    Attributes
    ----------
    encoder_ : the fitted encoder.
    n_features_in_ : 2.

    Raises
    ------
    ValueError : in `fit` and `transform`, for anything but an int array with two
        columns, an unknown composition, or k larger than the encoder's width.

    Examples
    --------
    >>> from modclock.encoders import VarCycleEncoder
    >>> pair_encoder = PairEncoder(VarCycleEncoder(400, random_state=0), k=133)
    >>> sdr = pair_encoder.fit_transform([[3, 5], [5, 3], [4, 4]])
    >>> sdr.shape, sdr.sum(axis=1).tolist()
    ((3, 400), [133.0, 133.0, 133.0])
    >>> bool((sdr[0] == sdr[1]).all())
    True
    """

    _parameter_constraints: dict[str, list[Any]] = {
        "encoder": [HasMethods(["fit", "transform"])],
        "composition": [str],
        "k": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(self, encoder: Any, *, composition: str = "overlap", k: int = 133) -> None:
        self.encoder = encoder
        self.composition = composition
        self.k = k

    # The encoder inside is checked as well when the pair encoder is fitted.
    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, X: ArrayLike, y: None = None) -> Self:
        """Fit the encoder to the numbers in X, int array (n_samples, 2)."""
        check_choice("composition", self.composition, COMPOSITIONS)
        numbers = check_integers(self, X, reset=True, n_columns=2).reshape(-1, 1)
        self.encoder_ = clone(self.encoder).fit(numbers)
        return self

    def transform(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the composed encodings, float32, shape (n_samples, N) or (n_samples, 2N)."""
        check_is_fitted(self)
        X = check_integers(self, X, reset=False)
        first, second = (self.encoder_.transform(X[:, [column]]) for column in (0, 1))
        return COMPOSITIONS[self.composition](first, second, self.k).astype(np.float32, copy=False)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags

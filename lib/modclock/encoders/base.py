"""What all encoders have in common."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin, _fit_context
from sklearn.utils import Tags, check_random_state
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import check_is_fitted

from modclock.validation import check_integers

COUNT = Interval(Integral, 1, None, closed="left")
POSITIVE = Interval(Real, 0, None, closed="neither")


class NumberEncoder(TransformerMixin, BaseEstimator):
    """A transformer from integers to vectors, the same code in every column.

    A subclass draws what is random in `_draw` and encodes a flat array in `_encode`. Its
    `_range` is the number of values 0, 1, ... that it can encode, None for any integer.
    `emits_bits` says that its codes are SDRs already; other codes become one by k-WTA.
    `emits_phases` says that they are phases in turns, from 0 to below 1, and add as such.
    """

    emits_bits: ClassVar[bool] = False
    emits_phases: bool = False
    _parameter_constraints: dict[str, list[Any]] = {}  # none, unless a subclass has some
    n_features_in_: int

    def _draw(self, rng: np.random.RandomState) -> None:
        """Draw the fitted attributes; nothing to do for an encoder without randomness."""

    def _encode(self, numbers: NDArray[np.integer]) -> NDArray[np.float64]:
        """Encode numbers, shape (n,), as codes, shape (n, width)."""
        raise NotImplementedError

    def _range(self) -> int | None:
        return None

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: ArrayLike, y: None = None) -> Self:
        """Draw what is random. Of X, int array (n_samples, n_features), only the width counts."""
        check_integers(self, X, reset=True)
        self._draw(check_random_state(getattr(self, "random_state", None)))
        return self

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the codes, shape (n_samples, n_features * width).

        Every column of X is encoded alike; the codes of the columns stand side by side.
        """
        check_is_fitted(self, "n_features_in_")
        X = check_integers(self, X, reset=False)
        count = self._range()
        if count is not None and X.size and (X.min() < 0 or X.max() >= count):
            raise ValueError(
                f"{type(self).__name__} encodes 0..{count - 1}, got {X.min()} to {X.max()}"
            )
        return self._encode(X.ravel()).reshape(len(X), -1)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags

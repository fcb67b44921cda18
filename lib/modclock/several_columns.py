"""What encoders of several columns have in common: one encoder, and a composition of its codes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import issparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from modclock.columns import check_integers, names_of_columns, numbered_names
from modclock.sdr import real_values
from modclock.validation import CheckedParameters


class SeveralColumns(TransformerMixin, CheckedParameters, BaseEstimator):
    """A transformer that gives all columns to one encoder and makes one input of the codes.

    A subclass fits `encoder_`, a clone of `encoder`, and sets `_n_features_out`, in `fit`. It
    composes in `_composed`.
    """

    encoder: Any
    encoder_: Any
    composition: str
    _n_features_out: int

    def _composed(self, columns: NDArray[np.int64]) -> NDArray[np.float32]:
        """The input made of the numbers, shape (n_samples, n_columns)."""
        raise NotImplementedError

    def transform(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the composed codes, float32, one row a sample."""
        check_is_fitted(self)
        return self._composed(check_integers(self, X, reset=False))

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray[np.object_]:
        """Names of the input's values: the composition with their places, such as "overlap_0"."""
        check_is_fitted(self)
        names_of_columns(self, input_features)
        return numbered_names(self.composition, self._n_features_out)

    def _codes(self, numbers: NDArray[np.int64]) -> NDArray[np.floating]:
        """The codes of numbers, shape (n,), as floats in an array that is not sparse."""
        codes = self.encoder_.transform(numbers[:, np.newaxis])
        codes = codes.toarray() if issparse(codes) else codes
        return real_values(codes, f"codes of {type(self.encoder_).__name__}")

    def _as_float32(self, composed: NDArray[np.floating]) -> NDArray[np.float32]:
        """The composed codes, if float32 can hold them."""
        with np.errstate(over="ignore"):
            input_ = composed.astype(np.float32, copy=False)
        if not np.isfinite(input_).all():
            raise ValueError(
                f"{self.composition} of the codes of {type(self.encoder_).__name__} has NaN, or "
                "values beyond those of float32, 3.4e38"
            )
        return input_

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags

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

    def _codes(self, numbers: NDArray[np.int64]) -> NDArray[Any]:
        """The codes of numbers, shape (n,), as an array that is not sparse."""
        codes = self.encoder_.transform(numbers[:, np.newaxis])
        return codes.toarray() if issparse(codes) else np.asarray(codes)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags

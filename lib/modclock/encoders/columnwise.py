"""One encoder a column, each with randomness of its own."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import hstack, issparse
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from modclock.columns import check_integers, names_of_columns
from modclock.validation import CheckedParameters, Rule, having


class ColumnwiseEncoder(TransformerMixin, CheckedParameters, BaseEstimator):
    """Encode each column of a table with a copy of an encoder that has its own random state.

    An encoder by itself encodes all columns alike: 3 in one column has the code of 3 in another.
    For a pair of numbers that are to be added that is the point; for an hour and a weekday it is
    not.

    Parameters
    ----------
    encoder : transformer from an int column to codes, one of `modclock.encoders` or your own.
    random_state : int, RandomState or None; draws the random states of the copies.

    Attributes
    ----------
    encoders_ : list of the fitted copies, one a column.
    n_features_in_ : number of columns seen in `fit`.

    Raises
    ------
    ValueError : in `fit` and `transform`, as the encoder does.

    Examples
    --------
    >>> from modclock.encoders import VarCycleEncoder
    >>> alike = VarCycleEncoder(3, random_state=0).fit_transform([[5, 5]])
    >>> apart = ColumnwiseEncoder(VarCycleEncoder(3), random_state=0).fit_transform([[5, 5]])
    >>> bool((alike[:, :3] == alike[:, 3:]).all()), bool((apart[:, :3] == apart[:, 3:]).any())
    (True, False)
    """

    n_features_in_: int
    rules: ClassVar[dict[str, Rule]] = {"encoder": having("fit", "transform")}

    def __init__(self, encoder: Any, *, random_state: Any = None) -> None:
        self.encoder = encoder
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: None = None) -> Self:
        """Fit a copy of the encoder to each column of X, int array (n_samples, n_features)."""
        self.check_parameters()
        columns = check_integers(self, X, reset=True).T
        rng = check_random_state(self.random_state)
        self.encoders_ = []
        for column in columns:
            encoder = clone(self.encoder)
            if "random_state" in encoder.get_params():
                encoder.set_params(random_state=rng.randint(2**31 - 1))
            self.encoders_.append(encoder.fit(column[:, np.newaxis]))
        return self

    def transform(self, X: ArrayLike) -> Any:
        """Return the codes of the columns side by side, (n_samples, sum of the widths)."""
        check_is_fitted(self, "encoders_")
        columns = check_integers(self, X, reset=False).T
        codes = []
        for name, encoder, column in zip(
            names_of_columns(self, None), self.encoders_, columns, strict=True
        ):
            try:
                codes.append(encoder.transform(column[:, np.newaxis]))
            except ValueError as error:
                raise ValueError(f"column {name}: {error}") from error
        return hstack(codes, format="csr") if any(map(issparse, codes)) else np.hstack(codes)

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray[np.object_]:
        """Names of the columns, each with the place in its code."""
        check_is_fitted(self, "encoders_")
        names = names_of_columns(self, input_features)
        pairs = zip(self.encoders_, names, strict=True)
        return np.hstack([encoder.get_feature_names_out([name]) for encoder, name in pairs])

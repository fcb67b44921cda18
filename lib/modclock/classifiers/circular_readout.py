"""A linear readout whose targets are alike for neighbouring answers (property 3, claim C16)."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import Ridge
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from modclock.validation import NOT_NEGATIVE, CheckedParameters, Rule


class CircularReadout(ClassifierMixin, CheckedParameters, BaseEstimator):
    """Ridge regression on the place of an answer on a circle; the nearest answer is said.

    One-hot targets make all answers equally unlike. Here the classes stand around a circle in
    their order, so the targets of neighbours are alike, and the last class is beside the first.

    Parameters
    ----------
    alpha : float, default 1.0; strength of the ridge.

    Attributes
    ----------
    classes_ : the classes in order, shape (n_classes,).
    regressor_ : the fitted Ridge.

    Raises
    ------
    ValueError : in `fit`, for a negative alpha, or targets that are no classes.

    Examples
    --------
    >>> angles = 2 * np.pi * np.arange(12) / 12
    >>> X = np.column_stack([np.cos(angles), np.sin(angles)])
    >>> CircularReadout().fit(X[::2], range(0, 12, 2)).predict(X[[0, 4, 10]])
    array([ 0,  4, 10])
    """

    rules: ClassVar[dict[str, Rule]] = {"alpha": NOT_NEGATIVE}

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def fit(self, X: Any, y: ArrayLike) -> Self:
        """Fit to codes X, shape (n_samples, width), and classes y, shape (n_samples,)."""
        self.check_parameters()
        X, labels = validate_data(self, X, y)
        check_classification_targets(labels)
        self.classes_, places = np.unique(labels, return_inverse=True)
        turned = np.exp(2j * np.pi * places / len(self.classes_))
        self.regressor_ = Ridge(alpha=self.alpha).fit(
            X, np.column_stack([turned.real, turned.imag])
        )
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """The class whose place is nearest, shape (n_samples,)."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False)
        x, y = self.regressor_.predict(X).T
        turns = np.arctan2(y, x) / (2 * np.pi)
        places = np.rint(turns * len(self.classes_)).astype(int) % len(self.classes_)
        return self.classes_[places]

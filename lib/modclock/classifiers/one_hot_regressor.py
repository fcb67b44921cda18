"""A regressor with one output a class as a classifier (claims C02, C06)."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from modclock.validation import CheckedParameters, Rule, having


class OneHotRegressorClassifier(ClassifierMixin, CheckedParameters, BaseEstimator):
    """Regress on one-hot targets; the class with the highest output wins.

    Parameters
    ----------
    regressor : regressor with several outputs. A clone of it is fitted.

    Attributes
    ----------
    classes_ : array (n_classes,), sorted.
    regressor_ : the fitted regressor.
    n_features_in_ : number of columns seen in `fit`.

    Examples
    --------
    >>> from sklearn.linear_model import Ridge
    >>> model = OneHotRegressorClassifier(Ridge(alpha=0.1))
    >>> model.fit([[0, 1], [1, 0], [1, 1]], [7, 3, 3]).predict([[0, 1], [1, 0]])
    array([7, 3])
    """

    rules: ClassVar[dict[str, Rule]] = {"regressor": having("fit", "predict")}

    def __init__(self, regressor: Any) -> None:
        self.regressor = regressor

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Fit to X, (n_samples, n_features), and classes y, (n_samples,)."""
        self.check_parameters()
        inputs, answers = validate_data(self, X, y)
        check_classification_targets(answers)
        self.classes_, labels = np.unique(answers, return_inverse=True)
        targets = np.eye(len(self.classes_), dtype=inputs.dtype)[labels]
        self.regressor_ = clone(self.regressor).fit(inputs, targets)
        return self

    def decision_function(self, X: ArrayLike) -> NDArray[Any]:
        """The outputs for every row of X, shape (n_samples, n_classes).

        With two classes, as in scikit-learn, by how much the second is ahead, (n_samples,).
        """
        outputs = self._outputs(X)
        return outputs[:, 1] - outputs[:, 0] if len(self.classes_) == 2 else outputs

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The class with the highest output for every row of X."""
        highest = self._outputs(X).argmax(axis=1)
        return np.asarray(self.classes_[highest])

    def _outputs(self, X: ArrayLike) -> NDArray[Any]:
        check_is_fitted(self)
        outputs = np.asarray(self.regressor_.predict(validate_data(self, X, reset=False)))
        return outputs.reshape(len(outputs), -1)

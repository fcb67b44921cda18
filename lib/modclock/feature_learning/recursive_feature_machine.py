"""Kernel regression that learns features: a recursive feature machine."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve, eigh
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from modclock.feature_learning.feature_kernels import FEATURE_KERNELS
from modclock.validation import POSITIVE, CheckedParameters, Rule, one_of, whole

FloatArray = NDArray[np.float64]


class RecursiveFeatureMachine(ClassifierMixin, TransformerMixin, CheckedParameters, BaseEstimator):
    """Kernel ridge regression on classes that sharpens its own features, step by step.

    It begins with all directions of the input alike. In each step the average gradient outer
    product of what was learned says which directions matter; a power of it becomes the feature
    matrix of the kernel, and the regression is solved anew. Networks do the like in their layers.

    Parameters
    ----------
    kernel : "quadratic", k(x, z) = (x' M z)^2, or "gaussian", exp(-(x - z)' M (x - z)). The
        matrix M is scaled so that for the first the mean of x' M x, for the second the mean squared
        distance is 1 over the training examples.
    n_steps : how often features are learned; 0 is plain kernel regression.
    power : of the average gradient outer product.
    ridge : positive, in the units of the kernel.

    A class that no training example has is never predicted. Each step takes the time of one linear
    solve, which grows with the third power of the number of examples: with 2000 a tenth of a
    second on one core, with 5000 two seconds. Memory is that of four float64 matrices of examples
    by examples, and of all feature matrices.

    Attributes
    ----------
    classes_ : array (n_classes,), sorted.
    matrix_ : float64 array (n_features, n_features), the last feature matrix.
    history_ : float64 array (n_steps + 1, n_features, n_features), those of all steps done.
    dual_weights_ : float64 array (n_samples, n_classes), of the training examples.
    n_features_in_ : number of columns seen in `fit`.

    References
    ----------
    Radhakrishnan et al., arXiv 2212.13881; Mallinar et al., arXiv 2407.20199, where such a
    machine learns addition modulo p from numbers side by side.

    Examples
    --------
    Of three columns the first alone tells the class:

    >>> inputs = np.random.default_rng(0).normal(size=(60, 3))
    >>> machine = RecursiveFeatureMachine("gaussian", n_steps=2).fit(inputs, inputs[:, 0] > 0)
    >>> np.diag(machine.matrix_).argmax(), machine.history_.shape
    (np.int64(0), (3, 3, 3))
    """

    rules: ClassVar[dict[str, Rule]] = {
        "kernel": one_of(FEATURE_KERNELS),
        "n_steps": whole(0),
        "power": POSITIVE,
        "ridge": POSITIVE,
    }

    def __init__(
        self, kernel: str = "quadratic", n_steps: int = 3, power: float = 0.5, ridge: float = 1e-3
    ) -> None:
        self.kernel = kernel
        self.n_steps = n_steps
        self.power = power
        self.ridge = ridge

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Fit to X, (n_samples, n_features), and classes y, (n_samples,).

        Raises
        ------
        ValueError : for a parameter that can not be, or a kernel that is singular for all that the
            ridge does; the message has a ridge that helps.
        """
        for _ in self.fit_steps(X, y):
            pass
        return self

    def fit_steps(self, X: ArrayLike, y: ArrayLike) -> Iterator[Self]:
        """As `fit`, but yields the machine after 0, 1, ... `n_steps` steps, to stop anywhere.

        >>> inputs = np.random.default_rng(0).normal(size=(60, 3))
        >>> steps = RecursiveFeatureMachine("gaussian").fit_steps(inputs, inputs[:, 0] > 0)
        >>> [len(machine.history_) for machine in steps]
        [1, 2, 3, 4]
        """
        self.check_parameters()
        inputs, answers = validate_data(self, X, y, dtype=np.float64)
        with warnings.catch_warnings():  # few examples of many classes are no mistake here
            warnings.filterwarnings("ignore", "The number of unique classes", UserWarning)
            check_classification_targets(answers)
        self.classes_, labels = np.unique(answers, return_inverse=True)
        targets = np.eye(len(self.classes_))[labels]
        self.mean_ = targets.mean(axis=0)
        self.inputs_ = inputs
        kernel = FEATURE_KERNELS[self.kernel]
        matrices = [self._scaled(np.eye(inputs.shape[1]))]
        for step in range(self.n_steps + 1):
            self.matrix_ = matrices[-1]
            gram = kernel.between(inputs, inputs, self.matrix_)
            self.dual_weights_ = self._solved(gram, targets - self.mean_)
            self.history_ = np.array(matrices)
            yield self
            if step < self.n_steps:
                found = kernel.gradient_outer_product(inputs, self.dual_weights_, self.matrix_)
                matrices.append(self._scaled(_power(found, self.power)))

    def decision_function(self, X: ArrayLike) -> FloatArray:
        """The outputs for every row of X, shape (n_samples, n_classes).

        With two classes, as in scikit-learn, by how much the second is ahead, (n_samples,).
        """
        outputs = self._outputs(X)
        return outputs[:, 1] - outputs[:, 0] if len(self.classes_) == 2 else outputs

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The class with the highest output for every row of X."""
        highest = self._outputs(X).argmax(axis=1)
        return np.asarray(self.classes_[highest])

    def transform(self, X: ArrayLike) -> FloatArray:
        """The rows of X times the root of the feature matrix, shape (n_samples, n_features)."""
        check_is_fitted(self)
        inputs = validate_data(self, X, reset=False, dtype=np.float64)
        return np.asarray(inputs @ _power(self.matrix_, 0.5))

    def _outputs(self, X: ArrayLike) -> FloatArray:
        check_is_fitted(self)
        inputs = validate_data(self, X, reset=False, dtype=np.float64)
        gram = FEATURE_KERNELS[self.kernel].between(inputs, self.inputs_, self.matrix_)
        return np.asarray(gram @ self.dual_weights_ + self.mean_)

    def _solved(self, gram: FloatArray, targets: FloatArray) -> FloatArray:
        """The dual weights; the kernel is overwritten."""
        size = float(np.trace(gram))
        gram[np.diag_indices_from(gram)] += self.ridge
        try:
            return np.asarray(cho_solve(cho_factor(gram, lower=True, overwrite_a=True), targets))
        except LinAlgError:
            enough = 10 * len(gram) * np.finfo(np.float64).eps * size
            raise ValueError(
                f"RecursiveFeatureMachine: with ridge={self.ridge:g} the kernel of the training "
                f"examples is singular; ridge={enough:.0e} is large enough"
            ) from None

    def _scaled(self, matrix: FloatArray) -> FloatArray:
        scale = FEATURE_KERNELS[self.kernel].scale(self.inputs_, matrix)
        return matrix / scale if scale > 0 else matrix


def _power(matrix: FloatArray, power: float) -> FloatArray:
    """Power of a symmetric matrix without negative eigenvalues but for rounding."""
    values, vectors = eigh(matrix)
    return np.asarray((vectors * np.maximum(values, 0.0) ** power) @ vectors.T)

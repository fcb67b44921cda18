"""Accuracy of kernel regression on pairs left out, in closed form, and estimates of its error.

Sources: Wahba, "Spline models for observational data", 1990 (leave-one-out, GCV); Jacot et al.,
arXiv 2006.09796 (KARE).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

FloatArray = NDArray[np.float64]


class LeftOut(NamedTuple):
    """What kernel ridge regression says of its training examples when each is left out.

    Attributes
    ----------
    outputs : shape (n, n_classes), of the model without the example.
    smoothed : the same by generalised cross-validation: each example's leverage is replaced
        by the mean of all.
    kare : mean squared error that the kernel alignment risk estimator expects on new inputs, over
        the variance of the targets. It is the error of `smoothed`.
    """

    outputs: FloatArray
    smoothed: FloatArray
    kare: float


def leave_one_out(gram: FloatArray, targets: FloatArray, ridge: float) -> LeftOut:
    """Leave every example out once, with one decomposition.

    With A = (K + ridge)^-1 and weights w = A y, the output for example i of the model without it is
    y_i - w_i / A_ii. The intercept is the mean of all targets.

    Parameters
    ----------
    gram : shape (n, n), the kernel.
    targets : shape (n, n_outputs).
    ridge : positive, in the units of the kernel.

    Returns
    -------
    LeftOut.

    Examples
    --------
    Two examples of each of two kinds; each is told by the other of its kind:

    >>> gram = np.kron(np.eye(2), np.ones((2, 2)))
    >>> found = leave_one_out(gram, np.repeat(np.eye(2), 2, axis=0), ridge=1e-6)
    >>> found.outputs.round(3)
    array([[1., 0.],
           [1., 0.],
           [0., 1.],
           [0., 1.]])
    """
    mean = targets.mean(axis=0)
    factor = cho_factor(gram + ridge * np.eye(len(gram)), lower=True)
    inverse = cho_solve(factor, np.eye(len(gram)))
    weights = inverse @ (targets - mean)
    diagonal = np.diag(inverse)
    smoothed = targets - weights / diagonal.mean()
    kare = ((targets - smoothed) ** 2).sum() / ((targets - mean) ** 2).sum()
    return LeftOut(targets - weights / diagonal[:, np.newaxis], smoothed, float(kare))


def accuracy(outputs: FloatArray, labels: NDArray[np.int64]) -> float:
    """Share of the rows whose largest output is that of their label.

    >>> accuracy(np.array([[0.2, 0.8], [0.4, 0.6]]), np.array([1, 0]))
    0.5
    """
    return float((outputs.argmax(axis=1) == labels).mean())

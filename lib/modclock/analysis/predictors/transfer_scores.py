"""Scores that say how well a linear readout may do on given features: LogME and the H-score.

Sources: You et al., arXiv 2102.11005 (LogME); Bao et al., "An information-theoretic approach to
transferability in task transfer learning", 2019, with the shrinkage of Ibrahim et al., arXiv
2110.06893 (H-score).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import svd
from sklearn.covariance import ledoit_wolf

FloatArray = NDArray[np.float64]
_MOST_ROUNDS = 100


def log_evidence(features: FloatArray, targets: FloatArray) -> float:
    """LogME: the highest log evidence of Bayesian linear regression, a target and an example.

    Prior and noise have precisions a and b of their own for every target. They are found by
    MacKay's fixed point.

    Parameters
    ----------
    features : shape (n, width).
    targets : shape (n, n_outputs).

    Returns
    -------
    float, the mean over targets; the higher, the better the features tell the targets.

    Examples
    --------
    A target that is a feature, and one that is nothing of the kind:

    >>> features = np.random.default_rng(0).normal(size=(100, 3))
    >>> noise = np.random.default_rng(1).normal(size=(100, 1))
    >>> log_evidence(features, features[:, :1]) > log_evidence(features, noise)
    True
    """
    n, width = features.shape
    left, singular, _ = svd(features, full_matrices=False)
    squares = singular**2
    projected = (left.T @ targets) ** 2
    outside = np.maximum((targets**2).sum(axis=0) - projected.sum(axis=0), 0.0)
    total = 0.0
    for power, rest in zip(projected.T, outside, strict=True):
        a = b = 1.0
        for _ in range(_MOST_ROUNDS):
            ratio = a / b
            freedom = (squares / (squares + ratio)).sum()
            weights = (squares * power / (squares + ratio) ** 2).sum()
            error = rest + (power * (ratio / (squares + ratio)) ** 2).sum()
            old, a, b = ratio, freedom / max(weights, 1e-12), (n - freedom) / max(error, 1e-12)
            if abs(a / b - old) <= 1e-3 * old:
                break
        ratio = a / b
        weights = (squares * power / (squares + ratio) ** 2).sum()
        error = rest + (power * (ratio / (squares + ratio)) ** 2).sum()
        log_det = np.log(a + b * squares).sum() + (width - len(squares)) * np.log(a)
        evidence = width * np.log(a) + n * np.log(b / (2 * np.pi)) - log_det
        total += float(evidence - b * error - a * weights) / (2 * n)
    return total / targets.shape[1]


def h_score(features: FloatArray, labels: NDArray[np.int64]) -> float:
    """H-score: the variance between classes in units of all variance, summed over directions.

    The covariance of the features is shrunk as Ledoit and Wolf do.

    Parameters
    ----------
    features : shape (n, width).
    labels : shape (n,), values 0 to n_classes - 1, all present.

    Returns
    -------
    float of at least 0; the number of classes less 1 where each is a point of its own.

    Examples
    --------
    >>> two_points = np.repeat([[-1.0], [1.0]], 50, axis=0)
    >>> round(h_score(two_points, np.repeat([0, 1], 50)), 2)
    1.0
    """
    centred = features - features.mean(axis=0)
    covariance, _ = ledoit_wolf(centred, assume_centered=True)
    counts = np.bincount(labels)
    members = np.eye(len(counts))[labels]
    means = (members.T @ centred) / counts[:, np.newaxis]
    between = (means.T * counts) @ means / len(labels)
    return float(np.trace(np.linalg.lstsq(covariance, between, rcond=None)[0]))

"""The spectral theory of kernel regression, with the answers of training pairs alone.

Sources: Canatar, Bordelon and Pehlevan, arXiv 2006.13198; Simon et al., arXiv 2110.03922
(eigenlearning: learnabilities of modes that add up to the number of examples).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.optimize import brentq

from modclock.analysis.deep_kernel import kernel_features

FloatArray = NDArray[np.float64]


class Modes(NamedTuple):
    """Eigenmodes of a kernel over all pairs, and what training pairs say of the target in them.

    Attributes
    ----------
    eigenvalues : shape (n_modes,), largest first, positive, of the centred kernel.
    power : shape (n_modes,), share of the target's variance in each mode. It is estimated without
        bias, so single ones may be negative.
    """

    eigenvalues: FloatArray
    power: FloatArray


def modes_of_training(
    codes: FloatArray, train: NDArray[np.int64], targets: FloatArray, *, depth: int, most_modes: int
) -> Modes:
    """Modes of the kernel of a deep ReLU network over all codes; power from training pairs alone.

    A mode's squared mean product with the target, over examples, is its power and what each
    example has with itself. The products of two different examples alone have no such bias.

    Parameters
    ----------
    codes : shape (n_pairs, width), of all pairs.
    train, targets : shapes (n_train,) and (n_train, n_outputs).
    depth : ReLU layers; 0 is the linear kernel.
    most_modes : how many pairs span the kernel (Nystroem's method).

    Examples
    --------
    >>> codes = np.repeat(np.eye(2), 10, axis=0)
    >>> train = np.array([0, 1, 2, 10, 11, 12])
    >>> found = modes_of_training(codes, train, codes[train], depth=0, most_modes=5)
    >>> found.eigenvalues.round(3), found.power.round(3)
    (array([0.5]), array([1.]))
    """
    features = kernel_features(codes, depth, most_modes)
    features -= features.mean(axis=0)
    values, vectors = eigh(features.T @ features / len(features))
    values, vectors = values[::-1], vectors[:, ::-1]
    kept = values > 1e-9 * max(values[0], 1e-12)
    seen = features[train] @ vectors[:, kept] / np.sqrt(values[kept])
    centred = targets - targets.mean(axis=0)
    n = len(train)
    own = (seen**2).T @ (centred**2).sum(axis=1)
    products = ((seen.T @ centred) ** 2).sum(axis=1)
    return Modes(values[kept], (products - own) / ((n - 1) * (centred**2).sum()))


def learnability(eigenvalues: FloatArray, n_train: int, ridge: float) -> FloatArray:
    """To what share each mode is learned from so many examples, by kernel ridge regression.

    It is l / (l + r), where r solves sum l / (l + r) + ridge / r = n_train.

    Parameters
    ----------
    eigenvalues : shape (n_modes,), positive.
    n_train : number of examples.
    ridge : positive, in the units of the kernel.

    Examples
    --------
    >>> learnability(np.ones(4), n_train=2, ridge=1e-9).round(6)
    array([0.5, 0.5, 0.5, 0.5])
    """

    def excess(log_r: float) -> float:
        r = np.exp(log_r)
        return float((eigenvalues / (eigenvalues + r)).sum() + ridge / r - n_train)

    high = np.log((eigenvalues.sum() + ridge) / n_train) + 1e-9
    root = np.exp(brentq(excess, np.log(ridge / n_train) - 1e-9, high))
    return eigenvalues / (eigenvalues + root)

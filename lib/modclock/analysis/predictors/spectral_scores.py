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
    residue : what the eigenvalues that were left out add up to.
    """

    eigenvalues: FloatArray
    power: FloatArray
    residue: float = 0.0


def modes_of_training(
    codes: FloatArray, train: NDArray[np.int64], targets: FloatArray, *, depth: int, most_modes: int
) -> Modes:
    """Modes of the kernel of a deep ReLU network over all codes; power from training pairs alone.

    A mode's power is its squared mean product with the target over all pairs. That is a mean over
    couples of pairs. Couples of two different training pairs stand for all such couples, and those
    of one with itself for theirs, so the estimate is right on average over random training sets.

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
    # In full every pair has length 1, but for codes of zeros.
    whole = codes.any(axis=1).mean() - (features.mean(axis=0) ** 2).sum()
    features -= features.mean(axis=0)
    values, vectors = eigh(features.T @ features / len(features))
    values, vectors = values[::-1], vectors[:, ::-1]
    kept = values > 1e-9 * max(values[0], 1e-12)
    seen = features[train] @ vectors[:, kept] / np.sqrt(values[kept])
    centred = targets - targets.mean(axis=0)
    n = len(train)
    own = (seen**2).T @ (centred**2).sum(axis=1)
    products = ((seen.T @ centred) ** 2).sum(axis=1)
    couples = (products - own) / (n * (n - 1))
    n_pairs = len(codes)
    power = ((n_pairs - 1) * couples + own / n) / n_pairs
    residue = max(0.0, float(whole - values[kept].sum()))
    return Modes(values[kept], power / ((centred**2).sum() / n), residue)


def effective_ridge(
    eigenvalues: FloatArray, count: FloatArray, n_train: int, ridge: float
) -> float:
    """The r that solves sum l / (l + r) + ridge / r = n_train, over the eigenvalues l.

    Each mode is learned to the share l / (l + r), so the shares and the ridge's own add up to the
    number of examples.

    Parameters
    ----------
    eigenvalues, count : shapes (n_values,), positive, and how many modes have each of them.
    n_train : number of examples.
    ridge : positive, in the units of the kernel.

    Examples
    --------
    Two examples for four equal modes, each of which is learned by half:

    >>> round(effective_ridge(np.ones(1), np.full(1, 4.0), n_train=2, ridge=1e-9), 6)
    1.0
    """

    def excess(log_r: float) -> float:
        r = np.exp(log_r)
        return float(count @ (eigenvalues / (eigenvalues + r)) + ridge / r - n_train)

    high = np.log((count @ eigenvalues + ridge) / n_train) + 1e-9
    return float(np.exp(brentq(excess, np.log(ridge / n_train) - 1e-9, high)))


def learned_share(modes: Modes, n_train: int, n_pairs: int, ridge: float) -> float:
    """The share of the target that is expected in what kernel regression says of the test pairs.

    Over all pairs that is the power of the modes, each times its share. On training pairs what is
    not learned is smaller by the factor ridge / (n_train r), and what they have more than the mean
    of all pairs, test pairs have less. What was left out of the spectrum is taken for modes of
    equal size, one for each pair that is left.

    Parameters
    ----------
    modes : see `Modes`, over all pairs.
    n_train, n_pairs : numbers of training pairs and of all.
    ridge : positive, in the units of the kernel.

    Returns
    -------
    float, at most about 1; below 0 where what is said is opposed to the target.

    Examples
    --------
    All of the target in one of two modes, learned from two pairs of a hundred, or of three:

    >>> modes = Modes(np.array([0.5, 0.5]), np.array([1.0, 0.0]))
    >>> [round(learned_share(modes, 2, n_pairs, ridge=1e-3), 2) for n_pairs in (100, 3)]
    [0.97, 0.91]
    """
    n_modes = len(modes.eigenvalues)
    n_left = max(0, n_pairs - 1 - n_modes)
    values = np.append(modes.eigenvalues, modes.residue / max(n_left, 1))
    count = np.append(np.ones(n_modes), n_left)
    power = np.append(modes.power, 1 - modes.power.sum() if n_left else 0.0)
    r = effective_ridge(values, count, n_train, ridge)
    learned = float(power @ (values / (values + r)))
    seen, kept = n_train / n_pairs, ridge / (n_train * r)
    return (learned - seen * (1 - kept * (1 - learned))) / (1 - seen)

"""The spectral theory of kernel regression: how much of a task a kernel learns from n examples.

Sources: Bordelon, Canatar and Pehlevan, arXiv 2002.02561; Canatar, Bordelon and Pehlevan, arXiv
2006.13198 (learning curves).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import eigh
from scipy.optimize import brentq

from modclock.analysis.deep_kernel import kernel_features

FloatArray = NDArray[np.float64]


class Spectrum(NamedTuple):
    """A kernel's eigenmodes over the distribution of the inputs, and the target in them.

    Attributes
    ----------
    eigenvalues : shape (n_modes,), largest first, of the centred kernel; they sum to at most 1.
    power : shape (n_modes,), share of the target's variance that lies in each mode.
    residue : what the eigenvalues that were left out add up to; 1 - sum(eigenvalues).
    alignment : centred kernel-target alignment (Cortes et al., arXiv 1203.0550), the cosine of
        the kernel and the one that is 1 for two pairs with the same answer, both centred.
    """

    eigenvalues: FloatArray
    power: FloatArray
    residue: float
    alignment: float


class Expectation(NamedTuple):
    """What kernel regression is expected to do on the inputs that it was not trained on.

    Attributes
    ----------
    learned : the share of the target that the mean prediction contains; below 0 where it is
        opposed to the target.
    error : mean squared error as a share of the target's variance.
    """

    learned: float
    error: float


def spectrum(
    codes: ArrayLike,
    answers: ArrayLike,
    *,
    depth: int = 0,
    n_landmarks: int = 1000,
    random_state: int = 0,
) -> Spectrum:
    """Eigenmodes of a deep ReLU network's kernel on the codes, and the answers' power in them.

    The target is one output a class, 1 for the right one, each less its mean. The kernel is
    centred, as by a model with an intercept. The part of it that is spanned by a random set of
    inputs, the landmarks, stands for all of it (Nystroem's method).

    Parameters
    ----------
    codes : float array-like, shape (n_samples, width).
    answers : int array-like, shape (n_samples,).
    depth : ReLU layers of the network; 0 is the linear kernel.
    n_landmarks : most modes.
    random_state : draws the landmarks.

    Returns
    -------
    Spectrum; a single mode of size 0 if all codes are equal.

    Examples
    --------
    Two groups of equal codes with an answer each: one mode, and all of the target is in it.

    >>> found = spectrum([[0, 1], [0, 1], [1, 0], [1, 0]], [0, 0, 1, 1])
    >>> found.eigenvalues[:1].round(6), found.power[:1].round(6), abs(round(found.residue, 6))
    (array([1.]), array([1.]), 0.0)
    >>> round(found.alignment, 6)
    1.0
    """
    features = kernel_features(codes, depth, n_landmarks, random_state)
    # In full every input has length 1, but for codes of zeros.
    whole = np.any(codes, axis=1).mean() - (features.mean(axis=0) ** 2).sum()
    features -= features.mean(axis=0)
    if np.abs(features).max() < 1e-6:  # every input has the same code
        return Spectrum(np.zeros(1), np.zeros(1), 0.0, 0.0)
    target = np.eye(np.max(answers) + 1)[np.asarray(answers)]
    target -= target.mean(axis=0)
    values, vectors = eigh(features.T @ features / len(features))
    values, vectors = np.maximum(values[::-1], 0.0), vectors[:, ::-1]
    kept = values > 1e-9 * values[0]
    projected = vectors[:, kept].T @ (features.T @ target) / len(features)
    covariance = target.T @ target / len(target)
    power = (projected**2).sum(axis=1) / values[kept] / np.trace(covariance)
    alignment = (projected**2).sum() / np.linalg.norm(values) / np.linalg.norm(covariance)
    eigenvalues = values[kept] / whole
    residue = max(0.0, 1.0 - float(eigenvalues.sum()))
    return Spectrum(eigenvalues, power, residue, float(alignment))


def expected_test(found: Spectrum, n_train: int, n_inputs: int, ridge: float) -> Expectation:
    """What kernel ridge regression does on the rest of finitely many inputs.

    With the effective ridge r, the root of r = ridge + sum r l / (r + n l) over the eigenvalues l,
    a mode is learned to the share n l / (n l + r). That is the mean over all inputs. On the
    training inputs what is not learned is smaller by the factor ridge / r, and what the mean
    has more there than it should, the other inputs have less. What was left out of the
    spectrum is taken for modes of equal size, one for each input that is left.

    Parameters
    ----------
    found : the spectrum over all inputs.
    n_train, n_inputs : numbers of training inputs, and of all.
    ridge : positive, as a share of the trace of the kernel.

    Returns
    -------
    Expectation.

    Examples
    --------
    All of the target in one of two modes, learned by two examples of a hundred, or of three:

    >>> one = Spectrum(np.array([0.5, 0.5]), np.array([1.0, 0.0]), 0.0, 0.7)
    >>> [round(expected_test(one, 2, n, ridge=1e-3).learned, 2) for n in (100, 3)]
    [0.97, 0.91]
    """
    n_left = max(0, n_inputs - 1 - len(found.eigenvalues))
    count = np.append(np.ones(len(found.eigenvalues)), n_left)
    values = np.append(found.eigenvalues, found.residue / max(n_left, 1))
    power = np.append(found.power, max(0.0, 1.0 - float(found.power.sum())))

    def excess(r: float) -> float:
        return float(r - ridge - (count * r * values / (r + n_train * values)).sum())

    root = float(brentq(excess, ridge / 2, ridge + float(count @ values) + 1e-9))
    share = n_train * values / (n_train * values + root)
    learned = float(power @ share)
    spread = min(float((count * share**2).sum()) / n_train, 1 - 1e-9)
    error = float(power @ (1 - share) ** 2) / (1 - spread)
    kept = ridge / root  # of what is not learned, on the training inputs
    seen = n_train / n_inputs
    return Expectation(
        learned=(learned - seen * (1 - kept * (1 - learned))) / (1 - seen),
        error=error * (1 - seen * kept**2) / (1 - seen),
    )

"""The spectral theory of kernel regression: how much of a task a kernel learns from n examples.

Sources: Bordelon, Canatar and Pehlevan, arXiv 2002.02561; Canatar, Bordelon and Pehlevan, arXiv
2006.13198 (learning curves); Cho and Saul, "Kernel methods for deep learning", 2009, and Lee et
al., arXiv 1711.00165 (the kernel of a deep ReLU network).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import cholesky, eigh, solve, solve_triangular
from scipy.optimize import brentq
from sklearn.preprocessing import normalize
from sklearn.utils import check_random_state

FloatArray = NDArray[np.float64]
_JITTER = 1e-9  # on the diagonal of a kernel with equal inputs, which has no inverse
_IN_CACHE = 2**14  # values at a time, which stay near the processor: twice as fast


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


def arc_cosine_kernel(cosine: ArrayLike, depth: int) -> FloatArray:
    """Cosine of two inputs after so many wide random ReLU layers, from that before.

    Each layer takes the cosine c to (sqrt(1 - c^2) + c (pi - arccos c)) / pi.

    Parameters
    ----------
    cosine : float array-like in [-1, 1].
    depth : number of layers; 0 gives the cosine itself.

    Examples
    --------
    >>> arc_cosine_kernel([1.0, 0.0, -1.0], depth=1).round(4)
    array([1.    , 0.3183, 0.    ])
    """
    values = np.array(cosine, dtype=np.float64)
    flat = values.reshape(-1)
    for start in range(0, flat.size, _IN_CACHE):
        part = flat[start : start + _IN_CACHE]
        for _ in range(depth):
            np.clip(part, -1.0, 1.0, out=part)
            part[:] = (np.sqrt(1 - part**2) + part * (np.pi - np.arccos(part))) / np.pi
    return values


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
    # In full every input has length 1, but for a code of zeros, which has no direction.
    empty = 1 - np.any(codes, axis=1).mean()
    length = 1 - empty * (1 - float(arc_cosine_kernel(0.0, depth)))
    whole = length - (features.mean(axis=0) ** 2).sum()
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


def kernel_features(
    codes: ArrayLike, depth: int, n_landmarks: int, random_state: int = 0
) -> FloatArray:
    """Vectors whose inner products are a deep ReLU network's kernel on the codes, or nearly so.

    Parameters
    ----------
    codes, depth, n_landmarks, random_state : see `spectrum`.

    Returns
    -------
    float64 array, shape (n_samples, n_features); of length 1 each where nothing is left out and
    the code is not all zeros.

    Examples
    --------
    >>> features = kernel_features([[3, 0], [0, 2]], depth=1, n_landmarks=2)
    >>> (features @ features.T).round(4)
    array([[1.    , 0.3183],
           [0.3183, 1.    ]])
    """
    units = normalize(np.asarray(codes, dtype=np.float64))
    if depth == 0 and units.shape[1] <= n_landmarks:
        return units
    order = check_random_state(random_state).permutation(len(units))
    landmarks = units[order[:n_landmarks]]
    gram = arc_cosine_kernel(landmarks @ landmarks.T, depth)
    factor = cholesky(gram + _JITTER * np.eye(len(gram)), lower=True)
    similarities = arc_cosine_kernel(landmarks @ units.T, depth)
    return np.asarray(solve_triangular(factor, similarities, lower=True).T, dtype=np.float64)


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


def kernel_predictions(
    codes: ArrayLike, answers: ArrayLike, n_train: int, *, depth: int, ridge: float
) -> NDArray[np.int64]:
    """What kernel regression itself says of the inputs after the first `n_train`.

    Parameters
    ----------
    codes, answers, depth : see `spectrum`.
    n_train : how many of the inputs, the first ones, it is trained on.
    ridge : positive, in units of the kernel of an input with itself.

    Returns
    -------
    int64 array, shape (n_samples - n_train,), the class with the highest output.

    Examples
    --------
    >>> kernel_predictions([[1, 0], [0, 1], [1, 0]], [0, 1, 0], 2, depth=3, ridge=1e-6)
    array([0])
    """
    units = normalize(np.asarray(codes, dtype=np.float64))
    known = units[:n_train]
    target = np.eye(np.max(answers) + 1)[np.asarray(answers)[:n_train]]
    mean = target.mean(axis=0)
    gram = arc_cosine_kernel(known @ known.T, depth) + ridge * np.eye(n_train)
    weights = solve(gram, target - mean, assume_a="pos")
    outputs = arc_cosine_kernel(units[n_train:] @ known.T, depth) @ weights + mean
    return np.asarray(outputs.argmax(axis=1), dtype=np.int64)

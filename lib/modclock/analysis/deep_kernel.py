"""The kernel of a deep ReLU network, and vectors that have it as their inner products.

Sources: Cho and Saul, "Kernel methods for deep learning", 2009; Lee et al., arXiv 1711.00165.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import cholesky, solve_triangular
from sklearn.preprocessing import normalize
from sklearn.utils import check_random_state

FloatArray = NDArray[np.float64]
_JITTER = 1e-9  # on the diagonal of a kernel with equal inputs, which has no inverse
_IN_CACHE = 2**14  # values at a time, which stay near the processor: twice as fast


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


def deep_kernel(first: FloatArray, second: FloatArray, depth: int) -> FloatArray:
    """Kernel of a deep ReLU network without biases, for codes of length 1 or all zeros.

    A code of zeros is silent in every layer, so it is like no other, nor like itself.

    Parameters
    ----------
    first, second : shapes (n, width) and (m, width).
    depth : see `arc_cosine_kernel`.

    Returns
    -------
    float64 array, shape (n, m).

    Examples
    --------
    >>> deep_kernel(np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 1.0]]), 1).round(4)
    array([[0.3183],
           [0.    ]])
    """
    values = arc_cosine_kernel(first @ second.T, depth)
    values[~first.any(axis=1)] = 0.0
    values[:, ~second.any(axis=1)] = 0.0
    return values


def kernel_features(
    codes: ArrayLike, depth: int, n_landmarks: int, random_state: int = 0
) -> FloatArray:
    """Vectors whose inner products are a deep ReLU network's kernel on the codes, or nearly so.

    Parameters
    ----------
    codes : float array-like, shape (n_samples, width).
    depth : see `arc_cosine_kernel`.
    n_landmarks : most columns. The part of the kernel that is spanned by so many random inputs, the
        landmarks, stands for all of it (Nystroem's method).
    random_state : draws the landmarks.

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
    gram = deep_kernel(landmarks, landmarks, depth)
    factor = cholesky(gram + _JITTER * np.eye(len(gram)), lower=True)
    similarities = deep_kernel(landmarks, units, depth)
    return np.asarray(solve_triangular(factor, similarities, lower=True).T, dtype=np.float64)

"""The steps of a recursive feature machine one by one, for those who stop when it has learned."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh, solve

from modclock.feature_learning.feature_kernels import QuadraticKernel

FloatArray = NDArray[np.float64]


def learning_steps(
    inputs: FloatArray, targets: FloatArray, *, power: float, ridge: float
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Solve the regression, learn features from the solution, solve it again, without end.

    What comes is that of `RecursiveFeatureMachine` with the quadratic kernel after 0, 1, 2, ...
    steps.

    Parameters
    ----------
    inputs : (n_samples, n_features).
    targets : (n_samples, n_outputs), with their mean taken off.
    power : of the average gradient outer product.
    ridge : positive, in the units of the kernel.

    Yields
    ------
    Feature matrix (n_features, n_features) and dual weights (n_samples, n_outputs).

    Examples
    --------
    >>> inputs = np.random.default_rng(0).normal(size=(60, 3))
    >>> first = np.sign(inputs[:, :1])
    >>> steps = learning_steps(inputs, first - first.mean(), power=0.5, ridge=1e-3)
    >>> [next(steps)[0].shape for _ in range(2)]
    [(3, 3), (3, 3)]
    """
    kernel = QuadraticKernel()
    matrix = np.eye(inputs.shape[1])
    while True:
        matrix = matrix / kernel.scale(inputs, matrix)
        gram = kernel.between(inputs, inputs, matrix)
        gram[np.diag_indices_from(gram)] += ridge
        weights = solve(gram, targets, assume_a="pos", overwrite_a=True)
        yield matrix, weights
        values, vectors = eigh(kernel.gradient_outer_product(inputs, weights, matrix))
        matrix = (vectors * np.maximum(values, 0.0) ** power) @ vectors.T


def products_of_step(n_samples: int, n_features: int, n_outputs: int) -> int:
    """How many numbers the matrix products and the solution of one step multiply.

    With n samples, d features and c outputs the kernel takes n d^2 + n^2 d, the solution
    n^3 / 6 + n^2 c, and the gradient outer product n^2 c + 2 n^2 d + 4 n d^2. Eigenvectors of the
    outer product, of the order d^3, are left out.

    Examples
    --------
    >>> products_of_step(6, 1, 1)
    246
    """
    n, d, c = n_samples, n_features, n_outputs
    return n**3 // 6 + n * n * (2 * c + 3 * d) + 5 * n * d * d

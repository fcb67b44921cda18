"""Kernels with a matrix of features, and the average gradient outer product of what they learn.

A feature matrix M says which directions of the input count: inputs are compared as M^(1/2) x. The
gradients of f(x) = sum_j k(x, x_j) a_j, one f for each column of a, are averaged in closed form:
sums over examples, outputs and directions become products of matrices.

Source: Radhakrishnan et al., arXiv 2212.13881; Mallinar et al., arXiv 2407.20199.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class FeatureKernel(Protocol):
    """What a recursive feature machine needs of a kernel."""

    def scale(self, inputs: FloatArray, matrix: FloatArray) -> float:
        """What the matrix is divided by, so that kernels of all steps are alike in size."""

    def between(self, first: FloatArray, second: FloatArray, matrix: FloatArray) -> FloatArray:
        """The kernel of two sets of inputs, shapes (n, d) and (m, d), as an array (n, m)."""

    def gradient_outer_product(
        self, inputs: FloatArray, weights: FloatArray, matrix: FloatArray
    ) -> FloatArray:
        """The mean over inputs of the gradients' outer product, shape (d, d), summed over outputs.

        `inputs`, (n, d), are those that the weights, (n, n_outputs), belong to.
        """


class QuadraticKernel:
    """k(x, z) = (x' M z)^2."""

    def scale(self, inputs: FloatArray, matrix: FloatArray) -> float:
        """Mean squared length of the inputs."""
        return float(np.einsum("nd,de,ne->", inputs, matrix, inputs, optimize=True)) / len(inputs)

    def between(self, first: FloatArray, second: FloatArray, matrix: FloatArray) -> FloatArray:
        """See `FeatureKernel`."""
        return (first @ matrix @ second.T) ** 2

    def gradient_outer_product(
        self, inputs: FloatArray, weights: FloatArray, matrix: FloatArray
    ) -> FloatArray:
        """The gradient at x is 2 M sum_j a_j (x' M x_j) x_j."""
        turned = inputs @ matrix
        products = inputs @ (turned.T @ turned) @ inputs.T  # in this order: no (n, n) by (n, n)
        middle = (weights @ weights.T) * products
        return 4 * turned.T @ middle @ turned / len(inputs)


class GaussianKernel:
    """k(x, z) = exp(-(x - z)' M (x - z))."""

    def scale(self, inputs: FloatArray, matrix: FloatArray) -> float:
        """Mean squared distance of two inputs."""
        centred = inputs - inputs.mean(axis=0)
        return 2 * QuadraticKernel().scale(centred, matrix)

    def between(self, first: FloatArray, second: FloatArray, matrix: FloatArray) -> FloatArray:
        """See `FeatureKernel`."""
        turned = second @ matrix
        ours = ((first @ matrix) * first).sum(axis=1)
        theirs = (turned * second).sum(axis=1)
        squares = ours[:, np.newaxis] + theirs - 2 * first @ turned.T
        return np.exp(-np.maximum(squares, 0.0))

    def gradient_outer_product(
        self, inputs: FloatArray, weights: FloatArray, matrix: FloatArray
    ) -> FloatArray:
        """The gradient at x is -2 M sum_j a_j k(x, x_j) (x - x_j)."""
        gram = self.between(inputs, inputs, matrix)
        outputs = gram @ weights
        ends = np.diag((outputs**2).sum(axis=1))
        crossed = (outputs @ weights.T) * gram
        middle = ends - crossed - crossed.T + (weights @ weights.T) * (gram.T @ gram)
        turned = inputs @ matrix
        return 4 * turned.T @ middle @ turned / len(inputs)


FEATURE_KERNELS: dict[str, FeatureKernel] = {
    "quadratic": QuadraticKernel(),
    "gaussian": GaussianKernel(),
}
"""By name."""

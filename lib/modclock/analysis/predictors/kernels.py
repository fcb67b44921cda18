"""Kernels of wide deep ReLU networks: before training (NNGP), and of their training (NTK).

Sources: Lee et al., arXiv 1711.00165; Jacot et al., arXiv 1806.07572.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import normalize

from modclock.analysis.deep_kernel import deep_kernel

FloatArray = NDArray[np.float64]


def neural_tangent_kernel(first: FloatArray, second: FloatArray, depth: int) -> FloatArray:
    """Neural tangent kernel of a deep ReLU network, 1 for two equal codes.

    All layers are trained, and there are no biases. With c the cosine after a layer, the kernel
    goes from k to (c' + k (pi - arccos c) / pi), c' being the cosine after the next layer; that
    is divided by depth + 1 in the end.

    Parameters
    ----------
    first, second : shapes (n, width) and (m, width), of length 1 or all zeros.
    depth : hidden layers; 0 is the linear kernel.

    Returns
    -------
    float64 array, shape (n, m).

    Examples
    --------
    >>> units = np.eye(2)
    >>> neural_tangent_kernel(units, units, depth=1).round(4)
    array([[1.    , 0.1592],
           [0.1592, 1.    ]])
    """
    cosine = np.clip(first @ second.T, -1.0, 1.0)
    kernel = cosine.copy()
    for _ in range(depth):
        angle = np.arccos(cosine)
        slope = (np.pi - angle) / np.pi
        cosine = np.clip(np.sqrt(1 - cosine**2) / np.pi + cosine * slope, -1.0, 1.0)
        kernel = cosine + kernel * slope
    kernel[~first.any(axis=1)] = 0.0
    kernel[:, ~second.any(axis=1)] = 0.0
    return kernel / (depth + 1)


KERNELS = {"nngp": deep_kernel, "ntk": neural_tangent_kernel}
"""Functions of two arrays of codes of length 1, and of the number of hidden layers."""


def gram_matrix(
    codes: FloatArray, kernel: str, depth: int, others: FloatArray | None = None
) -> FloatArray:
    """A kernel of codes with one another, or with others, all scaled to length 1.

    Parameters
    ----------
    codes, others : shapes (n, width) and (m, width).
    kernel, depth : a name of `KERNELS`, and the number of hidden layers.

    Returns
    -------
    float64 array, shape (n, n) or (n, m).

    Examples
    --------
    >>> gram_matrix(np.array([[3.0, 0.0], [0.0, 2.0]]), "nngp", 1).round(4)
    array([[1.    , 0.3183],
           [0.3183, 1.    ]])
    """
    units = normalize(codes)
    return KERNELS[kernel](units, units if others is None else normalize(others), depth)


def empirical_tangent_kernel(
    codes: FloatArray, widths: tuple[int, ...], random_state: int = 0
) -> FloatArray:
    """Tangent kernel of one ReLU network as it is before training, with biases.

    The inner products of the gradients of its outputs by all weights and biases, summed over
    outputs. Weights are drawn as scikit-learn's networks draw them (Glorot, uniform). Unlike in
    `neural_tangent_kernel`, the size of the codes and the width of the network count.

    Parameters
    ----------
    codes : shape (n, width).
    widths : units of each layer after the codes, the outputs last.
    random_state : draws the weights.

    Returns
    -------
    float64 array, shape (n, n).

    Examples
    --------
    A layer of outputs alone: each output has the gradient (x, 1).

    >>> empirical_tangent_kernel(np.array([[1.0, 0.0], [2.0, 0.0]]), widths=(3,))
    array([[ 6.,  9.],
           [ 9., 15.]])
    """
    rng = np.random.default_rng(random_state)
    layers, weights = [codes], []
    for n_in, n_out in pairwise((codes.shape[1], *widths)):
        bound = np.sqrt(6 / (n_in + n_out))
        weights.append(rng.uniform(-bound, bound, size=(n_in, n_out)))
        bias = rng.uniform(-bound, bound, size=n_out)
        layers.append(np.maximum(layers[-1] @ weights[-1] + bias, 0.0))
    n, n_outputs = len(codes), widths[-1]
    # Slopes of every output by the inputs of a layer, shape (n_outputs, n, units), from the last.
    slopes = np.broadcast_to(np.eye(n_outputs)[:, np.newaxis], (n_outputs, n, n_outputs))
    kernel = np.zeros((n, n))
    for layer in range(len(weights) - 1, -1, -1):
        turned = slopes.transpose(1, 0, 2).reshape(n, -1)
        kernel += (turned @ turned.T) * (layers[layer] @ layers[layer].T + 1)
        slopes = (slopes @ weights[layer].T) * (layers[layer] > 0)
    return kernel

"""A kernel machine that is trained for a limited time: what it learns, and what is left out.

Gradient flow learns each mode of the kernel, of eigenvalue l, to the share 1 - exp(-time l). So a
budget of epochs is a cut-off in the spectrum, and the theory says where.

Sources: Yao, Rosasco and Caponnetto, "On early stopping in gradient descent learning", 2007;
Ali, Kolter and Tibshirani, arXiv 1810.10082 (time against ridge).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

FloatArray = NDArray[np.float64]


def flow_left_out(gram: FloatArray, targets: FloatArray, time: float) -> FloatArray:
    """Outputs for every training example of a flow in which it is not to be heard.

    With f = (1 - exp(-time K / n)) y and H that smoother's matrix, the output for example i is
    (f_i - H_ii y_i) / (1 - H_ii): what the flow says if the example is trained on its own
    output instead of its answer. Where the flow has forgotten nothing, that is leave-one-out.

    Parameters
    ----------
    gram : shape (n, n), the kernel.
    targets : shape (n, n_outputs).
    time : learning rate times steps.

    Returns
    -------
    float64 array, shape (n, n_outputs).

    Examples
    --------
    >>> gram = np.kron(np.eye(2), np.ones((2, 2)))
    >>> flow_left_out(gram, np.repeat(np.eye(2), 2, axis=0), time=100).round(2) + 0
    array([[1., 0.],
           [1., 0.],
           [0., 1.],
           [0., 1.]])
    """
    mean = targets.mean(axis=0)
    centred = targets - mean
    values, vectors = eigh(gram)
    kept = np.exp(-time * np.maximum(values, 0.0) / len(gram))  # of the error, in each mode
    error = vectors @ (kept[:, np.newaxis] * (vectors.T @ centred))
    own = (vectors**2) @ kept  # 1 - H_ii
    return targets - error / np.maximum(own, 1e-12)[:, np.newaxis]

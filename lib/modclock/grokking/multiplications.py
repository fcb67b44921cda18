"""How many numbers a step of each entrant multiplies: a cost that no machine changes."""

from __future__ import annotations

from modclock.grokking.methods import Method
from modclock.grokking.pair_network import PairNetwork

_NEWTON_SCHULZ = 5  # steps of Muon's iteration, Optax's default


def of_network_step(
    network: PairNetwork, batch_size: int, learn_codes: bool, method: Method
) -> int:
    """In the matrix products of one step: outputs, then gradients of weights and of what comes in.

    Gradients of what comes in are needed if anything below is trained.

    Parameters
    ----------
    network : one of the shape.
    batch_size : examples of a step.
    learn_codes : whether the codes are trained as well.
    method : how to train; Muon multiplies matrices by themselves.
    """
    below, above = network.products(batch_size)
    products = (3 if learn_codes else 2) * below + 3 * above
    if method.orthogonalises:
        for matrix in (*network.first, network.second):
            few, many = sorted(matrix.shape)
            products += _NEWTON_SCHULZ * few * few * (2 * many + few)
    return products


def of_feature_step(n_samples: int, n_features: int, n_outputs: int) -> int:
    """In the matrix products and the solution of one step of a feature machine.

    With n samples, d features and c outputs the kernel takes n d^2 + n^2 d, the solution
    n^3 / 6 + n^2 c, and the gradient outer product n^2 c + 2 n^2 d + 4 n d^2. Eigenvectors of the
    outer product, of the order d^3, are left out.

    Examples
    --------
    >>> of_feature_step(6, 1, 1)
    246
    """
    n, d, c = n_samples, n_features, n_outputs
    return n**3 // 6 + n * n * (2 * c + 3 * d) + 5 * n * d * d


def of_ridge(n_samples: int, n_features: int, n_outputs: int) -> int:
    """In the products and the solution of a ridge regression by its normal equations.

    Examples
    --------
    >>> of_ridge(6, 1, 1)
    13
    """
    n, d, c = n_samples, n_features, n_outputs
    return n * d * (d + c) + d**3 // 6 + d * d * c

"""Clock or pizza: two measures of which algorithm a transformer adds with.

A *clock* multiplies the waves of both numbers. A *pizza* adds the two embeddings and takes what
their middle says, so it is unsure where the numbers are half a turn apart. Source: Zhong et al.,
"The clock and the pizza", arXiv 2306.17844; arXiv 2512.25060 holds that the two are one (C25).
"""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array
from numpy.typing import ArrayLike

from modclock.datasets import make_pairs, modular_sum
from modclock.networks.transformer import Transformer


def distance_irrelevance(right_logits: ArrayLike) -> float:
    """How little the logits of the right answers depend on the distance of the two numbers.

    Parameters
    ----------
    right_logits : float array-like, shape (p, p): the logit of the right answer to (i, j) in row i,
        column j.

    Returns
    -------
    float in [0, 1]: the standard deviation among pairs with the same i - j modulo p, averaged over
        these distances, as a share of that of all. Near 1 for a clock, near 0 for a pizza; NaN if
        all logits are equal.

    Examples
    --------
    >>> i, j = np.indices((5, 5))
    >>> distance_irrelevance(np.cos(2 * np.pi * (i - j) / 5)) < 1e-12
    True
    >>> round(distance_irrelevance(np.cos(2 * np.pi * (i + j) / 5)), 6)
    1.0
    """
    values = np.asarray(right_logits, dtype=np.float64)
    p = len(values)
    i, j = np.indices((p, p))
    by_distance = np.empty((p, p))
    by_distance[(i - j) % p, j] = values
    whole = values.std()
    return float(by_distance.std(axis=1).mean() / whole) if whole > 1e-12 else float("nan")


def right_logits(network: Transformer) -> np.ndarray:
    """The logit of the right answer to every pair, less the mean of the pair's; float64 (p, p)."""
    p = len(network.numbers)
    pairs = make_pairs(p, "full")
    logits = np.asarray(_logits(network, jnp.asarray(pairs)), dtype=np.float64)
    logits -= logits.mean(axis=1, keepdims=True)
    return logits[np.arange(len(pairs)), modular_sum(pairs, p)].reshape(p, p)


def gradient_symmetricity(
    network: Transformer, *, n_samples: int = 1000, random_state: int = 0
) -> float:
    """How alike a logit's gradients by the embeddings of the two numbers are.

    Parameters
    ----------
    network : a transformer.
    n_samples : number of triples of a pair and an answer, drawn at random.
    random_state : seed.

    Returns
    -------
    float in [-1, 1]: the mean cosine of the two gradients; near 1 for a pizza, which adds the
        embeddings before it does anything else.

    Examples
    --------
    >>> network = Transformer(7, layers=1, heads=2, width=8, mlp_width=16, layer_norm=False)
    >>> -1 < gradient_symmetricity(network, n_samples=20) < 1
    True
    """
    rng = np.random.default_rng(random_state)
    triples = jnp.asarray(rng.integers(0, len(network.numbers), size=(n_samples, 3)))
    first, second = np.moveaxis(np.asarray(_gradients(network, triples), dtype=np.float64), 1, 0)
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    return float(((first * second).sum(axis=1) / np.maximum(lengths, 1e-300)).mean())


@eqx.filter_jit
def _logits(network: Transformer, pairs: Array) -> Array:
    return network(pairs)


@eqx.filter_jit
def _gradients(network: Transformer, triples: Array) -> Array:
    """Gradients of one logit each by the embeddings of both numbers, shape (n, 2, width)."""

    def of_triple(triple: Array) -> Array:
        def logit(numbers: Array) -> Array:
            rows = jnp.concatenate([numbers, network.embedding[-1:]])
            small = eqx.tree_at(lambda model: model.embedding, network, rows)
            return small(jnp.array([[0, 1]]))[0, triple[2]]

        return jax.grad(logit)(network.embedding[triple[:2]])

    return jax.lax.map(of_triple, triples, batch_size=100)

"""What is said to make grokking fast: changes of the loss, the gradients and the weights.

Each is taken from the paper that proposes it. `modclock.networks.optimizers.amplify_slow`
(Grokfast) and `optax.contrib.muon` are the others of the race.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array, Float, Int, PyTree

_TINY = 1e-30  # keeps a weight of zeros from a division by zero


def stablemax_cross_entropy(
    logits: Float[Array, "examples classes"], answers: Int[Array, " examples"]
) -> Float[Array, ""]:
    """Mean negative log-probability of the right answers, with s instead of the exponential.

    s(x) is x + 1 from 0 upwards and 1 / (1 - x) below. It grows like a line, so a margin that grows
    does not soon round to a loss of zero.
    Source: Prieto et al., arXiv 2501.04697.

    Examples
    --------
    >>> loss = stablemax_cross_entropy(jnp.array([[1.0, -1.0]]), jnp.array([0]))
    >>> round(float(jnp.exp(-loss)), 3)  # 2 of 2 + 1/2
    0.8
    """
    shares = jnp.where(logits >= 0, jnp.maximum(logits, 0) + 1, 1 / (1 - jnp.minimum(logits, 0)))
    own = jnp.take_along_axis(shares, answers[:, None], axis=1)[:, 0]
    return (jnp.log(shares.sum(axis=1)) - jnp.log(own)).mean()


def orthogonal_gradients() -> optax.GradientTransformation:
    """Take out of each gradient what lies along its weights, and keep its length.

    What lies along the weights scales them, which lowers the loss of a network that has
    learned its examples and teaches it nothing.
    Source: Prieto et al., arXiv 2501.04697, there for each array of weights by itself.

    Examples
    --------
    >>> rule, weights = orthogonal_gradients(), jnp.array([1.0, 0.0])
    >>> rule.update(jnp.array([3.0, 4.0]), rule.init(weights), weights)[0].tolist()
    [0.0, 5.0]
    """

    def turned(gradient: Array, weights: Array) -> Array:
        along = jnp.vdot(weights, gradient) / (jnp.vdot(weights, weights) + _TINY)
        across = gradient - along * weights
        return across * (jnp.linalg.norm(gradient) / (jnp.linalg.norm(across) + _TINY))

    def update(
        gradients: PyTree, state: optax.EmptyState, weights: PyTree
    ) -> tuple[PyTree, optax.EmptyState]:
        return jax.tree.map(turned, gradients, weights), state

    return optax.GradientTransformation(lambda weights: optax.EmptyState(), update)


def fixed_norm() -> optax.GradientTransformation:
    """Scale all weights back to the length that they had together before the step.

    To be the last of a chain.
    Source: Liu et al., "Omnigrok", arXiv 2210.01117.

    Examples
    --------
    >>> rule, weights = fixed_norm(), jnp.array([3.0, 4.0])
    >>> updates, _ = rule.update(jnp.array([0.0, -4.0]), rule.init(weights), weights)
    >>> (weights + updates).tolist()
    [5.0, 0.0]
    """

    def update(
        updates: PyTree, state: optax.EmptyState, weights: PyTree
    ) -> tuple[PyTree, optax.EmptyState]:
        moved = optax.apply_updates(weights, updates)
        back = optax.tree.norm(weights) / (optax.tree.norm(moved) + _TINY)
        return jax.tree.map(lambda new, old: back * new - old, moved, weights), state

    return optax.GradientTransformation(lambda weights: optax.EmptyState(), update)

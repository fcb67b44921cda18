"""The optimisers of the grokking papers, on Optax."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import optax
from jaxtyping import PyTree


def adamw(
    learning_rate: float = 1e-3,
    weight_decay: float = 1.0,
    *,
    beta_2: float = 0.98,
    warmup_steps: int = 10,
    slow_gradient: float = 0.0,
) -> optax.GradientTransformation:
    """AdamW as the grokking papers use it, on request with the filter of `amplify_slow`.

    Source: Power et al., arXiv 2201.02177 (claim C24).

    Parameters
    ----------
    learning_rate : after the warm-up.
    weight_decay : share of the weights that is taken off at each step, times the learning rate.
    beta_2 : decay of the mean square of the gradients; that of their mean is 0.9.
    warmup_steps : steps over which the learning rate rises from 0, along a line.
    slow_gradient : strength of the filter; 0 leaves it out.
    """
    rate = optax.linear_schedule(0, learning_rate, warmup_steps) if warmup_steps else learning_rate
    descent = optax.adamw(rate, b1=0.9, b2=beta_2, weight_decay=weight_decay)
    if not slow_gradient:
        return descent
    return optax.chain(amplify_slow(strength=slow_gradient), descent)


def amplify_slow(decay: float = 0.98, strength: float = 2.0) -> optax.GradientTransformation:
    """Amplify what changes slowly in the gradients, which speeds up grokking.

    To every gradient it adds `strength` times an exponential moving average of all so far.
    Source: Lee et al., "Grokfast", arXiv 2405.20233.

    Parameters
    ----------
    decay : of the moving average, in [0, 1).
    strength : factor of the slow part.

    Examples
    --------
    >>> slow = amplify_slow(decay=0.5, strength=2.0)
    >>> state = slow.init(jnp.zeros(1))
    >>> first, state = slow.update(jnp.ones(1), state)   # average 0.5
    >>> second, state = slow.update(jnp.ones(1), state)  # average 0.75
    >>> first.tolist(), second.tolist()
    ([2.0], [2.5])
    """

    def init(params: PyTree) -> PyTree:
        return jax.tree.map(jnp.zeros_like, params)

    def update(
        gradients: PyTree, average: PyTree, params: PyTree | None = None
    ) -> tuple[PyTree, PyTree]:
        average = jax.tree.map(lambda a, g: decay * a + (1 - decay) * g, average, gradients)
        return jax.tree.map(lambda g, a: g + strength * a, gradients, average), average

    return optax.GradientTransformation(init, update)

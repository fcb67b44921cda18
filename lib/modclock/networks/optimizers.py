"""The optimiser of the grokking papers, on Optax."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import optax
from jax.typing import ArrayLike
from jaxtyping import PyTree


class AdamW(eqx.Module):
    """AdamW as the grokking papers use it, on request with the filter of `amplify_slow`.

    It is used as an Optax transformation. Learning rate and weight decay are arrays, so that
    one compiled loop serves all networks that differ in nothing else.
    Source: Power et al., arXiv 2201.02177 (claim C24).

    Parameters
    ----------
    learning_rate : after the warm-up.
    weight_decay : share of the weights that is taken off at each step, times the learning rate.
    beta_2 : decay of the mean square of the gradients; that of their mean is 0.9.
    warmup_steps : steps over which the learning rate rises from 0, along a line.
    slow_gradient : strength of the filter; 0 leaves it out.

    Examples
    --------
    >>> optimizer = AdamW(0.1, 0.0, warmup_steps=0)
    >>> updates, state = optimizer.update(jnp.ones(1), optimizer.init(jnp.ones(1)), jnp.ones(1))
    >>> round(float(updates[0]), 4)  # the first step is one learning rate long
    -0.1
    """

    learning_rate: ArrayLike = eqx.field(converter=jnp.float32)
    weight_decay: ArrayLike = eqx.field(converter=jnp.float32)
    beta_2: float = eqx.field(static=True, default=0.98)
    warmup_steps: int = eqx.field(static=True, default=10)
    slow_gradient: float = eqx.field(static=True, default=0.0)

    @eqx.filter_jit  # else each array of zeros is compiled for itself
    def init(self, weights: PyTree) -> optax.OptState:
        """The state before the first step."""
        return self._transformation().init(weights)

    def update(
        self, gradients: PyTree, state: optax.OptState, weights: PyTree
    ) -> tuple[PyTree, optax.OptState]:
        """What to add to the weights, and the state after the step."""
        return self._transformation().update(gradients, state, weights)

    def _transformation(self) -> optax.GradientTransformation:
        rate, n = self.learning_rate, self.warmup_steps
        schedule = optax.linear_schedule(0, rate, n) if n else rate
        descent = optax.adamw(schedule, b1=0.9, b2=self.beta_2, weight_decay=self.weight_decay)
        if not self.slow_gradient:
            return descent
        return optax.chain(amplify_slow(strength=self.slow_gradient), descent)


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

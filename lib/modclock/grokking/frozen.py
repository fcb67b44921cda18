"""Training with a part of the network left as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import optax
from jaxtyping import PyTree

from modclock.networks.optimizers import AdamW
from modclock.networks.transformer import Transformer


def embedding(network: Transformer) -> Any:
    """The embedding of the numbers and of "="."""
    return network.embedding


def queries(network: Transformer) -> Any:
    """What asks in every attention. Where they are zero, attention is the same for all tokens."""
    return [block.attention.query for block in network.blocks]


class Frozen(eqx.Module):
    """An optimiser that leaves a part of a transformer as it is; weight decay does so, too.

    Parameters
    ----------
    optimizer : for all other weights.
    part : from a transformer to the weights to leave; a function of a module, as it is compiled in.

    Examples
    --------
    >>> network = Transformer(3, layers=1, heads=1, width=2, mlp_width=4, layer_norm=False)
    >>> optimizer = Frozen(AdamW(1.0, 1.0, warmup_steps=0), embedding)
    >>> updates, _ = optimizer.update(network, optimizer.init(network), network)
    >>> bool(updates.embedding.any()), bool(updates.unembedding.any())
    (False, True)
    """

    optimizer: AdamW
    part: Callable[[Any], Any] = eqx.field(static=True)

    def init(self, weights: PyTree) -> optax.OptState:
        """The state before the first step."""
        return self.optimizer.init(weights)

    def update(
        self, gradients: PyTree, state: optax.OptState, weights: PyTree
    ) -> tuple[PyTree, optax.OptState]:
        """What to add to the weights, and the state after the step."""
        updates, state = self.optimizer.update(gradients, state, weights)
        still = jax.tree.map(jnp.zeros_like, self.part(updates))
        return eqx.tree_at(self.part, updates, still), state

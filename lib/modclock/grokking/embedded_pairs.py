"""The smallest network that groks: two embeddings added, one layer of neurons, an answer."""

from __future__ import annotations

import equinox as eqx
import jax
import numpy as np
from jaxtyping import Array, Float, Int


class EmbeddedPairs(eqx.Module):
    """Logits of a pair: relu(first[i] + second[j]) times the readout.

    Each side has an embedding of its own, as the two sides of a composition have different roles.
    Chughtai et al., arXiv 2302.03025, train such networks on groups.

    Parameters
    ----------
    n_values : how many elements there are; as many answers.
    width : neurons.
    random_state : seed of the weights, which are normal with the spread 1 / sqrt(width).

    Examples
    --------
    >>> EmbeddedPairs(5, width=8)(np.array([[0, 4], [2, 2]])).shape
    (2, 5)
    """

    first: Float[Array, "values width"]
    second: Float[Array, "values width"]
    readout: Float[Array, "width values"]

    def __init__(self, n_values: int, *, width: int, random_state: int = 0) -> None:
        keys = jax.random.split(jax.random.PRNGKey(random_state), 3)
        scale = 1 / np.sqrt(width)
        self.first = scale * jax.random.normal(keys[0], (n_values, width))
        self.second = scale * jax.random.normal(keys[1], (n_values, width))
        self.readout = scale * jax.random.normal(keys[2], (width, n_values))

    def __call__(self, pairs: Int[Array, "examples 2"]) -> Float[Array, "examples values"]:
        """Logits of every answer."""
        hidden = self.first[pairs[:, 0]] + self.second[pairs[:, 1]]
        return jax.nn.relu(hidden) @ self.readout

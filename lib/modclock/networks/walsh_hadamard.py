"""The Walsh-Hadamard transform and the network that mixes by it (claim C22)."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float


def walsh_hadamard(x: Float[Array, "*batch n"]) -> Float[Array, "*batch n"]:
    """Orthonormal Walsh-Hadamard transform of the last axis, in O(n log n).

    Parameters
    ----------
    x : float array whose last axis has a power of two as its length.

    Returns
    -------
    float array of the same shape: x times the Hadamard matrix, over the root of n. It is its
    own inverse.

    Examples
    --------
    >>> walsh_hadamard(jnp.array([1.0, 0.0, 0.0, 0.0])).tolist()
    [0.5, 0.5, 0.5, 0.5]
    """
    size = x.shape[-1]
    span = 1
    while span < size:
        halves = x.reshape(*x.shape[:-1], size // (2 * span), 2, span)
        first, second = halves[..., 0, :], halves[..., 1, :]
        x = jnp.stack([first + second, first - second], axis=-2).reshape(x.shape)
        span *= 2
    return x / jnp.sqrt(size)


class FastTransformNetwork(eqx.Module):
    """Fixed transforms, and between them for every unit a line through zero with two slopes.

    Parameters
    ----------
    width : units of a layer, a power of two.
    n_layers : number of layers.
    n_classes : number of logits, at most the width.
    random_state : seed of the initial slopes, normal with mean 1 and standard deviation 0.5.

    Examples
    --------
    >>> network = FastTransformNetwork(8, n_layers=2, n_classes=3)
    >>> network(jnp.ones((5, 8))).shape
    (5, 3)
    """

    above: Float[Array, "layers width"]
    below: Float[Array, "layers width"]
    n_classes: int = eqx.field(static=True)

    def __init__(self, width: int, *, n_layers: int, n_classes: int, random_state: int = 0) -> None:
        rng = np.random.default_rng(random_state)
        slopes = rng.normal(1, 0.5, size=(2, n_layers, width))
        self.above, self.below = jnp.asarray(slopes, dtype=jnp.float32)
        self.n_classes = n_classes

    def __call__(self, x: Float[Array, "samples width"]) -> Float[Array, "samples classes"]:
        """The logits of inputs of the network's width."""

        def layer(x: Array, slopes: tuple[Array, Array]) -> tuple[Array, None]:
            x = walsh_hadamard(x)
            above, below = slopes
            return jnp.where(x > 0, above, below) * x, None

        x, _ = jax.lax.scan(layer, x, (self.above, self.below))
        return walsh_hadamard(x)[:, : self.n_classes]

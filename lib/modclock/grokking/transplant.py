"""The embedding of one transformer in another one (claim C26)."""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from numpy.typing import ArrayLike

from modclock.networks.transformer import Transformer


def with_numbers(network: Transformer, numbers: ArrayLike) -> Transformer:
    """The network with another embedding of the numbers, as large as its own.

    The new embedding is scaled to the root mean square of the one that it replaces. So a longer one
    is no head start.

    Parameters
    ----------
    network : a transformer.
    numbers : float array-like, shape (p, width), not all zeros.

    Returns
    -------
    Transformer; its embedding of "=" and all other weights are those of `network`.

    Raises
    ------
    ValueError : for another shape, or zeros.

    Examples
    --------
    >>> network = Transformer(3, layers=1, heads=1, width=2, mlp_width=4, layer_norm=False)
    >>> moved = with_numbers(network, [[100, 0], [0, 100], [100, 100]]).numbers
    >>> bool(jnp.isclose((moved**2).mean(), (network.numbers**2).mean()))
    True
    >>> (moved != 0).tolist()
    [[True, False], [False, True], [True, True]]
    """
    new = np.asarray(numbers, dtype=np.float64)
    own = network.numbers
    if new.shape != own.shape:
        raise ValueError(f"numbers: an embedding of shape {own.shape} is needed, got {new.shape}")
    if not new.any():
        raise ValueError("numbers: an embedding of zeros has no size")
    size = float(jnp.sqrt((own**2).mean()) / np.sqrt((new**2).mean()))
    rows = jnp.asarray(size * new, dtype=own.dtype)
    embedding = jnp.concatenate([rows, network.embedding[-1:]])
    return eqx.tree_at(lambda model: model.embedding, network, embedding)

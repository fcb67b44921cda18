"""The plain network of the race: codes are looked up, and two layers follow."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import add

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike
from jaxtyping import Array, Float, Int

ACTIVATIONS: dict[str, Callable[[Array], Array]] = {"square": jnp.square, "relu": jax.nn.relu}
"""What can stand between the two layers, by name."""


class PairNetwork(eqx.Module):
    """Codes, looked up -> hidden sums -> a square or a rectifier -> logits.

    An example is a row of one or more indices. Each says which code stands in its place, and each
    place has a matrix of its own. Two places and codes of numbers make a pair of codes side by
    side. One place and codes of pairs make a code that was composed beforehand.

    With one-hot codes of numbers and the square it is the network of Gromov, arXiv 2301.02679.

    Attributes
    ----------
    codes : (n_codes, n_features). They are weights like the others; `modclock.grokking.race` keeps
        them as they are where they shall not learn.
    first : for each place a matrix (n_features, width).
    second : (width, n_classes).

    Parameters
    ----------
    codes : (n_codes, n_features).
    n_places : indices of an example.
    n_classes, width : of the outputs and of the hidden layer.
    activation : one of `ACTIVATIONS`.
    start_scale : what the first weights are multiplied by. At 1 the variance of an entry is one
        over the mean squared length of what comes in.
    random_state : seed of the first weights.

    Examples
    --------
    >>> network = PairNetwork(np.eye(5), n_places=2, n_classes=5, width=8)
    >>> network(jnp.array([[0, 1], [4, 4]])).shape
    (2, 5)
    """

    codes: Float[Array, "codes features"]
    first: list[Float[Array, "features width"]]
    second: Float[Array, "width classes"]
    activation: str = eqx.field(static=True)

    def __init__(
        self,
        codes: ArrayLike,
        *,
        n_places: int,
        n_classes: int,
        width: int,
        activation: str = "square",
        start_scale: float = 1.0,
        random_state: int = 0,
    ) -> None:
        # Drawn by NumPy: JAX would compile a program for each array, which takes a second in all.
        given = np.asarray(codes, dtype=np.float32)
        rng = np.random.default_rng(random_state)
        spread = start_scale / np.sqrt(n_places * (given**2).sum(axis=1).mean())
        shapes = [(given.shape[1], width)] * n_places + [(width, n_classes)]
        *first, second = (rng.standard_normal(shape, dtype=np.float32) for shape in shapes)
        self.codes = jnp.asarray(given)
        self.first = [jnp.asarray(spread * matrix, jnp.float32) for matrix in first]
        self.second = jnp.asarray(start_scale / np.sqrt(width) * second, jnp.float32)
        self.activation = activation

    def __call__(self, indices: Int[Array, "examples places"]) -> Float[Array, "examples classes"]:
        """The logits of examples."""
        if self._codes_first(len(indices)):
            turned = [
                self.codes[column] @ matrix
                for column, matrix in zip(indices.T, self.first, strict=True)
            ]
        else:
            turned = [
                (self.codes @ matrix)[column]
                for column, matrix in zip(indices.T, self.first, strict=True)
            ]
        return ACTIVATIONS[self.activation](reduce(add, turned)) @ self.second

    def products(self, n_examples: int) -> tuple[int, int]:
        """How many numbers each layer multiplies for the logits of so many examples."""
        n_codes, n_features = self.codes.shape
        width, n_classes = self.second.shape
        rows = n_examples if self._codes_first(n_examples) else n_codes
        return len(self.first) * rows * n_features * width, n_examples * width * n_classes

    def _codes_first(self, n_examples: int) -> bool:
        """Whether fewer rows are multiplied if the codes are looked up before."""
        return n_examples < len(self.codes)

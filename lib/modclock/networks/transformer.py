"""A decoder-only transformer for pairs of numbers, as small Equinox modules.

The input is the three tokens a, b and "=", the answer is read off at the last of them.
Sources: Power et al., arXiv 2201.02177 (claim C24); Nanda et al., arXiv 2301.05217 (C25).
"""

from __future__ import annotations

from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

Rows = Float[Array, "rows width"]


class Position(NamedTuple):
    """The states at one position of the sequence: distinct rows, and which pair has which.

    A token's state depends on what stands before it and on nothing else. So the first token
    has no more than p different states, and before the first layer so has the second.
    """

    rows: Rows
    of_pair: Int[Array, " pairs"]


class Attention(eqx.Module):
    """Causal multi-head attention, without biases."""

    query: Float[Array, "width heads size"]
    key: Float[Array, "width heads size"]
    value: Float[Array, "width heads size"]
    output: Float[Array, "heads size width"]

    def __init__(self, width: int, heads: int, rng: np.random.Generator) -> None:
        shape = (width, heads, width // heads)
        self.query, self.key, self.value = (_draw(rng, shape, width) for _ in range(3))
        self.output = _draw(rng, (*shape[1:], width), width)

    def __call__(self, target: Position, sources: list[Position]) -> Rows:
        """What the target's rows take over from the sources, itself the last of them.

        Returns one row a pair, or one row a distinct state if the target is its only source.
        """
        values = [jnp.einsum("rw,whs->rhs", source.rows, self.value) for source in sources]
        if len(sources) == 1:
            mixed = values[0]
        else:
            weights = jax.nn.softmax(jnp.stack(self._scores(target, sources)), axis=0)
            taken = [value[source.of_pair] for value, source in zip(values, sources, strict=True)]
            mixed = sum(w[:, :, None] * v for w, v in zip(weights, taken, strict=True))
        return jnp.einsum("rhs,hsw->rw", mixed, self.output)

    def _scores(self, target: Position, sources: list[Position]) -> list[Array]:
        query = jnp.einsum("rw,whs->rhs", target.rows, self.query)
        query = query / jnp.sqrt(query.shape[-1])
        keys = [jnp.einsum("rw,whs->rhs", source.rows, self.key) for source in sources]
        if len(query) == 1:  # one query for all pairs: score the distinct keys, then look up
            return [
                jnp.einsum("hs,rhs->rh", query[0], key)[source.of_pair]
                for key, source in zip(keys, sources, strict=True)
            ]
        asked = query[target.of_pair]
        return [
            jnp.einsum("phs,phs->ph", asked, key[source.of_pair])
            for key, source in zip(keys, sources, strict=True)
        ]


class Block(eqx.Module):
    """Attention, then a two-layer perceptron, each added to its input."""

    attention: Attention
    hidden: Float[Array, "width mlp_width"]
    hidden_bias: Float[Array, " mlp_width"]
    back: Float[Array, "mlp_width width"]
    back_bias: Float[Array, " width"]
    norms: tuple[eqx.nn.LayerNorm, eqx.nn.LayerNorm] | None

    def __init__(
        self, width: int, heads: int, mlp_width: int, layer_norm: bool, rng: np.random.Generator
    ) -> None:
        self.attention = Attention(width, heads, rng)
        self.hidden = _draw(rng, (width, mlp_width), width)
        self.hidden_bias = jnp.zeros(mlp_width)
        self.back = _draw(rng, (mlp_width, width), mlp_width)
        self.back_bias = jnp.zeros(width)
        self.norms = (eqx.nn.LayerNorm(width), eqx.nn.LayerNorm(width)) if layer_norm else None

    def __call__(self, positions: list[Position], wanted: int) -> Position:
        """The states at position `wanted` after this block."""
        rows, of_pair = self.attended(positions, wanted)
        return Position(rows + self.mlp(rows), of_pair)

    def attended(self, positions: list[Position], wanted: int) -> Position:
        """The states at position `wanted` between attention and perceptron."""
        sources = [Position(self._normed(0, rows), of) for rows, of in positions[: wanted + 1]]
        rows, of_pair = positions[wanted]
        taken = self.attention(sources[wanted], sources)
        if len(sources) > 1:
            rows, of_pair = rows[of_pair], jnp.arange(len(of_pair))
        return Position(rows + taken, of_pair)

    def neurons(self, rows: Rows) -> Float[Array, "rows mlp_width"]:
        """The hidden units of the perceptron, after the ReLU."""
        return jax.nn.relu(self._normed(1, rows) @ self.hidden + self.hidden_bias)

    def mlp(self, rows: Rows) -> Rows:
        """What the perceptron adds."""
        return self.neurons(rows) @ self.back + self.back_bias

    def _normed(self, which: int, rows: Rows) -> Rows:
        return rows if self.norms is None else jax.vmap(self.norms[which])(rows)


class Transformer(eqx.Module):
    """A transformer over the tokens 0 to p - 1 and "=".

    Parameters
    ----------
    p : modulus, the number of answers.
    layers, heads, width, mlp_width : sizes; the heads divide the width.
    layer_norm : whether LayerNorm stands before attention, perceptron and unembedding.
    random_state : seed of the initial weights, normal with variance 1 over the number of inputs.

    Raises
    ------
    ValueError : if the heads do not divide the width.

    Examples
    --------
    >>> model = Transformer(7, layers=1, heads=2, width=8, mlp_width=16, layer_norm=False)
    >>> model(jnp.array([[1, 2], [6, 6]])).shape
    (2, 7)
    """

    embedding: Float[Array, "tokens width"]
    place: Float[Array, "3 width"]
    blocks: tuple[Block, ...]
    norm: eqx.nn.LayerNorm | None
    unembedding: Float[Array, "width p"]

    def __init__(
        self,
        p: int,
        *,
        layers: int,
        heads: int,
        width: int,
        mlp_width: int,
        layer_norm: bool,
        random_state: int = 0,
    ) -> None:
        if width % heads:
            raise ValueError(f"heads={heads} do not divide width={width}")
        rng = np.random.default_rng(random_state)
        self.embedding = _draw(rng, (p + 1, width), width)
        self.place = _draw(rng, (3, width), width)
        self.blocks = tuple(Block(width, heads, mlp_width, layer_norm, rng) for _ in range(layers))
        self.norm = eqx.nn.LayerNorm(width) if layer_norm else None
        self.unembedding = _draw(rng, (width, p), width)

    def __call__(self, pairs: Int[Array, "pairs 2"]) -> Float[Array, "pairs p"]:
        """The logits of all answers at the token "="."""
        rows = self.attended(pairs)
        rows = rows + self.blocks[-1].mlp(rows)
        return (rows if self.norm is None else jax.vmap(self.norm)(rows)) @ self.unembedding

    @property
    def numbers(self) -> Float[Array, "p width"]:
        """The embedding of the numbers, without that of "="."""
        return self.embedding[:-1]

    def attended(self, pairs: Int[Array, "pairs 2"]) -> Rows:
        """The states at "=" in the last block, after attention and before the perceptron."""
        positions = self._tokens(pairs)
        for block in self.blocks[:-1]:
            positions = [block(positions, wanted) for wanted in range(3)]
        return self.blocks[-1].attended(positions, 2).rows

    def neurons(self, pairs: Int[Array, "pairs 2"]) -> Float[Array, "pairs mlp_width"]:
        """The hidden units of the last perceptron at "=", after the ReLU."""
        return self.blocks[-1].neurons(self.attended(pairs))

    def _tokens(self, pairs: Int[Array, "pairs 2"]) -> list[Position]:
        """The states before the first block: token and place, added."""
        return [
            Position(self.numbers + self.place[0], pairs[:, 0]),
            Position(self.numbers + self.place[1], pairs[:, 1]),
            Position(self.embedding[-1:] + self.place[2], jnp.zeros(len(pairs), dtype=int)),
        ]


def _draw(rng: np.random.Generator, shape: tuple[int, ...], n_inputs: int) -> Array:
    return jnp.asarray(rng.normal(scale=n_inputs**-0.5, size=shape), dtype=jnp.float32)

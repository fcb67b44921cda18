from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from modclock.datasets import make_pairs
from modclock.networks.transformer import Transformer

P, WIDTH, HEADS = 7, 12, 3


def model(layers: int, layer_norm: bool) -> Transformer:
    return Transformer(
        P,
        layers=layers,
        heads=HEADS,
        width=WIDTH,
        mlp_width=20,
        layer_norm=layer_norm,
        random_state=3,
    )


def normed(norm, x):
    if norm is None:
        return x
    centred = x - x.mean()
    return centred / np.sqrt(x.var() + norm.eps) * np.asarray(norm.weight) + np.asarray(norm.bias)


def plain_logits(transformer: Transformer, a: int, b: int) -> np.ndarray:
    """Oracle: the textbook transformer, one pair, every position, all of the causal mask."""
    weights = jax.tree.map(np.asarray, transformer)
    x = weights.embedding[[a, b, P]] + weights.place
    for block in weights.blocks:
        first, second = block.norms or (None, None)
        rows = np.array([normed(first, row) for row in x])
        mixed = np.zeros_like(x)
        for head in range(HEADS):
            query, key, value = (
                rows @ matrix[:, head]
                for matrix in (block.attention.query, block.attention.key, block.attention.value)
            )
            scores = query @ key.T / np.sqrt(WIDTH // HEADS)
            scores[np.triu_indices(3, 1)] = -np.inf
            shares = np.exp(scores - scores.max(axis=1, keepdims=True))
            shares /= shares.sum(axis=1, keepdims=True)
            mixed += shares @ value @ block.attention.output[head]
        x = x + mixed
        rows = np.array([normed(second, row) for row in x])
        hidden = np.maximum(rows @ block.hidden + block.hidden_bias, 0)
        x = x + hidden @ block.back + block.back_bias
    return normed(weights.norm, x[2]) @ weights.unembedding


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("layer_norm", [False, True])
def test_logits_equal_those_of_a_plain_transformer(layers, layer_norm):
    transformer = model(layers, layer_norm)
    pairs = make_pairs(P, "full")
    expected = np.array([plain_logits(transformer, a, b) for a, b in pairs])
    assert np.allclose(eqx.filter_jit(transformer)(jnp.asarray(pairs)), expected, atol=1e-5)


def test_attention_looks_up_keys_and_values_of_distinct_tokens_only():
    """No product with a matrix of weights has a row for each pair before the attention output."""
    pairs = jnp.asarray(make_pairs(P, "full"))
    transformer = model(1, False)
    jaxpr = eqx.filter_make_jaxpr(transformer)(pairs)[0]
    sizes = [
        math_size(equation)
        for equation in jaxpr.jaxpr.eqns
        if equation.primitive.name == "dot_general"
    ]
    per_pair = [size for size in sizes if len(pairs) in size]
    assert len(per_pair) == 4  # attention output, both layers of the perceptron, unembedding


def math_size(equation) -> tuple[int, ...]:
    return tuple(equation.outvars[0].aval.shape)


def test_heads_must_divide_the_width():
    with pytest.raises(ValueError, match="heads=5 do not divide width=12"):
        Transformer(
            P,
            layers=1,
            heads=5,
            width=12,
            mlp_width=8,
            layer_norm=False,
            random_state=0,
        )

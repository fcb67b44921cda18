"""How far a transformer has come with the algorithm of rotations, whatever its accuracy says.

Source: Nanda et al., "Progress measures for grokking via mechanistic interpretability",
arXiv 2301.05217 (claim C25).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array
from scipy.special import log_softmax

from modclock.datasets import IntArray, make_pairs, modular_sum
from modclock.grokking.fourier import (
    FloatArray,
    fit_logits,
    frequency_power,
    gini,
    neuron_frequencies,
    part_logits,
)
from modclock.networks.transformer import Transformer


class Progress(NamedTuple):
    """Progress measures of one network.

    Attributes
    ----------
    restricted_loss : over the test pairs, of the part of the logits that belongs to the
        key frequencies, in nats.
    excluded_loss : over the training pairs, of the logits without that part, in nats.
    gini : of the power of the embedding by frequency; near 1 for few frequencies.
    logits_explained : share of the variance of the logits that waves of a + b - c at the key
        frequencies explain.
    neurons_explained : mean over the neurons of the last perceptron, of the share that one
        frequency explains.
    """

    restricted_loss: float
    excluded_loss: float
    gini: float
    logits_explained: float
    neurons_explained: float


def progress(
    network: Transformer, train_pairs: IntArray, test_pairs: IntArray, frequencies: IntArray
) -> Progress:
    """Progress measures at the key frequencies that the network has in the end.

    Parameters
    ----------
    network : a transformer for odd p.
    train_pairs, test_pairs : int arrays, shapes (n, 2).
    frequencies : whole numbers, the key frequencies.
    """
    p = len(network.numbers)
    pairs = make_pairs(p, "full")
    logits, neurons = map(np.float64, _outputs(network, jnp.asarray(pairs)))
    parts = part_logits(logits, p, frequencies)
    return Progress(
        _loss(parts.restricted, test_pairs, p),
        _loss(parts.excluded, train_pairs, p),
        gini(frequency_power(network.numbers)),
        fit_logits(logits, p, frequencies).explained,
        float(neuron_frequencies(neurons, p).share.mean()),
    )


def circles(network: Transformer, frequencies: IntArray) -> list[dict[str, Any]]:
    """Every number's embedding in the plane of each frequency.

    The plane is spanned by the sums of all embeddings, weighted by cos and by sin. A network
    that rotates has the numbers on a circle there, in the order of frequency times number.

    Returns
    -------
    list of dict: frequency, number, and the coordinates x and y.
    """
    embedding = np.asarray(network.numbers, dtype=np.float64)
    numbers = np.arange(len(embedding))
    found = []
    for frequency in frequencies.tolist():
        angle = 2 * np.pi * frequency * numbers / len(embedding)
        plane, _ = np.linalg.qr(embedding.T @ np.column_stack([np.cos(angle), np.sin(angle)]))
        for number, (x, y) in enumerate((embedding @ plane).tolist()):
            found.append({"frequency": frequency, "number": number, "x": x, "y": y})
    return found


def neuron_spectra(network: Transformer) -> list[dict[str, Any]]:
    """For every unit of the last perceptron, the frequency that explains most of it.

    Returns
    -------
    list of dict: frequency and the share of the unit's variance that it explains.
    """
    p = len(network.numbers)
    neurons = _outputs(network, jnp.asarray(make_pairs(p, "full")))[1]
    found = neuron_frequencies(neurons, p)
    return [
        {"frequency": frequency, "share": share}
        for frequency, share in zip(found.frequency.tolist(), found.share.tolist(), strict=True)
    ]


@eqx.filter_jit
def _outputs(network: Transformer, pairs: Array) -> tuple[Array, Array]:
    return network(pairs), network.neurons(pairs)


def _loss(logits: FloatArray, pairs: IntArray, p: int) -> float:
    """Mean negative log-probability of the right answers to some of all pairs, in nats."""
    chosen = log_softmax(logits[pairs @ [p, 1]], axis=1)
    return float(-chosen[np.arange(len(pairs)), modular_sum(pairs, p)].mean())

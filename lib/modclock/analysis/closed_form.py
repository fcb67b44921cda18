"""A network for addition modulo p whose weights are written down, not trained.

Two layers, a square between them. Each hidden neuron adds a wave of the first number and one of
the second, and squares; each output reads the neurons by one more wave. Source: Gromov, "Grokking
modular arithmetic", arXiv 2301.02679, who draws the phases at random. `exact_network` has six
phases for each frequency. All that disturbs cancels out then: notebook `26_closed_form` proves it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils import check_random_state

from modclock.datasets import IntArray
from modclock.validation import check_modulus

FloatArray = NDArray[np.float64]
N_PHASES = 6
_STEPS = (1, 4)  # in sixths of a turn from one neuron to the next, of first and second phase


class ClosedFormNetwork(NamedTuple):
    """Weights of a two-layer network with a square as its activation.

    Attributes
    ----------
    first, second : shape (p, width), what the hidden neurons get from the first and second number.
    output : shape (width, p), what the answers get from the neurons.
    """

    first: FloatArray
    second: FloatArray
    output: FloatArray

    def neurons(self, pairs: IntArray) -> FloatArray:
        """The hidden neurons after the square, shape (n_pairs, width), for pairs (n_pairs, 2)."""
        return np.square(self.first[pairs[:, 0]] + self.second[pairs[:, 1]])

    def logits(self, pairs: IntArray) -> FloatArray:
        """The outputs of all answers, shape (n_pairs, p)."""
        return self.neurons(pairs) @ self.output


def closed_form_network(
    p: int, frequencies: ArrayLike, first_phases: ArrayLike, second_phases: ArrayLike
) -> ClosedFormNetwork:
    """A network with a frequency and two phases for each hidden neuron.

    Neuron k is (cos(w i + f) + cos(w j + s))^2 with w = 2 pi frequency / p and its phases f and s,
    and the answer c reads it by cos(w c + f + s).

    Parameters
    ----------
    p : modulus.
    frequencies : int array-like, shape (width,).
    first_phases, second_phases : float array-likes, shape (width,), in turns.

    Examples
    --------
    >>> network = closed_form_network(5, [1, 2], [0.0, 0.5], [0.0, 0.25])
    >>> network.first.shape, network.output.shape
    ((5, 2), (2, 5))
    """
    check_modulus(p)
    turns = np.arange(p)[:, np.newaxis] * np.asarray(frequencies) / p
    first, second = np.asarray(first_phases), np.asarray(second_phases)
    waves = (np.cos(2 * np.pi * (turns + phase)) for phase in (first, second, first + second))
    one, two, read = waves
    return ClosedFormNetwork(one, two, read.T)


def random_network(p: int, width: int, random_state: int | None = None) -> ClosedFormNetwork:
    """Gromov's network: frequency and phases of every neuron drawn at random.

    Parameters
    ----------
    p : modulus, at least 3.
    width : number of hidden neurons.
    random_state : seed.

    Examples
    --------
    >>> random_network(7, width=100, random_state=0).second.shape
    (7, 100)
    """
    _check_size(p)
    rng = check_random_state(random_state)
    frequencies = rng.randint(1, (p + 1) // 2, size=width)
    return closed_form_network(p, frequencies, rng.uniform(size=width), rng.uniform(size=width))


def exact_network(p: int, frequencies: ArrayLike) -> ClosedFormNetwork:
    """Six neurons for each frequency, whose logits are 3 cos(w (i + j - c)), summed over them.

    Parameters
    ----------
    p : modulus, at least 3.
    frequencies : different whole numbers from 1 to (p - 1) / 2, rounded down.

    Raises
    ------
    ValueError : for a smaller p, or other frequencies.

    Examples
    --------
    Six neurons add modulo 97:

    >>> from modclock.datasets import make_pairs, modular_sum
    >>> pairs = make_pairs(97, "full")
    >>> said = exact_network(97, [1]).logits(pairs).argmax(axis=1)
    >>> bool((said == modular_sum(pairs, 97)).all())
    True
    """
    _check_size(p)
    chosen = np.asarray(frequencies)
    allowed = np.isin(chosen, np.arange(1, (p + 1) // 2)).all()
    if chosen.ndim != 1 or not len(chosen) or not allowed or len(np.unique(chosen)) < len(chosen):
        raise ValueError(
            f"frequencies: different whole numbers from 1 to {(p - 1) // 2}, got {chosen.tolist()}"
        )
    place = np.tile(np.arange(N_PHASES), len(chosen))
    first, second = (step * place / N_PHASES for step in _STEPS)
    return closed_form_network(p, np.repeat(chosen, N_PHASES), first, second)


def _check_size(p: int) -> None:
    check_modulus(p)
    if p < 3:
        raise ValueError(f"p: a modulus of at least 3, got {p}")

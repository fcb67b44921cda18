"""Who races, and what racers are given of the numbers: the sum modulo p, in an encoding by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modclock.datasets import make_pairs, modular_sum, split_pairs
from modclock.encoders.cycle import VarCycleEncoder
from modclock.encoders.fourier import FourierEncoder
from modclock.grokking.race_names import METHOD_NAMES
from modclock.pairing import PairEncoder
from modclock.validation import check_choice

if TYPE_CHECKING:
    from modclock.grokking.entrants import Problem

FloatArray = NDArray[np.float64]


class Size(NamedTuple):
    """How large the codes are: cosines, clocks, and winners among these."""

    n_frequencies: int = 5
    n_clocks: int = 400
    k: int = 133


def _cosines(p: int, size: Size, seed: int) -> FourierEncoder:
    drawn = np.random.default_rng(seed).permutation(np.arange(1, (p + 1) // 2))
    return FourierEncoder(p=p, frequencies=np.sort(drawn[: size.n_frequencies]).tolist())


def _of_numbers(p: int, size: Size, seed: int) -> FloatArray:
    return np.asarray(_cosines(p, size, seed).fit_transform(np.arange(p)[:, None]))


def _all_cosines(p: int, size: Size, seed: int) -> FloatArray:
    return _of_numbers(p, size._replace(n_frequencies=p), seed)


def _exchanged(p: int, size: Size, seed: int) -> FloatArray:
    return np.random.default_rng([seed, 1]).permutation(_of_numbers(p, size, seed))


def _of_pairs(p: int, encoder: PairEncoder) -> FloatArray:
    return np.asarray(encoder.fit_transform(make_pairs(p, "full")), dtype=np.float64)


def _clocks(composition: str) -> Callable[[int, Size, int], FloatArray]:
    def codes(p: int, size: Size, seed: int) -> FloatArray:
        clocks = VarCycleEncoder(size.n_clocks, random_state=seed)
        return _of_pairs(p, PairEncoder(clocks, composition=composition, k=size.k))

    return codes


NUMBERS: dict[str, Callable[[int, Size, int], FloatArray]] = {
    "one-hot": lambda p, size, seed: np.eye(p),
    "cosines": _of_numbers,
    "cosines, exchanged": _exchanged,
    "all cosines": _all_cosines,
}
"""Codes of numbers, two of which stand side by side."""

PAIRS: dict[str, Callable[[int, Size, int], FloatArray]] = {
    "clocks, overlap": _clocks("overlap"),
    "clocks, wrapped overlap": _clocks("wrapped_overlap"),
    "all cosines, bound": lambda p, size, seed: _of_pairs(
        p, PairEncoder(_cosines(p, size._replace(n_frequencies=p), seed), composition="bind")
    ),
}
"""Codes of pairs, composed beforehand."""


def race_entrants(
    methods: Sequence[str], activations: Sequence[str], *, with_controls: bool
) -> list[dict[str, Any]]:
    """Who races: fields of a `RaceTrial` that tell the entrants apart.

    Parameters
    ----------
    methods : of the networks, see `modclock.grokking.methods`; all if empty.
    activations : of the networks. The first of them is that of the controls and the random split.
    with_controls : whether plain AdamW also runs on the codes of the controls.

    Examples
    --------
    >>> found = race_entrants(["AdamW"], ["square"], with_controls=False)
    >>> [(one["method"], one["encoding"]) for one in found][:2]
    [('AdamW', 'one-hot'), ('AdamW', 'cosines')]
    """
    first, bound = activations[0], "all cosines, bound"
    entrants = [
        (method, encoding, activation, "mirrored")
        for activation in activations
        for encoding in ("one-hot", "cosines")
        for method in methods or METHOD_NAMES
        if (method, encoding) != ("GrokTransfer", "cosines")  # it learns codes of its own
    ]
    controls = ("cosines, exchanged", "all cosines", "clocks, overlap", "clocks, wrapped overlap")
    if with_controls:
        entrants += [("AdamW", encoding, first, "mirrored") for encoding in controls]
    entrants += [("feature machine", code, first, "mirrored") for code in ("one-hot", bound)]
    entrants += [(method, "one-hot", first, "random") for method in ("feature machine", "AdamW")]
    entrants += [
        ("linear readout", encoding, first, "mirrored") for encoding in (bound, *controls[2:])
    ]
    names = ("method", "encoding", "activation", "split")
    return [dict(zip(names, entrant, strict=True)) for entrant in entrants]


def make_problem(
    encoding: str, p: int, size: Size, split_seed: int, code_seed: int, split: str = "mirrored"
) -> Problem:
    """Half of all ordered pairs to train on, and the others.

    All codes are scaled to a mean squared length of one, so that networks start alike.

    Parameters
    ----------
    encoding : one of `NUMBERS` or of `PAIRS`.
    p : modulus.
    size : of the codes.
    split_seed, code_seed : of the split, and of what is random in the codes.
    split : see `modclock.datasets.split_pairs`; "mirrored" keeps mirror images on one side.

    Raises
    ------
    ValueError : for an unknown encoding.

    Examples
    --------
    >>> problem = make_problem("cosines", 11, Size(n_frequencies=2), 0, 0)
    >>> problem.codes.shape, problem.train.shape[1], problem.inputs(problem.test).shape[1]
    ((11, 4), 2, 8)
    """
    from modclock.grokking.entrants import Problem

    check_choice("encoding", encoding, [*NUMBERS, *PAIRS])
    train, test = split_pairs(make_pairs(p, "full"), split, 0.5, split_seed)
    answers = modular_sum(train, p), modular_sum(test, p)
    if encoding in NUMBERS:
        codes = NUMBERS[encoding](p, size, code_seed)
    else:
        codes = PAIRS[encoding](p, size, code_seed)
        train, test = (side @ np.array([[p], [1]]) for side in (train, test))
    codes = codes / np.sqrt((codes**2).sum(axis=1).mean())
    return Problem(codes, train, answers[0], test, answers[1], p)

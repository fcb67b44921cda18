"""Two encodings become one input: the compositions of the thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone

from modclock.columns import check_integers
from modclock.sdr import k_winners_take_all, levels_by_rank, levels_by_value
from modclock.several_columns import SeveralColumns
from modclock.validation import COUNT, Rule, check_choice, having, whole

FloatArray = NDArray[np.floating]
Compose = Callable[["PairEncoder", FloatArray, FloatArray], FloatArray]


class Composition(NamedTuple):
    """A way to make one input of the codes of two numbers.

    Attributes
    ----------
    compose : of a fitted `PairEncoder` and the two codes, shape (n_samples, width) each, the input.
    needs : what it makes use of: the parameters "k" and "n_levels", "sdrs" for codes as bits (k
        winners where they are none), and of the encoder "phases", "bind" or "unbind".
    gives_bits : whether the input is made of zeros and ones; None if that is so for codes of bits.
    combines : whether a value of the input goes by both numbers together. Codes side by side, or
        added, hold nothing that the two do not hold by themselves.
    """

    compose: Compose
    needs: frozenset[str]
    gives_bits: bool | None
    combines: bool


def _of_codes(
    compose: Callable[[FloatArray, FloatArray], FloatArray],
    *,
    gives_bits: bool | None,
    combines: bool,
) -> Composition:
    """Composition of the codes as they are."""
    return Composition(lambda _, a, b: compose(a, b), frozenset(), gives_bits, combines)


def _of_sdrs(
    compose: Callable[[FloatArray, FloatArray], FloatArray], *, gives_bits: bool, combines: bool
) -> Composition:
    """Composition of SDRs: the codes themselves where they are bits, else their k winners."""

    def of_codes(pair: PairEncoder, first: FloatArray, second: FloatArray) -> FloatArray:
        if getattr(pair.encoder_, "emits_bits", False):
            return compose(first, second)
        return compose(k_winners_take_all(first, pair.k), k_winners_take_all(second, pair.k))

    return Composition(of_codes, frozenset({"sdrs"}), gives_bits, combines)


COMPOSITIONS: dict[str, Composition] = {
    "overlap": Composition(
        lambda pair, a, b: k_winners_take_all(a + b, pair.k), frozenset({"k"}), True, True
    ),
    "levels_by_rank": Composition(
        lambda pair, a, b: levels_by_rank(a + b, pair.n_levels),
        frozenset({"n_levels"}),
        False,
        True,
    ),
    "levels_by_value": Composition(
        lambda pair, a, b: levels_by_value(a + b, pair.n_levels),
        frozenset({"n_levels"}),
        False,
        True,
    ),
    "dense_sum": _of_codes(np.add, gives_bits=False, combines=False),
    "concatenate_dense": _of_codes(lambda a, b: np.hstack([a, b]), gives_bits=None, combines=False),
    "product": _of_codes(np.multiply, gives_bits=None, combines=True),
    "wrapped_overlap": Composition(
        lambda pair, a, b: k_winners_take_all((a + b) % 1.0, pair.k),
        frozenset({"k", "phases"}),
        True,
        True,
    ),
    "bind": Composition(
        lambda pair, a, b: pair.encoder_.bind(a, b), frozenset({"bind"}), None, True
    ),
    "unbind": Composition(
        lambda pair, a, b: pair.encoder_.unbind(a, b), frozenset({"unbind"}), None, True
    ),
    "concatenate": _of_sdrs(lambda a, b: np.hstack([a, b]), gives_bits=True, combines=False),
    "or": _of_sdrs(np.maximum, gives_bits=True, combines=True),
    "and": _of_sdrs(np.minimum, gives_bits=True, combines=True),
    "xor": _of_sdrs(lambda a, b: np.abs(a - b), gives_bits=True, combines=True),
    "sdr_sum": _of_sdrs(np.add, gives_bits=False, combines=False),
}


def needed_parameters(encoder: Any, composition: str) -> set[str]:
    """Which of `k` and `n_levels` a composition of the codes of an encoder makes use of.

    Parameters
    ----------
    encoder : of which only `emits_bits` counts.
    composition : the name of one, as in `PairEncoder`.

    Returns
    -------
    set of names, a part of {"k", "n_levels"}.

    Examples
    --------
    >>> from modclock.encoders import GridCellEncoder, VarCycleEncoder
    >>> needed_parameters(VarCycleEncoder(), "concatenate")
    {'k'}
    >>> needed_parameters(GridCellEncoder(), "concatenate")
    set()
    """
    needs = COMPOSITIONS[composition].needs
    of_winners = "sdrs" in needs and not getattr(encoder, "emits_bits", False)
    return set(needs & {"k", "n_levels"}) | ({"k"} if of_winners else set())


class PairEncoder(SeveralColumns):
    """Encode both numbers of a pair with one encoder and compose the two codes.

    Parameters
    ----------
    encoder : transformer from an int column to codes, one of `modclock.encoders`
        or your own. A clone of it is fitted once and encodes both numbers.
    composition : how two codes of width N become one input. Of the sum of the codes:

        - "overlap": k-winners-take-all; N bits (claims C01 to C08).
        - "wrapped_overlap": the same for phases, which are added as angles are: whole turns
          do not count. It repairs the pairs with i == j (C08), see notebook
          `21_why_the_diagonal_fails`.
        - "levels_by_rank", "levels_by_value": n_levels levels from 0 to 1 (C18).
        - "dense_sum": the sum itself (C04).

        Of the two SDRs (the k winners of each code, or the code itself if it is bits):

        - "concatenate": side by side, 2N bits (C09, C20).
        - "or", "and", "xor": bit by bit (C21).
        - "sdr_sum": 0, 1 or 2 for each bit.

        Of the codes as they are:

        - "concatenate_dense": side by side, 2N floats (C09 as a reader describes it).
        - "product": value by value.
        - "bind": the encoder's own binding: the product of phasors, or circular
          convolution of blocks; the code of what both numbers add up to.
        - "unbind": the code of their difference, for phasors.
    k : number of winners; see `needed_parameters` for who uses it.
    n_levels : number of levels, at least 2; used by the levels alone.

    Attributes
    ----------
    encoder_ : the fitted encoder.
    n_features_in_ : 2.

    Raises
    ------
    ValueError : in `fit` and `transform`, for anything but an int array with two
        columns, an unknown composition, k larger than the encoder's width, or codes that are no
        finite real numbers.

    Examples
    --------
    >>> from modclock.encoders import VarCycleEncoder
    >>> pair_encoder = PairEncoder(VarCycleEncoder(400, random_state=0), k=133)
    >>> sdr = pair_encoder.fit_transform([[3, 5], [5, 3], [4, 4]])
    >>> sdr.shape, sdr.sum(axis=1).tolist()
    ((3, 400), [133.0, 133.0, 133.0])
    >>> bool((sdr[0] == sdr[1]).all())
    True
    """

    k: int
    n_levels: int
    rules: ClassVar[dict[str, Rule]] = {
        "encoder": having("fit", "transform"),
        "k": COUNT,
        "n_levels": whole(2),
    }

    def __init__(
        self, encoder: Any, *, composition: str = "overlap", k: int = 133, n_levels: int = 3
    ) -> None:
        self.encoder = encoder
        self.composition = composition
        self.k = k
        self.n_levels = n_levels

    def fit(self, X: ArrayLike, y: None = None) -> Self:
        """Fit the encoder to the numbers in X, int array (n_samples, 2)."""
        self.check_parameters()
        self._check_encoder()
        numbers = check_integers(self, X, reset=True, n_columns=2).reshape(-1, 1)
        self.encoder_ = clone(self.encoder).fit(numbers)
        self._n_features_out = self._composed(numbers[:1].repeat(2, axis=1)).shape[1]
        return self

    def _composed(self, pairs: NDArray[np.int64]) -> NDArray[np.float32]:
        numbers, places = np.unique(pairs, return_inverse=True)  # few numbers make many pairs
        codes = self._codes(numbers)
        first, second = (codes[column] for column in places.reshape(pairs.shape).T)
        with np.errstate(over="ignore", invalid="ignore"):  # what comes of it is refused
            composed = COMPOSITIONS[self.composition].compose(self, first, second)
        return self._as_float32(composed)

    def _check_encoder(self) -> None:
        """Refuse an encoder that lacks what the composition needs of it."""
        check_choice("composition", self.composition, COMPOSITIONS)
        needs, name = COMPOSITIONS[self.composition].needs, type(self.encoder).__name__
        for method in sorted(needs & {"bind", "unbind"}):
            if not hasattr(self.encoder, method):
                raise ValueError(
                    f"composition {self.composition!r} needs an encoder of phasors or blocks, and "
                    f"{name} has no {method} method"
                )
        if "phases" in needs and not getattr(self.encoder, "emits_phases", False):
            raise ValueError(
                f"composition {self.composition!r} adds phases: it needs clocks with the sawtooth "
                f"waveform, or another encoder with emits_phases, and {name} has none"
            )

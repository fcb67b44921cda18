"""Two encodings become one input: the compositions of the thread."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin, _fit_context, clone
from sklearn.utils import Tags
from sklearn.utils._param_validation import HasMethods, Interval
from sklearn.utils.validation import check_is_fitted

from modclock.sdr import k_winners_take_all, levels_by_rank, levels_by_value
from modclock.validation import check_choice, check_integers

FloatArray = NDArray[np.floating]
Compose = Callable[["PairEncoder", FloatArray, FloatArray], FloatArray]


def _of_sdrs(compose: Callable[[FloatArray, FloatArray], FloatArray]) -> Compose:
    """Compose SDRs: the codes themselves where they are bits, else their k winners."""

    def of_codes(pair: PairEncoder, first: FloatArray, second: FloatArray) -> FloatArray:
        if getattr(pair.encoder_, "emits_bits", False):
            return compose(first, second)
        return compose(k_winners_take_all(first, pair.k), k_winners_take_all(second, pair.k))

    return of_codes


SDR_COMPOSITIONS: dict[str, Compose] = {
    "concatenate": _of_sdrs(lambda first, second: np.hstack([first, second])),
    "or": _of_sdrs(np.maximum),
    "and": _of_sdrs(np.minimum),
    "xor": _of_sdrs(lambda first, second: np.abs(first - second)),
    "sdr_sum": _of_sdrs(np.add),
}
COMPOSITIONS: dict[str, Compose] = {
    "overlap": lambda pair, first, second: k_winners_take_all(first + second, pair.k),
    "levels_by_rank": lambda pair, first, second: levels_by_rank(first + second, pair.n_levels),
    "levels_by_value": lambda pair, first, second: levels_by_value(first + second, pair.n_levels),
    "dense_sum": lambda pair, first, second: first + second,
    "concatenate_dense": lambda pair, first, second: np.hstack([first, second]),
    "product": lambda pair, first, second: first * second,
    "wrapped_overlap": lambda pair, first, second: k_winners_take_all(
        (first + second) % 1.0, pair.k
    ),
    "bind": lambda pair, first, second: pair.encoder_.bind(first, second),
    "unbind": lambda pair, first, second: pair.encoder_.unbind(first, second),
    **SDR_COMPOSITIONS,
}


def needed_parameters(encoder: Any, composition: str) -> set[str]:
    """Which of `k` and `n_levels` a composition of the codes of an encoder makes use of.

    Examples
    --------
    >>> from modclock.encoders import GridCellEncoder, VarCycleEncoder
    >>> needed_parameters(VarCycleEncoder(), "concatenate")
    {'k'}
    >>> needed_parameters(GridCellEncoder(), "concatenate")
    set()
    """
    if composition.startswith("levels"):
        return {"n_levels"}
    makes_sdrs = composition in SDR_COMPOSITIONS and not getattr(encoder, "emits_bits", False)
    return {"k"} if makes_sdrs or composition.endswith("overlap") else set()


class PairEncoder(TransformerMixin, BaseEstimator):
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
        columns, an unknown composition, or k larger than the encoder's width.

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

    encoder_: Any
    k: int
    n_levels: int
    _parameter_constraints: dict[str, list[Any]] = {
        "encoder": [HasMethods(["fit", "transform"])],
        "composition": [str],
        "k": [Interval(Integral, 1, None, closed="left")],
        "n_levels": [Interval(Integral, 2, None, closed="left")],
    }

    def __init__(
        self, encoder: Any, *, composition: str = "overlap", k: int = 133, n_levels: int = 3
    ) -> None:
        self.encoder = encoder
        self.composition = composition
        self.k = k
        self.n_levels = n_levels

    # The encoder inside is checked as well when the pair encoder is fitted.
    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, X: ArrayLike, y: None = None) -> Self:
        """Fit the encoder to the numbers in X, int array (n_samples, 2)."""
        check_choice("composition", self.composition, COMPOSITIONS)
        name = type(self.encoder).__name__
        if self.composition in ("bind", "unbind") and not hasattr(self.encoder, self.composition):
            raise ValueError(
                f"composition {self.composition!r} needs an encoder of phasors or blocks, and "
                f"{name} has no {self.composition} method"
            )
        if self.composition == "wrapped_overlap" and not getattr(
            self.encoder, "emits_phases", False
        ):
            raise ValueError(
                "composition 'wrapped_overlap' adds phases: it needs clocks with the sawtooth "
                f"waveform, or another encoder with emits_phases, and {name} has none"
            )
        numbers = check_integers(self, X, reset=True, n_columns=2).reshape(-1, 1)
        self.encoder_ = clone(self.encoder).fit(numbers)
        return self

    def transform(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the composed encodings, float32, shape (n_samples, N) or (n_samples, 2N)."""
        check_is_fitted(self)
        X = check_integers(self, X, reset=False)
        numbers, places = np.unique(X, return_inverse=True)  # few numbers make many pairs
        codes = self.encoder_.transform(numbers[:, np.newaxis])
        first, second = (codes[column] for column in places.reshape(X.shape).T)
        return COMPOSITIONS[self.composition](self, first, second).astype(np.float32, copy=False)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags

"""Many columns become one input, each with an order of its own for the places of a code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone
from sklearn.utils import check_random_state

from modclock.columns import check_integers
from modclock.sdr import k_winners_take_all
from modclock.several_columns import SeveralColumns
from modclock.validation import COUNT, Rule, check_choice, having

FloatArray = NDArray[np.floating]

# Of the codes of all columns, shape (n_columns, n_samples, width), and as SDRs.
COLUMN_COMPOSITIONS: dict[str, Callable[[FloatArray, FloatArray, int], FloatArray]] = {
    "overlap": lambda codes, sdrs, k: k_winners_take_all(codes.sum(axis=0), k),
    "dense_sum": lambda codes, sdrs, k: codes.sum(axis=0),
    "sdr_sum": lambda codes, sdrs, k: sdrs.sum(axis=0),
    "or": lambda codes, sdrs, k: sdrs.max(axis=0),
    "concatenate": lambda codes, sdrs, k: np.hstack(list(sdrs)),
    "concatenate_dense": lambda codes, sdrs, k: np.hstack(list(codes)),
}


class TableEncoder(SeveralColumns):
    """Encode all columns of a table with one encoder and compose the codes.

    A sum of codes forgets which number stood where. So each column has an order of its own for the
    places of a code, drawn at random: the way to tell roles apart in hyperdimensional computing
    (Kanerva, "Hyperdimensional computing", 2009).

    Parameters
    ----------
    encoder : transformer from an int column to codes, one of `modclock.encoders` or your own.
    composition : "overlap", "dense_sum", "sdr_sum", "or", "concatenate" or "concatenate_dense", as
        in `PairEncoder`.
    k : number of winners, of the overlap and of SDRs whose codes are no bits.
    random_state : int, RandomState or None; draws the orders.

    Attributes
    ----------
    encoder_ : the fitted encoder.
    places_ : int array (n_columns, width), the orders.
    n_features_in_ : number of columns.

    Raises
    ------
    ValueError : in `fit` and `transform`, for anything but whole numbers, an unknown composition,
        or k larger than the encoder's width.

    Examples
    --------
    >>> from modclock.encoders import ThermometerEncoder
    >>> table = TableEncoder(ThermometerEncoder(p=9), composition="dense_sum", random_state=0)
    >>> codes = table.fit_transform([[3, 5, 8], [5, 3, 8]])
    >>> codes.shape, codes.sum(axis=1).tolist(), bool((codes[0] == codes[1]).all())
    ((2, 8), [16.0, 16.0], False)
    """

    rules: ClassVar[dict[str, Rule]] = {"encoder": having("fit", "transform"), "k": COUNT}

    def __init__(
        self, encoder: Any, *, composition: str = "overlap", k: int = 133, random_state: Any = None
    ) -> None:
        self.encoder = encoder
        self.composition = composition
        self.k = k
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: None = None) -> Self:
        """Fit the encoder and draw an order for each column of X, int array."""
        self.check_parameters()
        check_choice("composition", self.composition, COLUMN_COMPOSITIONS)
        columns = check_integers(self, X, reset=True)
        self.encoder_ = clone(self.encoder).fit(columns.reshape(-1, 1))
        width = self._codes(columns[0, :1]).shape[1]
        rng = check_random_state(self.random_state)
        self.places_ = np.stack([rng.permutation(width) for _ in range(columns.shape[1])])
        self._n_features_out = self._composed(columns[:1]).shape[1]
        return self

    def _composed(self, columns: NDArray[np.int64]) -> NDArray[np.float32]:
        numbers, found = np.unique(columns, return_inverse=True)
        of_numbers = self._as_float32(self._codes(numbers))
        codes = np.stack(
            [
                of_numbers[rows][:, places]
                for rows, places in zip(found.reshape(columns.shape).T, self.places_, strict=True)
            ]
        )
        compose = COLUMN_COMPOSITIONS[self.composition]
        return self._as_float32(compose(codes, self._sdrs(codes), self.k))

    def _sdrs(self, codes: FloatArray) -> FloatArray:
        if getattr(self.encoder_, "emits_bits", False) or self.composition not in _OF_SDRS:
            return codes
        flat = codes.reshape(-1, codes.shape[-1])
        return k_winners_take_all(flat, self.k).reshape(codes.shape)


_OF_SDRS = {"sdr_sum", "or", "concatenate"}

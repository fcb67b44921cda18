"""What all encoders have in common."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray
from scipy.sparse import csr_array, issparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags, check_random_state
from sklearn.utils.validation import check_is_fitted

from modclock.columns import check_integers, names_of_columns, place_of
from modclock.validation import COUNT, DTYPE, FLAG, CheckedParameters, Rule

Codes = Any  # a NumPy array, or a SciPy CSR array


class NumberEncoder(TransformerMixin, CheckedParameters, BaseEstimator):
    """A transformer from integers to vectors, the same code in every column.

    All columns of a table share what is random, clocks for example: that is how the two numbers of
    a pair are encoded. `ColumnwiseEncoder` gives each column its own.

    A subclass draws what is random in `_draw` and encodes a flat array in `_encode`. Its
    `_range` is the number of values 0, 1, ... that it can encode, None for any integer; as it is
    here, that is the parameter `p` where `has_range` says so.
    `emits_bits` says that its codes are SDRs already; other codes become one by k-WTA.
    `emits_phases` says that they are phases in turns, from 0 to below 1, and add as such.
    """

    emits_bits: ClassVar[bool] = False
    emits_phases: bool = False
    has_range: ClassVar[bool] = False
    rules: ClassVar[dict[str, Rule]] = {}  # none, unless a subclass has some
    n_features_in_: int

    def _draw(self, rng: np.random.RandomState) -> None:
        """Draw the fitted attributes; nothing to do for an encoder without randomness."""

    def _encode(self, numbers: NDArray[np.int64]) -> Codes:
        """Encode numbers, shape (n,), as codes, shape (n, width)."""
        raise NotImplementedError(f"{type(self).__name__} has no _encode")

    def _range(self) -> int | None:
        return self.p if self.has_range else None

    def fit(self, X: ArrayLike, y: None = None) -> Self:
        """Draw what is random. Of X, int array (n_samples, n_features), only the width counts."""
        self.check_parameters()
        check_integers(self, X, reset=True)
        self._draw(check_random_state(getattr(self, "random_state", None)))
        return self

    def transform(self, X: ArrayLike) -> Codes:
        """Return the codes, shape (n_samples, n_features * width).

        They are float64, or of the encoder's `dtype` where it has one, and a sparse array where it
        has `sparse_output` and that is True. An encoder of your own gives what its `_encode` gives.
        Every column of X is encoded alike; the codes of the columns stand side by side.
        """
        check_is_fitted(self, "n_features_in_")
        X = check_integers(self, X, reset=False)
        count = self._range()
        if count is not None and X.size and (X.min() < 0 or X.max() >= count):
            outside = (X < 0) | (count <= X)
            row, column = np.argwhere(outside)[0]
            raise ValueError(
                f"{type(self).__name__} encodes 0..{count - 1}, but X holds {X[row, column]}"
                f"{place_of(self, row, column)}; take a larger p, or shift and clip the numbers"
            )
        codes = self._checked(self._encode(X.ravel()), X.size)
        codes = codes.reshape((len(X), X.shape[1] * codes.shape[1]))
        return codes.tocsr() if issparse(codes) else codes

    def _checked(self, codes: Any, n_numbers: int) -> Codes:
        """What `_encode` returned as an array; another shape would be taken for other codes."""
        if codes is None:
            raise ValueError(
                f"{type(self).__name__}: _encode returns nothing; is a return missing?"
            )
        if np.ma.is_masked(codes):
            raise ValueError(f"{type(self).__name__}: _encode returns values under a mask")
        codes = codes if issparse(codes) else np.asarray(codes)
        if codes.ndim != 2 or codes.shape[0] != n_numbers:
            single = "; a single value a number is a column, values[:, np.newaxis]"
            raise ValueError(
                f"{type(self).__name__}: _encode returns shape {codes.shape} for {n_numbers} "
                f"numbers, not ({n_numbers}, width): one row a number"
                f"{single if codes.shape == (n_numbers,) else ''}"
            )
        return codes

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray[np.object_]:
        """Names of the code's values: those of the columns, each with the place in its code.

        Parameters
        ----------
        input_features : names of the columns; those seen in `fit`, or x0, x1, ..., when None.

        Returns
        -------
        object array, shape (n_features * width,), such as "hour_0", "hour_1", ...
        """
        check_is_fitted(self, "n_features_in_")
        width = self._encode(np.zeros(1, dtype=np.int64)).shape[1]
        columns = names_of_columns(self, input_features)
        names = [f"{column}_{place}" for column in columns for place in range(width)]
        return np.array(names, dtype=object)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags


class BitEncoder(NumberEncoder):
    """An encoder whose codes are bits, as an array of numbers or as a sparse one.

    A subclass says in `_bits` which are on, and has the parameters `dtype` and `sparse_output`.
    """

    emits_bits = True
    dtype: DTypeLike
    sparse_output: bool
    rules: ClassVar[dict[str, Rule]] = {"dtype": DTYPE, "sparse_output": FLAG}

    def _bits(self, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which bits are on, shape (n,) -> (n, width)."""
        raise NotImplementedError

    def _encode(self, numbers: NDArray[np.int64]) -> Codes:
        bits = self._bits(numbers)
        return csr_array(bits, dtype=self.dtype) if self.sparse_output else bits.astype(self.dtype)


class RangeBitEncoder(BitEncoder):
    """Bits for the numbers 0 to p - 1, with no other parameters."""

    has_range = True
    rules: ClassVar[dict[str, Rule]] = BitEncoder.rules | {"p": COUNT}

    def __init__(
        self, p: int = 97, *, dtype: DTypeLike = np.float64, sparse_output: bool = False
    ) -> None:
        self.p = p
        self.dtype = dtype
        self.sparse_output = sparse_output

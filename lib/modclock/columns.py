"""Columns of whole numbers: what encoders take for one, and what they call what they make of it."""

from __future__ import annotations

from math import isfinite, isnan
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import validate_data

from modclock.validation import FLAG

_EXACT_FLOATS = 2**53  # from here on a float may be a rounded integer


def check_integers(
    estimator: BaseEstimator, X: Any, *, reset: bool, n_columns: int | None = None
) -> NDArray[np.int64]:
    """Validate the input of an estimator as a 2-d array of integers, and make it int64.

    Whatever stands for integers without doubt is taken: any integer type, floats and objects that
    are whole numbers, a table of pandas without missing values. What a mask of NumPy hides is
    missing as well.

    Parameters
    ----------
    estimator : the estimator on whose behalf X is checked; its `n_features_in_` is
        set when `reset` is true and compared with X otherwise.
    X : array-like of int, shape (n_samples, n_columns).
    reset : True in `fit`, False in `transform`.
    n_columns : required number of columns; any number when None.

    Raises
    ------
    ValueError : if X is not two-dimensional, has another number of columns, or holds what is no
        integer of 64 bits: fractions, missing values, text, truth values. Floats from 2**53 on
        are refused as well, as they may have been rounded. The first such value is named, with
        its place.

    Examples
    --------
    >>> from modclock.encoders import CycleEncoder
    >>> check_integers(CycleEncoder(), [[1, 2.0]], reset=True)
    array([[1, 2]])
    """
    # Columns of pandas' own integer types would become floats, and large numbers be rounded; truth
    # values beside integers would become 0 and 1. Dates beside numbers have no type in common.
    own_types = hasattr(X, "columns") and not all(
        isinstance(kind, np.dtype) and kind.kind in "iuf" for kind in X.dtypes
    )
    if np.ma.is_masked(X):  # else what is under the mask would be taken
        hidden = np.ma.getmaskarray(X)
        X = np.ma.getdata(X).astype(object)
        X[hidden] = None
    kind = object if own_types else None
    X = X.astype(object) if own_types and hasattr(X, "astype") else X
    X = validate_data(estimator, X, dtype=kind, ensure_all_finite=False, reset=reset)
    name = type(estimator).__name__
    if n_columns is not None and X.shape[1] != n_columns:
        raise ValueError(f"{name} takes {n_columns} columns (i, j), but X has {X.shape[1]}")
    return _as_int64(estimator, X)


def _as_int64(estimator: BaseEstimator, X: NDArray[Any]) -> NDArray[np.int64]:
    """The same integers as int64, on behalf of an estimator."""
    name = type(estimator).__name__
    fits: Any = np.True_
    if X.dtype == np.uint64:
        fits = X < 2**63
    elif X.dtype.kind == "f":
        fits = (np.rint(X) == X) & (np.abs(X) < np.float64(_EXACT_FLOATS))
    elif X.dtype.kind == "O":
        fits = np.array([_is_int64(value) for value in X.flat], dtype=bool).reshape(X.shape)
    elif X.dtype.kind not in "iu":
        example = f", such as {_shown(X.ravel()[:1].tolist()[0])}" if X.size else ""
        raise ValueError(f"{name} takes integers, but X has dtype {X.dtype}{example}")
    if not fits.all():
        row, column = np.argwhere(~fits)[0]
        wrong = X[[row], column].tolist()[0]
        shown = "NaN" if isinstance(wrong, float) and isnan(wrong) else _shown(wrong)
        raise ValueError(
            f"{name} takes integers (of 64 bits; as floats, below 2**53), but X holds {shown}"
            f"{place_of(estimator, row, column)}{_remedy(wrong)}"
        )
    return X.astype(np.int64, copy=False)


def place_of(estimator: Any, row: int, column: int) -> str:
    """Where a value of X stands, for a message; nothing if X has one column without a name."""
    names = getattr(estimator, "feature_names_in_", None)
    if names is None and estimator.n_features_in_ == 1:
        return ""
    name = column if names is None else repr(str(names[column]))
    return f" in column {name}, row {row} (counted from 0)"


def _remedy(wrong: Any) -> str:
    """What helps against a value that is no integer; nothing where that can't be known."""
    missing = type(wrong).__name__ in ("NoneType", "NAType", "NaTType")
    if missing or (isinstance(wrong, float) and isnan(wrong)):
        return "; fill it first, or give missing values a number of their own"
    if isinstance(wrong, Real) and isfinite(wrong) and wrong % 1:
        return "; round it, or sort it into bins"
    return ""


def _is_int64(value: Any) -> bool:
    if FLAG.holds(value):
        return False
    if isinstance(value, Integral):
        return -(2**63) <= int(value) < 2**63
    is_number = isinstance(value, Real)
    return is_number and bool(abs(value) < _EXACT_FLOATS and value % 1 == 0)


def _shown(value: Any) -> str:
    """The value on one line that is not too long."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 80 else f"{text[:77]}..."


def names_of_columns(estimator: Any, input_features: Any) -> list[str]:
    """Names of the input columns of a fitted estimator, for its `get_feature_names_out`.

    Raises
    ------
    ValueError : for other names than those that were seen in `fit`, or another number of them.
    """
    seen = getattr(estimator, "feature_names_in_", None)
    if input_features is None:
        return [f"x{n}" for n in range(estimator.n_features_in_)] if seen is None else list(seen)
    names = [str(name) for name in input_features]
    if seen is not None and names != list(seen):
        raise ValueError(f"input_features is not equal to feature_names_in_: {list(seen)}")
    if len(names) != estimator.n_features_in_:
        raise ValueError(
            f"input_features should have length equal to {estimator.n_features_in_}, "
            f"got {len(names)}"
        )
    return names


def numbered_names(name: str, width: int) -> NDArray[np.object_]:
    """Names of a code's values where no column has them for itself.

    >>> numbered_names("overlap", 2)
    array(['overlap_0', 'overlap_1'], dtype=object)
    """
    return np.array([f"{name}_{place}" for place in range(width)], dtype=object)

"""Checks that several estimators and functions share."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from math import isqrt
from numbers import Integral
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sklearn.base import BaseEstimator


def check_integers(
    estimator: BaseEstimator, X: Any, *, reset: bool, n_columns: int | None = None
) -> NDArray[np.integer]:
    """Validate the input of an estimator as a 2-d integer array.

    Parameters
    ----------
    estimator : the estimator on whose behalf X is checked; its `n_features_in_` is
        set when `reset` is true and compared with X otherwise.
    X : array-like of int, shape (n_samples, n_columns).
    reset : True in `fit`, False in `transform`.
    n_columns : required number of columns; any number when None.

    Raises
    ------
    ValueError : if X is not two-dimensional, holds anything but integers (floats are
        refused even where they are whole numbers), or has another number of columns.

    Examples
    --------
    >>> from modclock.encoders import CycleEncoder
    >>> check_integers(CycleEncoder(), [[1, 2]], reset=True)
    array([[1, 2]])
    """
    # Here, for scikit-learn takes a second to import, and all else is checked without it.
    from sklearn.utils.validation import validate_data

    X = validate_data(estimator, X, dtype=None, reset=reset)
    name = type(estimator).__name__
    if X.dtype.kind not in "iu":
        raise ValueError(f"{name} takes integers, but X has dtype {X.dtype}")
    if n_columns is not None and X.shape[1] != n_columns:
        raise ValueError(f"{name} takes {n_columns} columns (i, j), but X has {X.shape[1]}")
    return X


def check_whole_numbers(field: str, values: Iterable[Any], least: int) -> None:
    """Raise ValueError unless there are values, all of them integers of at least `least`.

    >>> check_whole_numbers("moduli", [2, 3, 5], least=2)
    """
    numbers = list(values)
    if not numbers or not all(isinstance(n, Integral) and int(n) >= least for n in numbers):
        raise ValueError(f"{field} are integers of at least {least}, got {numbers}")


def check_modulus(p: Any) -> None:
    """Raise ValueError unless p is an integer of at least 2.

    >>> check_modulus(97)
    """
    if isinstance(p, bool) or not isinstance(p, Integral) or int(p) < 2:
        raise ValueError(f"the modulus p is an integer of at least 2, got {p!r}")


def is_prime(n: int) -> bool:
    """Whether n has no divisor but 1 and itself, by trial division.

    >>> [n for n in range(20) if is_prime(n)]
    [2, 3, 5, 7, 11, 13, 17, 19]
    """
    return n > 1 and all(n % divisor for divisor in range(2, isqrt(n) + 1))


def check_choice(field: str, value: Any, allowed: Iterable[str]) -> None:
    """Raise ValueError unless `value` is one of the `allowed` names; suggest the nearest.

    >>> check_choice("pairs", "strickt", ["strict", "full"])
    Traceback (most recent call last):
    ...
    ValueError: pairs: unknown name 'strickt', did you mean 'strict'? (allowed: strict, full)
    """
    names = list(allowed)
    if value in names:
        return
    near = get_close_matches(str(value), names, n=1, cutoff=0.5)
    hint = f", did you mean {near[0]!r}?" if near else ""
    choices = ", ".join(names) or "none"
    raise ValueError(f"{field}: unknown name {value!r}{hint} (allowed: {choices})")

"""Checks that several estimators and functions share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from math import isfinite, isqrt
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sklearn.base import BaseEstimator


def check_integers(
    estimator: BaseEstimator, X: Any, *, reset: bool, n_columns: int | None = None
) -> NDArray[np.int64]:
    """Validate the input of an estimator as a 2-d integer array.

    Parameters
    ----------
    estimator : the estimator on whose behalf X is checked; its `n_features_in_` is
        set when `reset` is true and compared with X otherwise.
    X : array-like or table of whole numbers, shape (n_samples, n_columns), of any type that holds
        them: integers of any size, floats without a fraction, Python numbers, pandas' Int64.
    reset : True in `fit`, False in `transform`.
    n_columns : required number of columns; any number when None.

    Returns
    -------
    int64 array, shape (n_samples, n_columns).

    Raises
    ------
    ValueError : if X is not two-dimensional, holds anything but whole numbers that fit into 64
        bits, or has another number of columns.

    Examples
    --------
    >>> from modclock.encoders import CycleEncoder
    >>> check_integers(CycleEncoder(), [[1, 2.0]], reset=True)
    array([[1, 2]])
    """
    # Here, for scikit-learn takes a second to import, and all else is checked without it.
    from sklearn.utils.validation import validate_data

    X = _as_int64(validate_data(estimator, X, dtype=None, reset=reset), type(estimator).__name__)
    if n_columns is not None and X.shape[1] != n_columns:
        raise ValueError(
            f"{type(estimator).__name__} takes {n_columns} columns (i, j), but X has {X.shape[1]}"
        )
    return X


def _as_int64(X: NDArray[Any], name: str) -> NDArray[np.int64]:
    """The same numbers as int64, if nothing is lost."""
    import numpy as np

    if X.dtype.kind == "O":
        X = np.array([_whole_number(value, name) for value in X.ravel()]).reshape(X.shape)
    if X.dtype.kind not in "iuf":
        raise ValueError(f"{name} takes integers, but X has dtype {X.dtype}")
    if X.dtype.kind == "f" and (fractions := X[np.rint(X) != X]).size:
        raise ValueError(f"{name} takes integers, but X holds {fractions[0]}")
    if X.size and (X.min() < -(2**63) or X.max() >= 2**63):
        raise ValueError(f"{name} takes integers of at most 64 bits, but X has {X.max()}")
    return X.astype(np.int64)


def _whole_number(value: Any, name: str) -> int:
    is_whole = isinstance(value, Integral) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not is_whole:
        raise ValueError(f"{name} takes integers, but X holds {value!r}")
    return int(value)


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


def check_modulus(p: Any) -> None:
    """Raise ValueError unless p is an integer of at least 2.

    >>> check_modulus(97)
    """
    if not whole(2).holds(p):
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


class Rule(NamedTuple):
    """What a parameter may be: in words, and as a test."""

    words: str
    holds: Callable[[Any], bool]

    def or_none(self) -> Rule:
        """The same rule, or None."""
        return Rule(f"{self.words}, or None", lambda value: value is None or self.holds(value))


def whole(least: int = 1) -> Rule:
    """A whole number of at least `least`; a truth value is none."""

    def holds(value: Any) -> bool:
        return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= least

    return Rule(f"a whole number of at least {least}", holds)


def number(*, positive: bool) -> Rule:
    """A finite number, above zero or else of at least zero."""

    def holds(value: Any) -> bool:
        if not isinstance(value, Real) or isinstance(value, bool) or not isfinite(value):
            return False
        return float(value) > 0 or (not positive and float(value) == 0)

    return Rule("a positive number" if positive else "a number of at least 0", holds)


def one_of(names: Iterable[str]) -> Rule:
    """One of some names."""
    allowed = list(names)
    return Rule(f"one of {', '.join(allowed)}", lambda value: value in allowed)


def several_whole(least: int) -> Rule:
    """A list of whole numbers of at least `least`, not empty."""

    def holds(value: Any) -> bool:
        return (
            isinstance(value, Iterable)
            and bool(numbers := list(value))
            and all(map(whole(least).holds, numbers))
        )

    return Rule(f"whole numbers of at least {least}", holds)


def having(*methods: str) -> Rule:
    """Anything with some methods."""
    words = f"an object with {' and '.join(methods)}"
    return Rule(words, lambda value: all(hasattr(value, method) for method in methods))


COUNT = whole()
POSITIVE = number(positive=True)
NOT_NEGATIVE = number(positive=False)
FLAG = Rule("True or False", lambda value: type(value).__name__ in ("bool", "bool_"))


def check_parameter(field: str, value: Any, rule: Rule) -> None:
    """Raise ValueError unless a value is what the rule says.

    >>> check_parameter("k", 0, COUNT)
    Traceback (most recent call last):
    ...
    ValueError: k takes a whole number of at least 1, got 0
    """
    if not rule.holds(value):
        raise ValueError(f"{field} takes {rule.words}, got {value!r}")


class CheckedParameters:
    """An estimator whose parameters have rules; each `fit` begins with `check_parameters`."""

    rules: ClassVar[dict[str, Rule]] = {}

    def check_parameters(self) -> None:
        """Raise ValueError for the first parameter that breaks its rule."""
        for name, rule in self.rules.items():
            check_parameter(f"{type(self).__name__}: {name}", getattr(self, name), rule)

"""Checks that several estimators and functions share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from math import isfinite, isnan, isqrt
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sklearn.base import BaseEstimator


_EXACT_FLOATS = 2**53  # from here on a float may be a rounded integer
_LARGEST = 2**31  # of a modulus or frequency: products of two stay within int64


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
    # Here, for scikit-learn takes a second to import, and all else is checked without it.
    import numpy as np
    from sklearn.utils.validation import validate_data

    # Columns of pandas' own integer types would become floats, and large numbers be rounded; truth
    # values beside integers would become 0 and 1.
    own_types = hasattr(X, "columns") and not all(
        isinstance(kind, np.dtype) and kind.kind != "b" for kind in X.dtypes
    )
    if np.ma.is_masked(X):  # else what is under the mask would be taken
        hidden = np.ma.getmaskarray(X)
        X = np.ma.getdata(X).astype(object)
        X[hidden] = None
    kind = object if own_types else None
    X = validate_data(estimator, X, dtype=kind, ensure_all_finite=False, reset=reset)
    name = type(estimator).__name__
    if n_columns is not None and X.shape[1] != n_columns:
        raise ValueError(f"{name} takes {n_columns} columns (i, j), but X has {X.shape[1]}")
    return _as_int64(estimator, X)


def _as_int64(estimator: BaseEstimator, X: NDArray[Any]) -> NDArray[np.int64]:
    """The same integers as int64, on behalf of an estimator."""
    import numpy as np

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
    import numpy as np

    return np.array([f"{name}_{place}" for place in range(width)], dtype=object)


def check_modulus(p: Any) -> None:
    """Raise ValueError unless p is an integer from 2 to 2**30, as sums of three products fit then.

    >>> check_modulus(97)
    """
    if not whole(2).holds(p):
        raise ValueError(f"the modulus p is an integer of at least 2, got {p!r}")
    if int(p) > _LARGEST // 2:
        raise ValueError(f"the modulus p is at most 2**30, got {p!r}")


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


def modulus(least: int = 1) -> Rule:
    """A whole number from `least` on, small enough that no product overflows."""
    words = f"a whole number from {least} to 2**31"
    return Rule(words, lambda value: whole(least).holds(value) and int(value) <= _LARGEST)


def several_whole(least: int) -> Rule:
    """A list of whole numbers of at least `least`, not empty; small enough for products."""

    def holds(value: Any) -> bool:
        return (
            isinstance(value, Iterable)
            and bool(numbers := list(value))
            and all(map(modulus(least).holds, numbers))
        )

    return Rule(f"whole numbers from {least} to 2**31", holds)


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


def _is_number_type(value: Any) -> bool:
    import numpy as np

    try:
        return np.dtype(value).kind in "fiub"
    except TypeError:
        return False


DTYPE = Rule("a type of real numbers, such as np.float32", _is_number_type)


class CheckedParameters:
    """An estimator whose parameters have rules; each `fit` begins with `check_parameters`."""

    rules: ClassVar[dict[str, Rule]] = {}

    def check_parameters(self) -> None:
        """Raise ValueError for the first parameter that breaks its rule."""
        for name, rule in self.rules.items():
            check_parameter(f"{type(self).__name__}: {name}", getattr(self, name), rule)

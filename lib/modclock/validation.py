"""What parameters may be: checks that several estimators and functions share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from math import isfinite, isqrt
from numbers import Integral, Real
from typing import Any, ClassVar, NamedTuple

_LARGEST = 2**31  # of a modulus or frequency: products of two stay within int64


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

"""What the codes of a reader's own encoder are: of the right shape, and bits or values."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import clone

from modclock.encoders.base import NumberEncoder
from modclock.study.trials.own_encoder import check_encoder, codes_of_numbers

_SEEN = "_bits_were_seen"


def ready_to_compare(encoder: Any, p: int) -> Any:
    """Check an encoder, and make it one of bits if its codes are, and its class does not say so.

    Compositions of SDRs take bits as they are, and of other codes the strongest values. A class
    that says nothing, but whose codes are all 0 or 1, would have ties among its strongest values.

    Parameters
    ----------
    encoder : a scikit-learn transformer from an int column to codes.
    p : modulus; the numbers to encode are 0 to p - 1.

    Returns
    -------
    The encoder itself, or one of a class of the same name that has `emits_bits`.

    Raises
    ------
    ValueError : as `check_encoder`, and if `_encode` returns no row a number.

    Examples
    --------
    >>> class Parity(NumberEncoder):
    ...     def _encode(self, numbers):
    ...         return np.eye(2)[numbers % 2]
    >>> ready_to_compare(Parity(), p=11).emits_bits
    True
    """
    _check_shape(encoder, p)
    check_encoder(encoder, p)
    if _says_itself(encoder) or not _are_bits(encoder, p):
        return encoder
    kind = type(encoder)
    of_bits = type(
        kind.__name__, (kind,), {"emits_bits": True, "__module__": kind.__module__, _SEEN: True}
    )
    return of_bits(**encoder.get_params(deep=False))


def codes_in_words(encoder: Any, p: int) -> str:
    """Whether the codes of an encoder are used as bits or as values, and why.

    Parameters
    ----------
    encoder : what `ready_to_compare` returns.
    p : modulus.

    Examples
    --------
    >>> from modclock.encoders import OneHotNumberEncoder, VarCycleEncoder
    >>> codes_in_words(OneHotNumberEncoder(11), p=11)
    'The codes of OneHotNumberEncoder are bits, as its class says: emits_bits = True.'
    >>> codes_in_words(VarCycleEncoder(30), p=11)
    'The codes of VarCycleEncoder are values: where bits are needed, the strongest become 1.'
    """
    name = type(encoder).__name__
    if getattr(encoder, _SEEN, False):
        return (
            f"The codes of {name} are all 0 or 1, so they are used as bits. Write emits_bits = "
            "True into the class to say so, or False to have them used as values."
        )
    if getattr(encoder, "emits_bits", False):
        return f"The codes of {name} are bits, as its class says: emits_bits = True."
    if _are_bits(encoder, p):
        return f"The codes of {name} are all 0 or 1, and values, as it says: emits_bits = False."
    return f"The codes of {name} are values: where bits are needed, the strongest become 1."


def _are_bits(encoder: Any, p: int) -> bool:
    return bool(np.isin(codes_of_numbers(encoder, p, 0), (0, 1)).all())


def _says_itself(encoder: Any) -> bool:
    """Whether a class of the reader's says what its codes are; `NumberEncoder` alone says nothing.

    An instance may, too.
    """
    if getattr(encoder, "emits_bits", False) or "emits_bits" in vars(encoder):
        return True
    return any("emits_bits" in vars(k) for k in type(encoder).__mro__ if k is not NumberEncoder)


def _check_shape(encoder: Any, p: int) -> None:
    """Refuse `_encode` of another shape here, as `transform` fails on it in words of its own."""
    if not isinstance(encoder, NumberEncoder):
        return
    try:
        codes = clone(encoder).fit([[0]])._encode(np.arange(p))
        shape = codes.shape if hasattr(codes, "shape") else np.shape(codes)
    except Exception:  # told by `check_encoder`
        return
    if len(shape) != 2 or shape[0] != p:
        single = "; a single value a number is a column, values[:, np.newaxis]"
        raise ValueError(
            f"{type(encoder).__name__}: _encode returns shape {shape} for {p} numbers, not "
            f"({p}, width): one row a number{single if shape == (p,) else ''}"
        )

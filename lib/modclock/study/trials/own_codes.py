"""What the codes of a reader's own encoder are: bits or values."""

from __future__ import annotations

from typing import Any

import numpy as np

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
    ValueError : as `check_encoder`.

    Examples
    --------
    >>> class Parity(NumberEncoder):
    ...     def _encode(self, numbers):
    ...         return np.eye(2)[numbers % 2]
    >>> ready_to_compare(Parity(), p=11).emits_bits
    True
    """
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

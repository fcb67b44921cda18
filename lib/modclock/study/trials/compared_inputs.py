"""Every encoder by every composition that is defined for it: what 09 and 12 compare."""

from __future__ import annotations

from typing import Any, NamedTuple

from modclock.pairing import COMPOSITIONS, needed_parameters
from modclock.study.trials.lookup import encoder_class

_COMPARED = (
    "overlap", "concatenate", "or", "xor", "and", "sdr_sum", "dense_sum", "concatenate_dense",
    "product",
)  # fmt: skip


class EncodedInput(NamedTuple):
    """An encoder, by a readable name, and a composition of its codes.

    Attributes
    ----------
    label : name of the encoder with its settings.
    fields : the fields of a `Trial` that say how pairs are encoded.
    gives_bits : whether the composed code is made of zeros and ones.
    """

    label: str
    fields: dict[str, Any]
    gives_bits: bool

    @property
    def composition(self) -> str:
        """Name of the composition."""
        return str(self.fields["composition"])


def every_input(
    p: int, *, n_bits: int, k: int, n_active: int, period_low: float, period_high: float
) -> list[EncodedInput]:
    """All inputs, the encoders as alike in width as their kinds allow.

    Parameters
    ----------
    p : modulus, the numbers to encode are 0 to p - 1.
    n_bits : width of the clocks, of the random codes and of HTM's codes.
    k : winners of n_bits, for codes that are no bits; other widths get the same share.
    n_active : bits that are on in a random or HTM code.
    period_low, period_high : see `VarCycleEncoder`.

    Returns
    -------
    list of EncodedInput. Compositions that give the same for an encoder are there once: of codes
    that are bits, the sum of the SDRs is the sum of the codes, AND is the product. Levels, the
    wrapped overlap and unbinding have notebooks of their own.

    Examples
    --------
    >>> inputs = every_input(97, n_bits=400, k=133, n_active=21, period_low=2, period_high=10)
    >>> len(inputs), inputs[0].label, inputs[0].composition
    (82, 'random clocks', 'overlap')
    """
    htm = {"p": p, "n_bits": n_bits, "n_active": n_active}
    frequencies = list(range(1, p // 2 + 1))
    settings: list[tuple[str, str, dict[str, Any], int]] = [
        (
            "random clocks",
            "VarCycleEncoder",
            {"n_clocks": n_bits, "period_low": period_low, "period_high": period_high},
            k,
        ),
        (f"clocks of period {p}", "CycleEncoder", {"n_clocks": n_bits, "period": p}, k),
        (
            "residue phasors",
            "ResiduePhasorEncoder",
            {"moduli": [3, 5, 7, 11], "n_phasors": n_bits // 2},
            k,
        ),
        (
            "Fourier features",
            "FourierEncoder",
            {"p": p, "frequencies": frequencies},
            2 * len(frequencies) * k // n_bits,
        ),
        ("grid cells, 5 primes", "GridCellEncoder", {"moduli": [2, 3, 5, 7, 11]}, 5),
        (
            "grid cells, 9 primes",
            "GridCellEncoder",
            {"moduli": [2, 3, 5, 7, 11, 13, 17, 19, 23]},
            9,
        ),
        ("one-hot", "OneHotNumberEncoder", {"p": p}, 1),
        ("HTM buckets", "ScalarEncoder", htm, n_active),
        ("HTM buckets, periodic", "ScalarEncoder", htm | {"periodic": True}, n_active),
        ("HTM RDSE", "RandomDistributedScalarEncoder", htm, n_active),
        ("random SDR", "RandomSDREncoder", htm, n_active),
    ]
    return [
        _encoded(label, encoder, params, winners, composition)
        for label, encoder, params, winners in settings
        for composition in defined_compositions(encoder_class(encoder))
    ]


def defined_compositions(encoder: Any) -> list[str]:
    """The compositions that are defined for the codes of an encoder, each result once.

    Parameters
    ----------
    encoder : an encoder or its class.

    Examples
    --------
    >>> defined_compositions(encoder_class("OneHotNumberEncoder"))
    ['overlap', 'concatenate', 'or', 'xor', 'and', 'sdr_sum']
    """
    # Of bits, what is made of the codes as they are is made of the SDRs as well.
    are_bits = getattr(encoder, "emits_bits", False)
    common = [name for name in _COMPARED if COMPOSITIONS[name].needs or not are_bits]
    return [*common, *(["bind"] if hasattr(encoder, "bind") else [])]


def _encoded(
    label: str, encoder: str, params: dict[str, Any], winners: int, composition: str
) -> EncodedInput:
    kind = encoder_class(encoder)
    fields: dict[str, Any] = {
        "encoder": encoder,
        "encoder_params": params,
        "composition": composition,
    }
    if "k" in needed_parameters(kind, composition):
        fields["k"] = winners
    gives_bits = COMPOSITIONS[composition].gives_bits
    of_bits = getattr(kind, "emits_bits", False)
    return EncodedInput(label, fields, of_bits if gives_bits is None else gives_bits)

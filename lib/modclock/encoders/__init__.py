"""Encoders: scikit-learn transformers from integers to dense vectors."""

from modclock.encoders.cycle import CycleEncoder, VarCycleEncoder

__all__ = ["CycleEncoder", "VarCycleEncoder"]

"""Encoders: scikit-learn transformers from integers to vectors."""

from modclock.encoders.cycle import CycleEncoder, VarCycleEncoder
from modclock.encoders.fourier import FourierEncoder, OneHotNumberEncoder, ResiduePhasorEncoder
from modclock.encoders.grid_cell import GridCellEncoder
from modclock.encoders.htm import (
    RandomDistributedScalarEncoder,
    RandomSDREncoder,
    ScalarEncoder,
)

__all__ = [
    "CycleEncoder",
    "FourierEncoder",
    "GridCellEncoder",
    "OneHotNumberEncoder",
    "RandomDistributedScalarEncoder",
    "RandomSDREncoder",
    "ResiduePhasorEncoder",
    "ScalarEncoder",
    "VarCycleEncoder",
]

"""Encoders: scikit-learn transformers from integers to vectors."""

from modclock.encoders.columnwise import ColumnwiseEncoder
from modclock.encoders.cycle import CycleEncoder, VarCycleEncoder
from modclock.encoders.discrete_log import DiscreteLogEncoder
from modclock.encoders.fourier import FourierEncoder, OneHotNumberEncoder, ResiduePhasorEncoder
from modclock.encoders.grid_cell import GridCellEncoder
from modclock.encoders.htm import (
    RandomDistributedScalarEncoder,
    RandomSDREncoder,
    ScalarEncoder,
)
from modclock.encoders.thermometer import ThermometerEncoder

__all__ = [
    "ColumnwiseEncoder",
    "CycleEncoder",
    "DiscreteLogEncoder",
    "FourierEncoder",
    "GridCellEncoder",
    "OneHotNumberEncoder",
    "RandomDistributedScalarEncoder",
    "RandomSDREncoder",
    "ResiduePhasorEncoder",
    "ScalarEncoder",
    "ThermometerEncoder",
    "VarCycleEncoder",
]

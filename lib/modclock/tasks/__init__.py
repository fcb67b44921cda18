"""Tasks as tables: rows of whole numbers, and one answer a row; codes of a group's elements."""

from modclock.tasks.group_clock_encoder import GroupClockEncoder
from modclock.tasks.permutation_encoder import PermutationEncoder
from modclock.tasks.representation_encoder import RepresentationEncoder
from modclock.tasks.table import TASKS, Table, make_table

__all__ = [
    "TASKS",
    "GroupClockEncoder",
    "PermutationEncoder",
    "RepresentationEncoder",
    "Table",
    "make_table",
]

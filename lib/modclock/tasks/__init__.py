"""Tasks as tables: rows of whole numbers, and one answer a row."""

from modclock.tasks.permutation_encoder import PermutationEncoder
from modclock.tasks.table import TASKS, Table, make_table

__all__ = ["TASKS", "PermutationEncoder", "Table", "make_table"]

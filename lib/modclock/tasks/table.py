"""A task as a table: sums and other operations, groups, and measured data."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, load_digits, load_wine

from modclock.datasets import OPERATIONS, make_pairs, modular_answers
from modclock.groups import cayley_table
from modclock.validation import check_choice, check_parameter, whole

IntArray = NDArray[np.int64]
_COMMUTATIVE = {"add", "multiply", "quadratic", "max"}


class Table(NamedTuple):
    """What is asked, and what the answers are.

    Attributes
    ----------
    numbers : int64 array, shape (n_rows, n_columns), values 0 to n_values - 1.
    answers : int64 array, shape (n_rows,), values 0 to n_classes - 1, each there at least once.
    n_values : how many numbers an encoder has to know.
    """

    numbers: IntArray
    answers: IntArray
    n_values: int

    @property
    def n_classes(self) -> int:
        """Number of different answers."""
        return int(self.answers.max()) + 1


def make_table(task: str, size: int, n_classes: int | None = None) -> Table:
    """All rows of a task.

    Where the order of two numbers makes no difference, a pair of unlike numbers is there once, the
    larger first, so that no test row is the mirror image of a training row. Else all ordered pairs
    are there.

    Parameters
    ----------
    task : one of `TASKS`:

        - an operation of `modclock.datasets` modulo `size`, which may be composite;
        - "cubic", x^3 + xy, and "squares", x^2 + y^2, both modulo `size`;
        - "xor" of two numbers below `size`, a power of 2;
        - "symmetric", "alternating" and "dihedral": composition in a group of that degree;
        - "digits", "wine" and "breast_cancer": scikit-learn's tables, the range of each column in
          `size` steps of the same length.
    size : modulus, degree, or number of values, at least 2.
    n_classes : put so many runs of neighbouring answers together; all apart when None.

    Raises
    ------
    ValueError : for an unknown task, a size that it can't have, or more classes than answers.

    Examples
    --------
    >>> table = make_table("add", 5)
    >>> table.numbers.shape, table.answers.tolist()
    ((10, 2), [1, 2, 3, 3, 4, 0, 4, 0, 1, 2])
    >>> make_table("add", 5, n_classes=2).answers.tolist()
    [0, 0, 1, 1, 1, 0, 1, 0, 0, 0]
    >>> make_table("wine", 16).numbers.shape, make_table("symmetric", 5).n_classes
    ((178, 13), 120)
    """
    check_choice("task", task, TASKS)
    check_parameter("size", size, whole(2))
    numbers, answers, n_values = TASKS[task](size)
    # The answers that occur: pairs of unlike numbers never have the maximum 0, say.
    answers = np.unique(answers, return_inverse=True)[1].astype(np.int64)
    if n_classes is not None:
        n_all = int(answers.max()) + 1
        check_parameter("n_classes", n_classes, whole(2))
        if n_classes > n_all:
            raise ValueError(f"n_classes: {task} has {n_all} answers, got n_classes = {n_classes}")
        answers = answers * n_classes // n_all
    return Table(numbers, answers, n_values)


def _operation(task: str) -> Callable[[int], Table]:
    def table(size: int) -> Table:
        pairs = make_pairs(size, "strict" if task in _COMMUTATIVE else "full", task)
        return Table(pairs, modular_answers(pairs, size, task), size)

    return table


def _cubic(size: int) -> Table:
    pairs = make_pairs(size, "full")
    x, y = pairs.T
    return Table(pairs, (x**3 + x * y) % size, size)


def _squares(size: int) -> Table:
    pairs = make_pairs(size, "strict")
    return Table(pairs, (pairs**2).sum(axis=1) % size, size)


def _xor(size: int) -> Table:
    if size & (size - 1):
        raise ValueError(f"size: xor takes the numbers below a power of 2, got {size}")
    pairs = make_pairs(size, "strict")
    return Table(pairs, np.bitwise_xor(*pairs.T), size)


def _group(name: str) -> Callable[[int], Table]:
    def table(size: int) -> Table:
        composed = cayley_table(name, size)
        pairs = make_pairs(len(composed), "full")
        return Table(pairs, composed[tuple(pairs.T)], len(composed))

    return table


def _measured(load: Callable[..., tuple[NDArray[np.float64], IntArray]]) -> Callable[[int], Table]:
    def table(size: int) -> Table:
        values, answers = load(return_X_y=True)
        low, high = values.min(axis=0), values.max(axis=0)
        steps = (values - low) / np.where(high > low, high - low, 1.0) * size
        return Table(np.minimum(steps.astype(np.int64), size - 1), answers, size)

    return table


TASKS: dict[str, Callable[[int], Table]] = {
    **{name: _operation(name) for name in OPERATIONS},
    "cubic": _cubic,
    "squares": _squares,
    "xor": _xor,
    "symmetric": _group("symmetric"),
    "alternating": _group("alternating"),
    "dihedral": _group("dihedral"),
    "digits": _measured(load_digits),
    "wine": _measured(load_wine),
    "breast_cancer": _measured(load_breast_cancer),
}
"""The rows of each task, by its name."""

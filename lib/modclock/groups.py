"""Groups of permutations, the tables of their composition, and whether a table is a group's."""

from __future__ import annotations

from itertools import permutations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modclock.validation import check_choice, check_parameter, whole

IntArray = NDArray[np.int64]
GROUPS = ("cyclic", "dihedral", "symmetric", "alternating")


def group_elements(group: str, degree: int) -> IntArray:
    """The elements of a group as permutations of 0 to degree - 1; the number of one is its row.

    Parameters
    ----------
    group : of a regular polygon with so many corners "cyclic", its rotations, or "dihedral", its
        rotations and reflections; "symmetric", all permutations, or "alternating", those that take
        an even number of exchanges.
    degree : of at least 2, and 3 for a polygon's reflections and for even permutations.

    Returns
    -------
    int64 array, shape (order, degree); row 0 is the identity, row g takes x to `[g, x]`.

    Raises
    ------
    ValueError : for an unknown group or a degree that is too small.

    Examples
    --------
    >>> group_elements("dihedral", 3).tolist()
    [[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 2, 1], [1, 0, 2], [2, 1, 0]]
    >>> len(group_elements("symmetric", 5))
    120
    """
    check_choice("group", group, GROUPS)
    lowest = 3 if group in ("dihedral", "alternating") else 2
    check_parameter("degree", degree, whole(lowest))
    if group in ("symmetric", "alternating"):
        every = np.array(list(permutations(range(degree))), dtype=np.int64)
        return every if group == "symmetric" else every[_is_even(every)]
    corners, turns = np.arange(degree), np.arange(degree)[:, np.newaxis]
    rotations = (turns + corners) % degree
    return rotations if group == "cyclic" else np.vstack([rotations, (turns - corners) % degree])


def cayley_table(group: str, degree: int) -> IntArray:
    """The composition of every two elements: first the second one, then the first.

    Parameters
    ----------
    group, degree : see `group_elements`.

    Returns
    -------
    int64 array, shape (order, order); entry [g, h] is the number of g after h.

    Examples
    --------
    >>> cayley_table("dihedral", 3)[:, 1].tolist()
    [1, 2, 0, 5, 3, 4]
    """
    elements = group_elements(group, degree)
    composed = elements[:, elements]  # [g, h, x] is g[h[x]]
    digits = degree ** np.arange(degree)
    numbers = elements @ digits
    order = np.argsort(numbers)
    return order[np.searchsorted(numbers[order], composed @ digits)]


def check_group(table: ArrayLike) -> IntArray:
    """Check that a table is the composition of a group.

    Parameters
    ----------
    table : int array, shape (order, order); entry [g, h] is the number of g composed with h.

    Returns
    -------
    The table as an int64 array.

    Raises
    ------
    ValueError : if it is no square of whole numbers, has an entry that is no element, has no
        element that leaves all others as they are, has an element without an inverse, or is not
        associative; the message names a place where it fails.

    Examples
    --------
    >>> int(check_group([[0, 1], [1, 0]])[1, 1])
    0
    >>> check_group([[0, 1], [1, 2]])
    Traceback (most recent call last):
    ...
    ValueError: table: 1 with 1 gives 2, which is none of the elements 0 to 1
    """
    entries = np.asarray(table)
    if entries.ndim != 2 or len(set(entries.shape)) != 1 or entries.dtype.kind not in "iu":
        raise ValueError(
            f"table: takes a square of whole numbers, got {entries.dtype} {entries.shape}"
        )
    outside = np.argwhere((entries < 0) | (entries >= len(entries)))
    if len(outside):
        g, h = outside[0]
        raise ValueError(
            f"table: {g} with {h} gives {entries[g, h]}, which is none of the elements 0 to "
            f"{len(entries) - 1}"
        )
    one = neutral_element(entries)
    undone = (entries == one) & (entries == one).T
    lacking = np.flatnonzero(~undone.any(axis=1))
    if len(lacking):
        raise ValueError(f"table: {lacking[0]} has no inverse")
    wrong = np.argwhere(entries[entries] != entries[:, entries])
    if len(wrong):
        g, h, k = wrong[0]
        raise ValueError(
            f"table: is not associative: ({g} with {h}) with {k} gives "
            f"{entries[entries[g, h], k]}, {g} with ({h} with {k}) gives "
            f"{entries[g, entries[h, k]]}"
        )
    return entries.astype(np.int64)


def neutral_element(table: IntArray) -> int:
    """The element that leaves all others as they are.

    Raises
    ------
    ValueError : if there is none.

    Examples
    --------
    >>> neutral_element(np.array([[1, 0], [0, 1]]))
    1
    """
    every = np.arange(len(table))
    leaves = [(side == every).all(axis=1) for side in (table, table.T)]
    found = np.flatnonzero(leaves[0] & leaves[1])
    if not len(found):
        raise ValueError("table: no element leaves all others as they are")
    return int(found[0])


def inverses(table: IntArray) -> IntArray:
    """The inverse of each element of a group, shape (order,).

    Examples
    --------
    >>> inverses(cayley_table("cyclic", 4)).tolist()
    [0, 3, 2, 1]
    """
    return np.argmax(table == neutral_element(table), axis=1)


def _is_even(elements: IntArray) -> NDArray[np.bool_]:
    """Whether the pairs of places that stand in the wrong order are even in number."""
    first, second = np.triu_indices(elements.shape[1], k=1)
    return (elements[:, first] > elements[:, second]).sum(axis=1) % 2 == 0

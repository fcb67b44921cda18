"""Groups of permutations, and the tables of their composition."""

from __future__ import annotations

from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from modclock.validation import check_choice, check_parameter, whole

IntArray = NDArray[np.int64]
GROUPS = ("symmetric", "dihedral")


def group_elements(group: str, degree: int) -> IntArray:
    """The elements of a group as permutations of 0 to degree - 1; the number of one is its row.

    Parameters
    ----------
    group : "symmetric", all permutations, or "dihedral", the rotations and reflections of a
        regular polygon with so many corners.
    degree : of at least 2, and 3 for a polygon.

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
    check_parameter("degree", degree, whole(3 if group == "dihedral" else 2))
    if group == "symmetric":
        return np.array(list(permutations(range(degree))), dtype=np.int64)
    corners, turns = np.arange(degree), np.arange(degree)[:, np.newaxis]
    return np.vstack([(turns + corners) % degree, (turns - corners) % degree])


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

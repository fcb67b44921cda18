"""How many pairs of a group's elements can come out right from an input that lacks something."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modclock.groups import check_group, inverses


def conjugacy_classes(table: ArrayLike) -> NDArray[np.int64]:
    """The class of each element: the elements that turn into one another as x into g x g^-1.

    Parameters
    ----------
    table : of a group, see `modclock.groups.check_group`.

    Returns
    -------
    int64 array (order,); the least element of a class stands for it.

    Examples
    --------
    >>> from modclock.groups import cayley_table
    >>> conjugacy_classes(cayley_table("symmetric", 3)).tolist()
    [0, 1, 1, 3, 3, 1]
    """
    table = check_group(table)
    # Row g holds g x g^-1 for all x.
    return np.asarray(table[table, inverses(table)[:, np.newaxis]].min(axis=0))


def best_from_unordered(table: ArrayLike) -> float:
    """The largest share of all pairs that can be right if the input forgets which came first.

    Sums, overlaps, OR and AND of two codes are such inputs. Two elements that commute have one
    answer, all others have two, of which an input can say one: (1 + c) / 2, where c is the share
    of pairs that commute. That share is the number of conjugacy classes over that of elements.

    Examples
    --------
    >>> from modclock.groups import cayley_table
    >>> best_from_unordered(cayley_table("cyclic", 5)), best_from_unordered(
    ...     cayley_table("symmetric", 3))
    (1.0, 0.75)
    """
    table = check_group(table)
    return float((1 + (table == table.T).mean()) / 2)


def best_from_wrong_order(table: ArrayLike) -> float:
    """The largest share of all pairs that can be right if the input is the answer of h g alone.

    The answer of g h may then be anything in its class, each equally often. So one pair in as many
    as the class has elements is right: classes over elements again.

    Examples
    --------
    >>> from modclock.groups import cayley_table
    >>> best_from_wrong_order(cayley_table("symmetric", 3))
    0.5
    """
    classes = conjugacy_classes(table)
    return len(np.unique(classes)) / len(classes)

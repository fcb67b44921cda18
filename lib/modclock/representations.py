"""The irreducible representations of a group, found from its table alone.

A representation writes each element as a matrix, so that the matrices multiply as the elements
compose. For numbers that are added modulo p they are rotations by a frequency: the clocks of the
thread. For any other group they are what takes the clocks' place.

The group acts on the functions on itself. A symmetric matrix that commutes with this action,
and is drawn at random otherwise, has eigenspaces that can't be split any further: Dixon,
"Computing irreducible representations of groups" (1970).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils import check_random_state

from modclock.groups import check_group, inverses

FloatArray = NDArray[np.float64]


class Representation(NamedTuple):
    """An irreducible representation by real matrices.

    Attributes
    ----------
    matrices : float64 array, shape (order, dimension, dimension), orthogonal, one an element.
    functions : float64 array, shape (order, n), an orthonormal basis of the functions on the group
        that belong to it: sums of entries of its matrices.
    """

    matrices: FloatArray
    functions: FloatArray

    @property
    def dimension(self) -> int:
        """Rows of a matrix."""
        return int(self.matrices.shape[1])


def representations(table: ArrayLike, random_state: Any = 0) -> list[Representation]:
    """All irreducible representations of a group by real matrices, one of each kind.

    Parameters
    ----------
    table : of a group, see `modclock.groups.check_group`.
    random_state : int, RandomState or None; draws the bases. Which representations there are does
        not depend on it.

    Returns
    -------
    By dimension; the first is that of the number 1 for all elements.

    Raises
    ------
    ValueError : for a table that is no group's.

    Examples
    --------
    >>> from modclock.groups import cayley_table
    >>> [found.dimension for found in representations(cayley_table("symmetric", 4))]
    [1, 1, 2, 3, 3]

    Numbers added modulo 7 are turned by one, two and three sevenths:

    >>> turns = [found.matrices[1].trace() / 2 for found in representations(
    ...     cayley_table("cyclic", 7))[1:]]
    >>> np.round(np.arccos(sorted(turns, reverse=True)) / (2 * np.pi) * 7, 6).tolist()
    [1.0, 2.0, 3.0]
    """
    table = check_group(table)
    weights = check_random_state(random_state).normal(size=len(table))
    weights = weights + weights[inverses(table)]
    commuting = np.zeros(table.shape)
    # The function on the group that is 1 at h and 0 elsewhere goes to the one of h with g.
    np.add.at(commuting, (table, np.arange(len(table))[:, np.newaxis]), weights)
    values, vectors = np.linalg.eigh(commuting)
    ends = np.flatnonzero(np.diff(values) > 1e-9 * np.abs(values).max()) + 1
    of_kind: dict[tuple[float, ...], list[Representation]] = {}
    for basis in np.split(vectors, ends, axis=1):
        matrices = np.einsum("ghd,he->gde", basis[table], basis)
        character = np.round(np.trace(matrices, axis1=1, axis2=2), 6) + 0.0
        of_kind.setdefault(tuple(character), []).append(Representation(matrices, basis))
    found = [
        Representation(same[0].matrices, np.hstack([each.functions for each in same]))
        for same in of_kind.values()
    ]
    # The characters of all but the first add up to nothing.
    return sorted(
        found, key=lambda each: (each.dimension, -round(each.matrices.trace(0, 1, 2).sum()))
    )


def representation_power(values: ArrayLike, kinds: list[Representation]) -> FloatArray:
    """The variance of functions on a group that belongs to each representation.

    It is the power at each frequency, for groups that are no circle.

    Parameters
    ----------
    values : float array, shape (order, n_functions), for example a learned embedding.
    kinds : all of `representations`.

    Returns
    -------
    float64 array (len(kinds), n_functions); a column adds up to the variance of the function. The
    first row, of what is the same for all elements, is 0.

    Examples
    --------
    >>> from modclock.groups import cayley_table
    >>> kinds = representations(cayley_table("cyclic", 5))
    >>> wave = np.cos(2 * np.pi * np.arange(5) / 5)[:, np.newaxis] + 3
    >>> sorted(np.round(representation_power(wave, kinds), 6).ravel().tolist())
    [0.0, 0.0, 0.5]
    """
    functions = np.asarray(values, dtype=np.float64)
    centred = functions - functions.mean(axis=0)
    power = [((each.functions.T @ centred) ** 2).sum(axis=0) for each in kinds]
    return np.asarray(power) / len(centred)

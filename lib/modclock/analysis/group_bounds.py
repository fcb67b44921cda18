"""How many pairs of a group's elements can come out right from an input that lacks something."""

from __future__ import annotations

from typing import Any

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


def lacking_inputs(table: ArrayLike) -> dict[str, NDArray[np.int64]]:
    """What is left of every pair in three inputs that do not have all of it.

    Parameters
    ----------
    table : of a group, see `modclock.groups.check_group`.

    Returns
    -------
    dict of int64 arrays, shape (order, order); two pairs with one number are one input:

        - "unordered" has both elements and not which came first, as sums, overlaps, OR and AND of
          two codes do;
        - "reversed" has the answer of h g in place of g h;
        - "circle" has the sum of the elements' numbers modulo the order.

    Raises
    ------
    ValueError : if the table is no group's.

    Examples
    --------
    >>> from modclock.groups import cayley_table
    >>> inputs = lacking_inputs(cayley_table("symmetric", 3))
    >>> {name: len(np.unique(kept)) for name, kept in inputs.items()}
    {'unordered': 21, 'reversed': 6, 'circle': 6}
    """
    table = check_group(table)
    first, second = np.indices(table.shape)
    return {
        "unordered": np.maximum(first, second) * len(table) + np.minimum(first, second),
        "reversed": table.T,
        "circle": (first + second) % len(table),
    }


def best_lookup(inputs: ArrayLike, answers: ArrayLike) -> float:
    """The largest share of rows that one and the same answer to each input can get right.

    Parameters
    ----------
    inputs, answers : arrays of one shape, of whole numbers from 0 on, an entry each row.

    Raises
    ------
    ValueError : if the shapes differ.

    Examples
    --------
    On a circle the order makes no difference. It does to half of the pairs of reorderings of three
    cards, and a lookup without order gets half of these right.

    >>> from modclock.groups import cayley_table
    >>> for group, degree in (("cyclic", 5), ("symmetric", 3)):
    ...     table = cayley_table(group, degree)
    ...     print(best_lookup(lacking_inputs(table)["unordered"], table))
    1.0
    0.75
    """
    inputs, answers = _same_shape(inputs, answers)
    counts = _how_often(inputs, answers, np.arange(answers.size))
    return float(counts.max(axis=1).sum() / answers.size)


def lookup_accuracy(
    inputs: ArrayLike, answers: ArrayLike, train: ArrayLike, test: ArrayLike
) -> float:
    """The share of test rows that a majority lookup on the training rows gets right.

    It says the answer that it saw most often with an input. Of several that it saw equally often
    it says one at random, so the share is that to be expected. With an input that it never saw
    it is wrong.

    Parameters
    ----------
    inputs, answers : int arrays (n_rows,), values from 0 on.
    train, test : int arrays, indices of rows.

    Raises
    ------
    ValueError : if inputs and answers differ in shape.

    Examples
    --------
    The answers 5 and 6 were seen once each with input 0, and input 1 never.

    >>> lookup_accuracy([0, 0, 0, 1], [5, 6, 5, 5], train=[0, 1], test=[2, 3])
    0.25
    """
    inputs, answers = _same_shape(inputs, answers)
    counts = _how_often(inputs, answers, train)
    most = counts.max(axis=1, keepdims=True)
    said = (counts == most) & (most > 0)
    chance = said / np.maximum(said.sum(axis=1, keepdims=True), 1)
    rows = np.asarray(test)
    return float(chance[inputs[rows], answers[rows]].mean())


def answers_by_mirror(
    table: ArrayLike, trained: ArrayLike, tested: ArrayLike, said: ArrayLike
) -> list[dict[str, Any]]:
    """What is said to test pairs g h whose order counts, apart by whether h g was trained.

    Parameters
    ----------
    table : of a group, see `modclock.groups.check_group`.
    trained, tested : int arrays (n_pairs, 2), the elements of training and test pairs.
    said : int array (n_tested,), an answer to each test pair.

    Returns
    -------
    Two dicts, of pairs whose mirror was trained and of the others: mirror_trained, n_pairs, and how
    often the answer of g h was said_right, that of h g said_mirrored, and another said_other.

    Raises
    ------
    ValueError : if the table is no group's.

    Examples
    --------
    >>> from modclock.groups import cayley_table
    >>> table = cayley_table("symmetric", 3)
    >>> answers_by_mirror(table, [[1, 2]], [[2, 1], [0, 1], [1, 3]], [table[1, 2], 1, 0])[0]
    {'mirror_trained': True, 'n_pairs': 1, 'said_right': 0, 'said_mirrored': 1, 'said_other': 0}
    """
    table = check_group(table)
    (first, second), said = np.asarray(tested).T, np.asarray(said)
    right, mirrored = table[first, second], table[second, first]
    known = np.zeros(table.shape, dtype=bool)
    known[tuple(np.asarray(trained).T)] = True
    found = []
    for was_trained in (True, False):
        chosen = (right != mirrored) & (known[second, first] == was_trained)
        counts = [int((said == answer)[chosen].sum()) for answer in (right, mirrored)]
        n_pairs = int(chosen.sum())
        found.append(
            {
                "mirror_trained": was_trained,
                "n_pairs": n_pairs,
                "said_right": counts[0],
                "said_mirrored": counts[1],
                "said_other": n_pairs - sum(counts),
            }
        )
    return found


def _same_shape(
    inputs: ArrayLike, answers: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    inputs, answers = np.asarray(inputs), np.asarray(answers)
    if inputs.shape != answers.shape:
        raise ValueError(f"inputs, answers: take one shape, got {inputs.shape} and {answers.shape}")
    return inputs, answers


def _how_often(
    inputs: NDArray[np.int64], answers: NDArray[np.int64], rows: ArrayLike
) -> NDArray[np.int64]:
    """How often each answer comes with each input in some rows, shape (n_inputs, n_answers)."""
    counts = np.zeros((inputs.max() + 1, answers.max() + 1), dtype=np.int64)
    chosen = np.asarray(rows)
    np.add.at(counts, (inputs.ravel()[chosen], answers.ravel()[chosen]), 1)
    return counts

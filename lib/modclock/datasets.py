"""The task: pairs of residues, an operation on them modulo p, and the ways to split them.

The study's operation is the sum modulo 97 (forum claim C01); every function takes any p >= 2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils import check_random_state

from modclock.validation import check_choice, check_modulus, is_prime

IntArray = NDArray[np.int64]

PAIR_SETS = ("strict", "triangular", "full")
SPLITS = ("random", "mirrored", "ordered")


def _divide(i: IntArray, j: IntArray, p: int) -> IntArray:
    """I times the inverse of j, which is j^(p - 2) for prime p (Fermat)."""
    if (j == 0).any():
        raise ValueError("operation 'divide' has no answer for pairs with j = 0")
    inverse = np.array([pow(number, -1, p) for number in range(1, p)])
    return i * inverse[j - 1]


# What is asked of a pair (i, j), before it is taken modulo p.
OPERATIONS: dict[str, Callable[[IntArray, IntArray, int], IntArray]] = {
    "add": lambda i, j, p: i + j,
    "subtract": lambda i, j, p: i - j,
    "multiply": lambda i, j, p: i * j,
    "divide": _divide,
    "quadratic": lambda i, j, p: i * i + i * j + j * j,
    "max": lambda i, j, p: np.maximum(i, j),
}


def check_operation(operation: str, p: int) -> None:
    """Raise ValueError unless the operation is known and defined modulo p.

    >>> check_operation("divide", 12)
    Traceback (most recent call last):
    ...
    ValueError: operation 'divide' needs a prime modulus, got p = 12
    """
    check_modulus(p)
    check_choice("operation", operation, OPERATIONS)
    if operation == "divide" and not is_prime(p):
        raise ValueError(f"operation 'divide' needs a prime modulus, got p = {p}")


def make_pairs(p: int, pairs: str = "strict", operation: str = "add") -> IntArray:
    """List the pairs (i, j) of residues modulo p, in the order of two nested loops.

    Parameters
    ----------
    p : modulus, at least 2.
    pairs : "strict" (i > j), "triangular" (i >= j) or "full" (all ordered pairs).
    operation : one of `OPERATIONS`; pairs that it has no answer for are left out.

    Returns
    -------
    int64 array, shape (n_pairs, 2), sorted by i, then by j. For p = 97 there are 4656
    strict, 4753 triangular and 9409 full pairs; 97 fewer of these without j = 0.

    Raises
    ------
    ValueError : for p < 2, an unknown pair set or operation, or division modulo a p that is
        not prime.

    Examples
    --------
    >>> make_pairs(3, "triangular").tolist()
    [[0, 0], [1, 0], [1, 1], [2, 0], [2, 1], [2, 2]]
    >>> make_pairs(2, "full", "divide").tolist()
    [[0, 1], [1, 1]]
    """
    check_operation(operation, p)
    check_choice("pairs", pairs, PAIR_SETS)
    i, j = np.indices((p, p)).reshape(2, -1)
    keep = {"strict": i > j, "triangular": i >= j, "full": np.ones_like(i, bool)}[pairs]
    if operation == "divide":
        keep &= j > 0
    return np.column_stack([i[keep], j[keep]])


def modular_sum(pairs: ArrayLike, p: int) -> IntArray:
    """The answer (i + j) mod p of every pair: `modular_answers` for the study's own task.

    Parameters
    ----------
    pairs : int array-like, shape (n_pairs, 2), values 0 to p - 1.
    p : modulus, at least 2.

    Returns
    -------
    int64 array, shape (n_pairs,), values 0 to p - 1.

    Raises
    ------
    ValueError : for values that are not integers or lie outside 0..p-1.

    Examples
    --------
    >>> modular_sum([[96, 3], [1, 1]], 97).tolist()
    [2, 2]
    """
    return modular_answers(pairs, p, "add")


def modular_answers(pairs: ArrayLike, p: int, operation: str) -> IntArray:
    """The answer modulo p of every pair.

    Parameters
    ----------
    pairs : int array-like, shape (n_pairs, 2), values 0 to p - 1.
    p : modulus, at least 2.
    operation : "add", "subtract", "multiply", "divide" (p prime, j not 0), "quadratic"
        (i^2 + ij + j^2) or "max".

    Returns
    -------
    int64 array, shape (n_pairs,), values 0 to p - 1.

    Raises
    ------
    ValueError : for values that are not integers or lie outside 0..p-1, an unknown operation,
        or a division that has no answer.

    Examples
    --------
    >>> pairs = [[3, 5], [6, 2]]
    >>> {name: modular_answers(pairs, 7, name).tolist() for name in OPERATIONS}
    ... # doctest: +NORMALIZE_WHITESPACE
    {'add': [1, 1], 'subtract': [5, 4], 'multiply': [1, 5], 'divide': [2, 3],
     'quadratic': [0, 3], 'max': [5, 6]}
    """
    check_operation(operation, p)
    array = np.asarray(pairs)
    if array.ndim != 2 or array.shape[1] != 2:
        raise ValueError(f"pairs have shape (n_pairs, 2), got {array.shape}")
    if array.dtype.kind not in "iu":
        raise ValueError(f"pairs are integers, got dtype {array.dtype}")
    if array.size and (array.min() < 0 or array.max() >= p):
        raise ValueError(f"pairs lie in 0..{p - 1}, got values {array.min()} to {array.max()}")
    i, j = array.T.astype(np.int64)
    return np.asarray(OPERATIONS[operation](i, j, p) % p, dtype=np.int64)


def split_pairs(
    pairs: IntArray,
    split: str = "random",
    train_fraction: float = 0.5,
    random_state: Any = None,
) -> tuple[IntArray, IntArray]:
    """Split pairs into a training and a test part.

    Parameters
    ----------
    pairs : int array, shape (n_pairs, 2).
    split : "random" shuffles the pairs; "mirrored" shuffles them so that (i, j) and
        (j, i) land on the same side, the thread's fair split (claim C27); "ordered"
        does not shuffle: it trains on the first part of the list, as the generator in
        the thread's opening post does.
    train_fraction : share of the pairs to train on, strictly between 0 and 1. The
        training part has floor(train_fraction * n_pairs) pairs; with the mirrored
        split at most one fewer, where the next mirror couple would not fit whole.
    random_state : int, RandomState or None; not used by the ordered split.

    Returns
    -------
    train, test : int64 arrays, shapes (n_train, 2) and (n_test, 2).

    Raises
    ------
    ValueError : for an unknown split, a fraction outside (0, 1), or a part left empty.

    Examples
    --------
    >>> train, test = split_pairs(make_pairs(3, "full"), "mirrored", 0.5, random_state=0)
    >>> {tuple(sorted(pair)) for pair in train.tolist()} & {
    ...     tuple(sorted(pair)) for pair in test.tolist()}
    set()
    """
    check_choice("split", split, SPLITS)
    if not 0 < train_fraction < 1:
        raise ValueError(f"train_fraction lies strictly between 0 and 1, got {train_fraction}")
    n_train = int(train_fraction * len(pairs))
    if split == "ordered":
        order = np.arange(len(pairs))
    elif split == "random":
        order = check_random_state(random_state).permutation(len(pairs))
    else:
        order, n_train = _mirrored_order(pairs, n_train, check_random_state(random_state))
    if not 0 < n_train < len(pairs):
        raise ValueError(
            f"train_fraction {train_fraction} of {len(pairs)} pairs leaves the training or "
            "the test part empty"
        )
    return pairs[order[:n_train]], pairs[order[n_train:]]


def _mirrored_order(
    pairs: IntArray, n_train: int, rng: np.random.RandomState
) -> tuple[IntArray, int]:
    """Shuffle mirror couples as wholes; also the largest train size that cuts none."""
    _, couple = np.unique(np.sort(pairs, axis=1), axis=0, return_inverse=True)
    rank = rng.permutation(couple.max() + 1)[couple]
    order = np.argsort(rank, kind="stable")
    ends = np.flatnonzero(np.diff(rank[order], append=-1)) + 1
    return order, int(ends[ends <= n_train].max(initial=0))

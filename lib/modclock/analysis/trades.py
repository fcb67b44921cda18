"""How many pairs an additive model can get right at once: an exact search for small moduli.

A set of pairs can all be right under one additive model if and only if no *trade* lies within
it: a way to move weight from the right answers of some of its pairs to wrong answers of its pairs
that leaves the weight of every answer in every row and column as it was. (One direction: a model's
total score is the same before and after. The other is Gordan's theorem.) With weights 0 and 1
these are the Latin trades of combinatorics. A set of pairs that meets all of them is a defining set
of the Latin square: Hatami and Qian, Teaching dimension, VC dimension, and critical sets in Latin
squares (2018), https://arxiv.org/abs/1606.00032.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from modclock.datasets import make_pairs, modular_sum
from modclock.validation import check_modulus

BoolArray = NDArray[np.bool_]


class _Moves(NamedTuple):
    """All ways to move weight from a right answer to a wrong one.

    Attributes
    ----------
    pair : int array, shape (n_moves,), the pair whose weight is moved.
    change : float array, shape (2 * p * p + 1, n_moves): what a move adds to the weight of each
        answer in each row and each column; the last row is 1.
    """

    pair: NDArray[np.intp]
    change: NDArray[np.float64]


class TradeSearch:
    """Searches the table of sums modulo p; what it learns in one search it uses in the next.

    Parameters
    ----------
    p : modulus; the time grows fast: a fraction of a second for 3, seconds for 5.

    Examples
    --------
    >>> search = TradeSearch(3)
    >>> int(search.most_right().sum())
    7

    Two rows of the table have the same answers, so one additive model can't get both right:

    >>> search.can_be_right([1, 1, 1, 1, 1, 1, 0, 0, 0])
    False
    """

    def __init__(self, p: int) -> None:
        check_modulus(p)
        self.p = p
        self._trades: list[BoolArray] = []
        self._moves = _all_moves(p)

    def can_be_right(self, chosen: ArrayLike) -> bool:
        """Whether some additive model gets all these pairs right, each answer above all others.

        Parameters
        ----------
        chosen : bool array-like, shape (p * p,), in the order of `make_pairs(p, "full")`.
        """
        return self._find_trade(np.asarray(chosen, dtype=bool)) is None

    def most_right(self, train: ArrayLike | None = None) -> BoolArray:
        """As many pairs as one additive model can get right, all of `train` among them.

        Parameters
        ----------
        train : bool array-like, shape (p * p,), pairs that have to be right; none by default.

        Returns
        -------
        bool array, shape (p * p,).

        Raises
        ------
        ValueError : if no additive model gets all of `train` right.
        """
        fixed = np.zeros(self.p**2, dtype=bool) if train is None else np.asarray(train, dtype=bool)
        if not self.can_be_right(fixed):
            raise ValueError("no additive model gets all of these training pairs right")
        wrong = self._fewest_wrong(fixed)
        while (trade := self._find_trade(~wrong)) is not None:
            # Break trade after trade, which gives the next round several to reckon with.
            while trade is not None:
                self._trades.append(trade)
                wrong = wrong.copy()
                wrong[np.flatnonzero(trade & ~fixed)[0]] = True
                trade = self._find_trade(~wrong)
            wrong = self._fewest_wrong(fixed)
        return ~wrong

    def _fewest_wrong(self, fixed: BoolArray) -> BoolArray:
        """The fewest pairs, none of them in `fixed`, that meet all trades found so far."""
        if not self._trades:
            return np.zeros(len(fixed), dtype=bool)
        found = milp(
            np.ones(len(fixed)),
            integrality=np.ones(len(fixed)),
            bounds=Bounds(0, (~fixed).astype(float)),
            constraints=LinearConstraint(np.array(self._trades, dtype=float), 1, np.inf),
        )
        return np.asarray(found.x > 0.5)

    def _find_trade(self, chosen: BoolArray) -> BoolArray | None:
        """The pairs of a trade within these pairs, or None if there is none."""
        allowed = np.flatnonzero(chosen[self._moves.pair])
        if len(allowed) == 0:
            return None
        target = np.zeros(len(self._moves.change))
        target[-1] = 1
        # Costs that differ lead the search to a corner, which has few pairs.
        cost = np.random.default_rng(len(self._trades)).random(len(allowed))
        found = linprog(cost, A_eq=self._moves.change[:, allowed], b_eq=target, method="highs")
        if found.status == 2:  # infeasible
            return None
        weight = np.bincount(self._moves.pair[allowed], found.x, minlength=len(chosen))
        return np.asarray(weight > 1e-9)


def _all_moves(p: int) -> _Moves:
    pairs = make_pairs(p, "full")
    pair, wrong = np.divmod(np.arange(p**3), p)
    keep = wrong != modular_sum(pairs, p)[pair]
    pair, wrong = pair[keep], wrong[keep]
    right = modular_sum(pairs, p)[pair]
    change = np.zeros((2 * p * p + 1, len(pair)))
    change[-1] = 1
    for place in (0, 1):
        number = place * p * p + pairs[pair, place] * p
        change[number + right, np.arange(len(pair))] = -1
        change[number + wrong, np.arange(len(pair))] = 1
    return _Moves(pair, change)

"""Clock encoders: a number turns every clock of a set, the hands' phases are the code.

Source: the forum topic "CycleEncoder and VarCycleEncoder" on discourse.numenta.org,
the encoders behind claims C01 to C19.
"""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin, _fit_context
from sklearn.utils import Tags, check_random_state
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import check_is_fitted

from modclock.validation import check_integers

_COUNT = Interval(Integral, 1, None, closed="left")
_POSITIVE = Interval(Real, 0, None, closed="neither")


class _ClockEncoder(TransformerMixin, BaseEstimator):
    """What both clock encoders share: random starts, subclass periods, phases."""

    n_clocks: int
    random_state: Any

    def _draw_periods(self, rng: np.random.RandomState) -> NDArray[np.float64]:
        raise NotImplementedError

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: ArrayLike, y: None = None) -> Self:
        """Draw the clocks. Of X, int array (n_samples, n_features), only the width counts."""
        check_integers(self, X, reset=True)
        rng = check_random_state(self.random_state)
        self.starts_ = rng.uniform(size=self.n_clocks)
        self.periods_ = self._draw_periods(rng)
        return self

    def transform(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the phases in [0, 1), shape (n_samples, n_features * n_clocks).

        Every column of X turns the same clocks; the columns' phases stand side by side.
        """
        check_is_fitted(self)
        X = check_integers(self, X, reset=False)
        phases = (self.starts_ + X[:, :, np.newaxis] / self.periods_) % 1.0
        # A tiny negative number modulo 1.0 rounds up to 1.0, which is phase 0.
        phases[phases == 1.0] = 0.0
        return phases.reshape(len(X), -1)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags


class CycleEncoder(_ClockEncoder):
    """Clocks that start at random positions and all share one period.

    The dense value of clock n for the number x is its phase, (start_n + x / period) mod 1:
    the part of a turn since the hand last passed 12 o'clock.

    Parameters
    ----------
    n_clocks : number of clocks, the width of the encoding.
    period : numbers per turn of the hand, positive; need not be whole.
    random_state : int, RandomState or None; draws the starts.

    Attributes
    ----------
    starts_ : float array (n_clocks,), phases of the number 0, uniform in [0, 1).
    periods_ : float array (n_clocks,), all equal to `period`.
    n_features_in_ : number of columns seen in `fit`.

    Examples
    --------
    >>> import numpy as np
    >>> encoder = CycleEncoder(n_clocks=3, period=4, random_state=0).fit([[0]])
    >>> encoder.transform([[0], [2], [4]]).round(2)
    array([[0.55, 0.72, 0.6 ],
           [0.05, 0.22, 0.1 ],
           [0.55, 0.72, 0.6 ]])
    """

    _parameter_constraints: dict[str, list[Any]] = {
        "n_clocks": [_COUNT],
        "period": [_POSITIVE],
        "random_state": ["random_state"],
    }

    def __init__(
        self, n_clocks: int = 400, *, period: float = 97.0, random_state: Any = None
    ) -> None:
        self.n_clocks = n_clocks
        self.period = period
        self.random_state = random_state

    def _draw_periods(self, rng: np.random.RandomState) -> NDArray[np.float64]:
        return np.full(self.n_clocks, float(self.period))


class VarCycleEncoder(_ClockEncoder):
    """Clocks that start at random positions and turn with random periods (claim C01).

    The thread never says from which range the periods are drawn. The default is chosen
    on the evidence in notebook `02_clock_encoders`.

    Parameters
    ----------
    n_clocks : number of clocks, the width of the encoding.
    period_low, period_high : range of the uniformly drawn periods, in numbers per turn;
        positive, low <= high.
    random_state : int, RandomState or None; draws the starts and periods.

    Attributes
    ----------
    starts_ : float array (n_clocks,), phases of the number 0, uniform in [0, 1).
    periods_ : float array (n_clocks,), uniform in [period_low, period_high).
    n_features_in_ : number of columns seen in `fit`.

    Raises
    ------
    ValueError : in `fit`, if the range is reversed or not positive.

    Examples
    --------
    >>> encoder = VarCycleEncoder(n_clocks=2, random_state=0).fit([[0]])
    >>> encoder.transform([[0], [1]]).shape
    (2, 2)
    >>> from modclock.sdr import KWinnersTakeAll
    >>> from sklearn.pipeline import make_pipeline
    >>> sdr = make_pipeline(VarCycleEncoder(400, random_state=0), KWinnersTakeAll(133))
    >>> sdr.fit_transform([[5], [6]]).sum(axis=1)
    array([133., 133.], dtype=float32)
    """

    _parameter_constraints: dict[str, list[Any]] = {
        "n_clocks": [_COUNT],
        "period_low": [_POSITIVE],
        "period_high": [_POSITIVE],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        n_clocks: int = 400,
        *,
        period_low: float = 2.0,
        period_high: float = 10.0,
        random_state: Any = None,
    ) -> None:
        self.n_clocks = n_clocks
        self.period_low = period_low
        self.period_high = period_high
        self.random_state = random_state

    def _draw_periods(self, rng: np.random.RandomState) -> NDArray[np.float64]:
        if self.period_low > self.period_high:
            raise ValueError(
                f"period_low={self.period_low} is above period_high={self.period_high}"
            )
        return rng.uniform(self.period_low, self.period_high, size=self.n_clocks)

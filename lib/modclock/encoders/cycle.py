"""Clock encoders: a number turns every clock of a set, the hands' phases are the code.

Source: the forum topic "CycleEncoder and VarCycleEncoder" on discourse.numenta.org,
the encoders behind claims C01 to C19.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modclock.encoders.base import NumberEncoder
from modclock.validation import COUNT, POSITIVE, Rule, one_of

FloatArray = NDArray[np.float64]

# The dense value of a clock with a phase, in turns, and a period, in steps.
WAVEFORMS: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "sawtooth": lambda phase, period: phase,
    "sawtooth_in_steps": lambda phase, period: phase * period,
    "cosine": lambda phase, period: (1 + np.cos(2 * np.pi * phase)) / 2,
    "triangle": lambda phase, period: np.abs(1 - 2 * phase),
}


class _ClockEncoder(NumberEncoder):
    """What both clock encoders share: random starts, subclass periods, a waveform."""

    n_clocks: int
    waveform: str
    random_state: Any

    @property
    def emits_phases(self) -> bool:  # type: ignore[override]
        """Whether the codes are the phases themselves."""
        return self.waveform == "sawtooth"

    def _periods(self, rng: np.random.RandomState) -> FloatArray:
        raise NotImplementedError

    def _draw(self, rng: np.random.RandomState) -> None:
        self.starts_ = rng.uniform(size=self.n_clocks)
        self.periods_ = self._periods(rng)

    def _encode(self, numbers: NDArray[np.integer]) -> FloatArray:
        phases = (self.starts_ + numbers[:, np.newaxis] / self.periods_) % 1.0
        # A tiny negative number modulo 1.0 rounds up to 1.0, which is phase 0.
        phases[phases == 1.0] = 0.0
        return WAVEFORMS[self.waveform](phases, self.periods_)


class CycleEncoder(_ClockEncoder):
    """Clocks that start at random positions and all share one period.

    The phase of clock n for the number x is (start_n + x / period) mod 1: the part of a turn
    since the hand last passed 12 o'clock. The dense value is the waveform at that phase.

    Parameters
    ----------
    n_clocks : number of clocks, the width of the encoding.
    period : numbers per turn of the hand, positive; need not be whole.
    waveform : "sawtooth", the phase itself, in [0, 1); "sawtooth_in_steps", the same in
        steps instead of turns, in [0, period), as the thread words it; "cosine", 1 at 12
        o'clock and 0 at 6; "triangle", the same with straight sides.
    random_state : int, RandomState or None; draws the starts.

    Attributes
    ----------
    starts_ : float array (n_clocks,), phases of the number 0, uniform in [0, 1).
    periods_ : float array (n_clocks,), all equal to `period`.
    n_features_in_ : number of columns seen in `fit`.

    Examples
    --------
    >>> encoder = CycleEncoder(n_clocks=3, period=4, random_state=0).fit([[0]])
    >>> encoder.transform([[0], [2], [4]]).round(2)
    array([[0.55, 0.72, 0.6 ],
           [0.05, 0.22, 0.1 ],
           [0.55, 0.72, 0.6 ]])
    """

    rules: ClassVar[dict[str, Rule]] = {
        "n_clocks": COUNT,
        "period": POSITIVE,
        "waveform": one_of(WAVEFORMS),
    }

    def __init__(
        self,
        n_clocks: int = 400,
        *,
        period: float = 97.0,
        waveform: str = "sawtooth",
        random_state: Any = None,
    ) -> None:
        self.n_clocks = n_clocks
        self.period = period
        self.waveform = waveform
        self.random_state = random_state

    def _periods(self, rng: np.random.RandomState) -> FloatArray:
        return np.full(self.n_clocks, float(self.period))


class VarCycleEncoder(_ClockEncoder):
    """Clocks that start at random positions and turn with random periods (claim C01).

    The thread never says from which range the periods are drawn. The default is chosen
    on the evidence in notebook `03_overlap_headline`.

    Parameters
    ----------
    n_clocks : number of clocks, the width of the encoding.
    period_low, period_high : range of the uniformly drawn periods, in numbers per turn;
        positive, low <= high.
    waveform : see `CycleEncoder`.
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

    rules: ClassVar[dict[str, Rule]] = {
        "n_clocks": COUNT,
        "period_low": POSITIVE,
        "period_high": POSITIVE,
        "waveform": one_of(WAVEFORMS),
    }

    def __init__(
        self,
        n_clocks: int = 400,
        *,
        period_low: float = 2.0,
        period_high: float = 10.0,
        waveform: str = "sawtooth",
        random_state: Any = None,
    ) -> None:
        self.n_clocks = n_clocks
        self.period_low = period_low
        self.period_high = period_high
        self.waveform = waveform
        self.random_state = random_state

    def _periods(self, rng: np.random.RandomState) -> FloatArray:
        if self.period_low > self.period_high:
            raise ValueError(
                f"{type(self).__name__}: period_low={self.period_low} is above "
                f"period_high={self.period_high}"
            )
        return rng.uniform(self.period_low, self.period_high, size=self.n_clocks)

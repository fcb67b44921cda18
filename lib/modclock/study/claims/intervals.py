"""Means and rank correlations with 95 % bootstrap intervals."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, ConfigDict
from scipy.stats import bootstrap

_N_RESAMPLES = 2000  # of a rank correlation, whose resamples are large

Unit = Literal["fraction", "points", "number"]


class Measure(BaseModel):
    """A value and its 95 % bootstrap interval.

    Attributes
    ----------
    mean, ci_low, ci_high : the value, and the ends of its interval.
    n : how many seeds, or inputs, it rests on.
    unit : "fraction", shown in percent; "points", a difference of two fractions, shown in
        percentage points; or "number".
    """

    model_config = ConfigDict(frozen=True)

    mean: float
    ci_low: float
    ci_high: float
    n: int
    unit: Unit = "fraction"

    def __str__(self) -> str:
        form = {"fraction": ".1%", "points": ".1f", "number": ".2f"}[self.unit]
        factor, name = (100, " points") if self.unit == "points" else (1, "")
        mean, low, high = (f"{factor * x:{form}}" for x in (self.mean, self.ci_low, self.ci_high))
        return mean + name + (f" [{low}, {high}]" if low != high else "")


def measure(values: ArrayLike, unit: Unit = "fraction") -> Measure:
    """Mean and 95 % percentile-bootstrap interval of one value a seed.

    Parameters
    ----------
    values : float array-like, shape (n_seeds,). With a single value, or with all values
        equal, the interval is that value. A pandas Series is indexed by the seed, in any order.
    unit : see `Measure`.

    Raises
    ------
    ValueError : if there are no values, one of them is NaN, or a seed counts twice.

    Examples
    --------
    >>> str(measure([0.5, 0.5, 0.5]))
    '50.0%'
    >>> measure([0.1, 0.2, 0.3, 0.4]).mean
    0.25
    """
    if isinstance(values, pd.Series):
        if not values.index.is_unique:
            raise ValueError("a measure has one value a seed, but a seed is there twice")
        values = values.sort_index()  # the ends of the interval hang on the order
    array = np.asarray(values, dtype=float)
    if array.size == 0 or np.isnan(array).any():
        raise ValueError(f"a measure needs one number a seed, got {array.tolist()}")
    low = high = float(array.mean())
    if np.ptp(array) > 0:
        interval = bootstrap((array,), np.mean, method="percentile", rng=0).confidence_interval
        low, high = float(interval.low), float(interval.high)
    return Measure(mean=float(array.mean()), ci_low=low, ci_high=high, n=array.size, unit=unit)


def difference(first: pd.Series, second: pd.Series) -> Measure:
    """By how many percentage points one accuracy is above another, paired by seed.

    Parameters
    ----------
    first, second : fractions, indexed by the same seeds.

    Raises
    ------
    ValueError : as `measure`; a seed that only one of the two has counts as NaN.

    Examples
    --------
    >>> str(difference(pd.Series([0.9, 0.8]), pd.Series([0.7, 0.6])))
    '20.0 points'
    """
    return measure(first - second, "points")


def rank_correlation(x: ArrayLike, y: ArrayLike, groups: ArrayLike) -> Measure:
    """Spearman's rank correlation of two properties of things that come in groups.

    Things of one group resemble one another, so the bootstrap draws whole groups: an
    interval that treats them as independent would be too narrow. A constant tells nothing of
    another property: where one of the two is constant, the correlation is 0.

    Parameters
    ----------
    x, y : float array-likes, shape (n_things,).
    groups : array-like, shape (n_things,), the group of each.

    Returns
    -------
    Measure in [-1, 1], a "number"; n counts things, not groups.

    Examples
    --------
    >>> str(rank_correlation([1, 2, 3, 4], [1, 4, 9, 16], groups=[0, 0, 1, 1]))
    '1.00'
    """
    values = [np.asarray(side, dtype=float) for side in (x, y)]
    below = [(side[:, None] < side) + (side[:, None] == side) / 2 for side in values]
    names, labels = np.unique(np.asarray(groups), return_inverse=True)
    everything = np.arange(len(names))

    def correlation(drawn: NDArray[np.integer], axis: int = -1) -> NDArray[np.float64]:
        """Spearman's correlation of things that count as often as their group is drawn."""
        times = (np.moveaxis(drawn, axis, -1)[..., None] == everything).sum(axis=-2)[..., labels]
        ranks = np.stack([times @ table for table in below])  # mid-ranks, less one half
        ranks -= (times * ranks).sum(axis=-1, keepdims=True) / times.sum(axis=-1, keepdims=True)
        first, second = ranks
        spread = np.sqrt((times * ranks**2).sum(axis=-1).prod(axis=0))
        product = (times * first * second).sum(axis=-1)
        return np.divide(product, spread, out=np.zeros(np.shape(spread)), where=spread > 0)

    interval = bootstrap(
        (everything,), correlation, n_resamples=_N_RESAMPLES, method="percentile", rng=0
    ).confidence_interval
    return Measure(
        mean=float(correlation(everything)),
        ci_low=float(interval.low),
        ci_high=float(interval.high),
        n=len(labels),
        unit="number",
    )

"""How good predictors are, by part of a field, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from modclock.analysis.contest import agreement, in_the_middle
from modclock.study.claims.intervals import Measure, difference, measure, rank_correlation


def rank_in_middle(rows: pd.DataFrame, name: str, groups: str) -> Measure:
    """Rank correlation of a predictor with the accuracy, of the pipelines in the middle.

    Parameters
    ----------
    rows : one row a pipeline: accuracy, the predictor's column, and that of the groups.
    name : the predictor.
    groups : column that names what is alike, left out as a whole for the interval.

    Returns
    -------
    Measure; 0 of no groups, and without an interval, where the middle is empty.
    """
    middle = rows[in_the_middle(rows.accuracy)]
    if middle.empty:
        return _NOTHING
    return rank_correlation(middle[name], middle.accuracy, middle[groups])


def error_in_middle(rows: pd.DataFrame, name: str, groups: str) -> Measure:
    """Mean distance of prediction and accuracy in the middle: the mean over groups of their means.

    Parameters and what is returned are as for `rank_in_middle`.
    """
    middle = rows[in_the_middle(rows.accuracy)]
    if middle.empty:
        return _NOTHING
    errors = (middle[name] - middle.accuracy).abs().groupby(middle[groups]).mean()
    return measure(errors.to_numpy(), "points")


def gain_in_middle(rows: pd.DataFrame, name: str, other: str) -> Measure:
    """How much smaller a predictor's mean error in the middle is than that of another one.

    Parameters
    ----------
    rows : one row a pipeline: case, accuracy and the predictors' columns.
    name, other : the predictors.

    Returns
    -------
    Measure over pipelines, in pairs; see `rank_in_middle` where the middle is empty.
    """
    middle = rows[in_the_middle(rows.accuracy)].set_index("case")
    if middle.empty:
        return _NOTHING
    errors = {one: (middle[one] - middle.accuracy).abs() for one in (name, other)}
    return difference(errors[other], errors[name])


_NOTHING = Measure(mean=0.0, ci_low=None, ci_high=None, n=0, unit="number")


def standings(
    rows: pd.DataFrame, titles: Mapping[str, str], parts: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """One row a predictor and part of the field: how well it ranks, and by how much it is wrong.

    Parameters
    ----------
    rows : one row a pipeline: part, accuracy and the predictors' columns.
    titles : what the predictors are called, by their columns.
    parts : names of parts by what they are called together.

    Returns
    -------
    DataFrame with predictor (its title), part, pipelines, middle (how many lie in it), rank (rank
    correlation in the middle), rank_of_all, error (mean in the middle) and error_of_all; rank and
    error are NaN where fewer than three pipelines lie in the middle.

    Examples
    --------
    >>> rows = pd.DataFrame(
    ...     {"part": "a", "accuracy": [0.0, 0.2, 0.4, 0.6], "x": [0, 0.3, 0.5, 0.6]})
    >>> standings(rows, {"x": "X"}, {"A": ["a"]}).round(2).to_dict("records")
    ... # doctest: +NORMALIZE_WHITESPACE
    [{'predictor': 'X', 'part': 'A', 'pipelines': 4, 'middle': 3, 'rank': 1.0,
      'rank_of_all': 1.0, 'error': 0.07, 'error_of_all': 0.05}]
    """
    found = []
    for part, names in parts.items():
        whole = rows[rows.part.isin(names)]
        middle = whole[in_the_middle(whole.accuracy)]
        enough = len(middle) > 2
        for name, title in titles.items():
            found.append(
                {
                    "predictor": title,
                    "part": part,
                    "pipelines": len(whole),
                    "middle": len(middle),
                    "rank": agreement(middle[name], middle.accuracy) if enough else np.nan,
                    "rank_of_all": agreement(whole[name], whole.accuracy),
                    "error": (middle[name] - middle.accuracy).abs().mean() if enough else np.nan,
                    "error_of_all": (whole[name] - whole.accuracy).abs().mean(),
                }
            )
    return pd.DataFrame(found)

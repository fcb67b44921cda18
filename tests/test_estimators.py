"""scikit-learn's own checks of every estimator, as far as the input type allows."""

from __future__ import annotations

import numpy as np
from sklearn.utils.estimator_checks import parametrize_with_checks

from modclock.encoders import (
    CycleEncoder,
    DiscreteLogEncoder,
    FourierEncoder,
    GridCellEncoder,
    ResiduePhasorEncoder,
    VarCycleEncoder,
)
from modclock.pairing import PairEncoder
from modclock.sdr import KWinnersTakeAll
from modclock.table_encoder import TableEncoder


class Rounding:
    """Rounds finite floats, which the checks feed, to the integers that an encoder takes."""

    def fit(self, X, y=None):
        return super().fit(rounded(X), y)  # type: ignore[misc]  # of the class beside it

    def transform(self, X):
        return super().transform(rounded(X))  # type: ignore[misc]


def rounded(X):
    array = np.asarray(X)
    finite = array.dtype.kind == "f" and np.isfinite(array).all()
    return np.rint(array).astype(int) if finite else X


class RoundingCycleEncoder(Rounding, CycleEncoder):
    pass


class RoundingVarCycleEncoder(Rounding, VarCycleEncoder):
    pass


class RoundingPairEncoder(Rounding, PairEncoder):
    pass


class RoundingTableEncoder(Rounding, TableEncoder):
    pass


class RoundingGridCellEncoder(Rounding, GridCellEncoder):
    pass


class RoundingFourierEncoder(Rounding, FourierEncoder):
    pass


class RoundingDiscreteLogEncoder(Rounding, DiscreteLogEncoder):
    pass


class RoundingResiduePhasorEncoder(Rounding, ResiduePhasorEncoder):
    pass


TWO_COLUMNS = [
    "check_array_api_input",
    "check_dict_unchanged",
    "check_dont_overwrite_parameters",
    "check_estimators_dtypes",
    "check_estimators_nan_inf",
    "check_estimators_pickle",
    "check_f_contiguous_array_estimator",
    "check_fit2d_1feature",
    "check_fit2d_1sample",
    "check_fit2d_predict1d",
    "check_fit_score_takes_y",
    "check_methods_sample_order_invariance",
    "check_methods_subset_invariance",
    "check_n_features_in_after_fitting",
    "check_pipeline_consistency",
    "check_positive_only_tag_during_fit",
    "check_transformer_data_not_an_array",
    "check_transformer_general",
]


def impossible_checks(estimator):
    """Checks that feed what an estimator refuses by design."""
    refused = {}
    if isinstance(estimator, Rounding):
        refused["check_dtype_object"] = "feeds objects; only integers can be encoded"
    if isinstance(estimator, PairEncoder):
        refused |= dict.fromkeys(TWO_COLUMNS, "feeds other than two columns")
    return refused


@parametrize_with_checks(
    [
        KWinnersTakeAll(k=1),
        RoundingCycleEncoder(n_clocks=7, random_state=0),
        RoundingVarCycleEncoder(n_clocks=7, random_state=0),
        RoundingGridCellEncoder([2, 3]),
        RoundingFourierEncoder(7),
        RoundingDiscreteLogEncoder(7),
        RoundingResiduePhasorEncoder([2, 3], n_phasors=5, random_state=0),
        RoundingPairEncoder(CycleEncoder(n_clocks=7, random_state=0), k=3),
        RoundingTableEncoder(CycleEncoder(n_clocks=7, random_state=0), k=3, random_state=0),
    ],
    expected_failed_checks=impossible_checks,
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)

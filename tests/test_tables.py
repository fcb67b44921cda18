"""Encoders in tables: any type that holds whole numbers, names out, sparse codes, own clocks."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array, issparse
from sklearn.base import clone
from sklearn.compose import ColumnTransformer

from modclock import encoders
from modclock.classifiers import ValueMapClassifier
from modclock.datasets import OPERATIONS, make_pairs, modular_answers
from modclock.encoders import (
    ColumnwiseEncoder,
    GridCellEncoder,
    OneHotNumberEncoder,
    RandomDistributedScalarEncoder,
    RandomSDREncoder,
    ScalarEncoder,
    ThermometerEncoder,
    VarCycleEncoder,
)
from modclock.encoders.base import NumberEncoder
from modclock.pairing import COMPOSITIONS, PairEncoder
from modclock.table_encoder import TableEncoder

P = 97
CLOCKS = VarCycleEncoder(9, random_state=0)
EVERY: dict[str, dict[str, Any]] = {
    "CycleEncoder": {"n_clocks": 9, "random_state": 0},
    "DiscreteLogEncoder": {"p": P},
    "FourierEncoder": {"p": P},
    "GridCellEncoder": {},
    "OneHotNumberEncoder": {"p": P},
    "RandomDistributedScalarEncoder": {"p": P, "random_state": 0},
    "RandomSDREncoder": {"p": P, "random_state": 0},
    "ResiduePhasorEncoder": {"moduli": [3, 5], "n_phasors": 9, "random_state": 0},
    "ScalarEncoder": {"p": P},
    "ThermometerEncoder": {"p": P},
    "VarCycleEncoder": {"n_clocks": 9, "random_state": 0},
}
SPARSE = [
    GridCellEncoder(), OneHotNumberEncoder(P), ScalarEncoder(P), ThermometerEncoder(P),
    RandomDistributedScalarEncoder(P, random_state=0), RandomSDREncoder(P, random_state=0),
]  # fmt: skip
NUMBERS = np.array([[0], [1], [51], [96]])
TYPES = [
    np.int8, np.int16, np.int32, np.uint8, np.uint16, np.uint32, np.uint64, np.float32, float,
    object,
]  # fmt: skip


def every_encoder():
    return [getattr(encoders, name)(**parameters) for name, parameters in EVERY.items()]


def test_all_encoders_are_tried_here():
    assert set(EVERY) | {"ColumnwiseEncoder"} == set(encoders.__all__)


@pytest.mark.parametrize("encoder", every_encoder(), ids=lambda item: type(item).__name__)
@pytest.mark.parametrize("dtype", TYPES, ids=str)
def test_the_same_codes_whatever_type_holds_the_numbers(encoder, dtype):
    expected = clone(encoder).fit(NUMBERS).transform(NUMBERS)
    assert np.array_equal(clone(encoder).fit(NUMBERS).transform(NUMBERS.astype(dtype)), expected)


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_the_same_input_of_a_pair_whatever_type_holds_it(composition):
    needs = COMPOSITIONS[composition].needs
    encoder = encoders.FourierEncoder(P) if needs & {"bind", "unbind"} else CLOCKS
    pairs = np.array([[96, 95], [0, 96], [51, 51]])
    coder = PairEncoder(encoder, composition=composition, k=3)
    for dtype in TYPES:
        clocks = clone(coder).set_params(
            **({} if needs & {"bind", "unbind"} else {"encoder__random_state": 0})
        )
        expected = clone(clocks).fit_transform(pairs)
        assert np.array_equal(clone(clocks).fit_transform(pairs.astype(dtype)), expected), dtype


@pytest.mark.parametrize(
    ("operation", "dtype"), list(itertools.product(OPERATIONS, [np.int8, np.uint8]))
)
def test_answers_do_not_overflow(operation, dtype):
    pairs = make_pairs(P, "full", operation)
    expected = modular_answers(pairs, P, operation)
    assert np.array_equal(modular_answers(pairs.astype(dtype), P, operation), expected)


@pytest.mark.parametrize("extreme", [2**63 - 1, -(2**63)])
def test_the_largest_numbers_are_encoded(extreme):
    for encoder in (VarCycleEncoder(3), GridCellEncoder(), encoders.FourierEncoder(P)):
        assert np.isfinite(encoder.fit([[0]]).transform([[extreme]])).all()


def test_tables_of_pandas_are_taken_as_they_are_if_nothing_is_lost():
    expected = VarCycleEncoder(9, random_state=0).fit_transform([[3], [5]])
    for column in (pd.array([3, 5], dtype="Int64"), [3.0, 5.0], pd.Series([3, 5], dtype=object)):
        table = pd.DataFrame({"hour": column})
        assert np.array_equal(VarCycleEncoder(9, random_state=0).fit_transform(table), expected)
    missing = pd.DataFrame({"hour": pd.array([3, None], dtype="Int64")})
    with pytest.raises(ValueError, match=r"NaN|NA|integers"):
        VarCycleEncoder(9).fit(missing)


def test_codes_have_the_names_of_their_columns():
    table = pd.DataFrame({"hour": [1, 2], "day": [3, 4]})
    encoder = VarCycleEncoder(2, random_state=0).set_output(transform="pandas")
    assert list(encoder.fit_transform(table)) == ["hour_0", "hour_1", "day_0", "day_1"]
    assert OneHotNumberEncoder(2).fit([[0]]).get_feature_names_out().tolist() == ["x0_0", "x0_1"]
    pair = PairEncoder(VarCycleEncoder(3), composition="concatenate_dense").fit(table)
    assert pair.get_feature_names_out()[[0, 5]].tolist() == [
        "concatenate_dense_0",
        "concatenate_dense_5",
    ]
    with pytest.raises(ValueError, match="feature_names_in_"):
        encoder.get_feature_names_out(["other", "day"])


@pytest.mark.parametrize("encoder", SPARSE, ids=lambda item: type(item).__name__)
def test_sparse_codes_are_the_dense_ones(encoder):
    pairs = [[1, 2], [96, 0]]
    dense = clone(encoder).fit_transform(pairs)
    sparse = clone(encoder).set_params(sparse_output=True).fit_transform(pairs)
    assert issparse(sparse)
    assert sparse.format == "csr"
    assert np.array_equal(sparse.toarray(), dense)
    small = clone(encoder).set_params(dtype=np.uint8).fit_transform(pairs)
    assert small.dtype == np.uint8
    assert np.array_equal(small, dense)
    for composition in ("overlap", "concatenate", "xor"):
        of_dense = PairEncoder(clone(encoder), composition=composition, k=3).fit_transform(pairs)
        with_sparse = clone(encoder).set_params(sparse_output=True)
        of_sparse = PairEncoder(with_sparse, composition=composition, k=3).fit_transform(pairs)
        assert np.array_equal(of_dense, of_sparse)


@pytest.mark.parametrize("dtype", ["no type", str, object, np.complex64])
def test_a_type_of_no_numbers_is_refused_in_fit(dtype):
    with pytest.raises(ValueError, match="OneHotNumberEncoder: dtype takes a type of real numbers"):
        OneHotNumberEncoder(dtype=dtype).fit([[1]])


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, bool])
@pytest.mark.parametrize("composition", ["xor", "sdr_sum", "dense_sum", "overlap", "product"])
def test_small_types_of_codes_do_not_wrap_around(dtype, composition):
    pairs = [[1, 2], [96, 0], [5, 5]]
    coder = PairEncoder(OneHotNumberEncoder(P), composition=composition, k=3)
    small = PairEncoder(OneHotNumberEncoder(P, dtype=dtype), composition=composition, k=3)
    assert np.array_equal(coder.fit_transform(pairs), small.fit_transform(pairs))


def test_columns_share_clocks_unless_each_gets_its_own():
    same = [[5, 5]]
    shared = VarCycleEncoder(50, random_state=0).fit_transform(same)
    own = ColumnwiseEncoder(VarCycleEncoder(50), random_state=0).fit(same)
    assert np.array_equal(shared[:, :50], shared[:, 50:])
    assert not np.array_equal(own.transform(same)[:, :50], own.transform(same)[:, 50:])
    again = ColumnwiseEncoder(VarCycleEncoder(50), random_state=0).fit_transform(same)
    assert np.array_equal(own.transform(same), again)
    assert len(own.get_feature_names_out()) == 100


BITS = np.random.default_rng(0).integers(0, 2, size=(60, 12)).astype(float)
LABELS = np.random.default_rng(1).integers(0, 3, size=60)


@pytest.mark.parametrize("form", ["frequency", "log_probability"])
def test_the_value_map_counts_sparse_bits_alike(form):
    dense = ValueMapClassifier(form).fit(BITS, LABELS)
    sparse = ValueMapClassifier(form).fit(csr_array(BITS), LABELS)
    assert np.array_equal(dense.counts_, sparse.counts_)
    assert np.array_equal(dense.predict(BITS), sparse.predict(csr_array(BITS)))


def test_a_weight_of_the_value_map_is_how_often_a_sample_counts():
    weights = np.random.default_rng(2).integers(0, 4, size=60)
    weighted = ValueMapClassifier().fit(BITS, LABELS, sample_weight=weights)
    repeated = ValueMapClassifier().fit(
        np.repeat(BITS, weights, axis=0), np.repeat(LABELS, weights)
    )
    assert np.array_equal(weighted.counts_, repeated.counts_)
    halves = ValueMapClassifier().fit(BITS, LABELS, sample_weight=np.full(60, 0.125))
    plain = ValueMapClassifier().fit(BITS, LABELS)
    assert np.allclose(halves.predict_proba(BITS), plain.predict_proba(BITS))
    for wrong in (weights[:-1], -weights - 1, np.full(60, np.nan)):
        with pytest.raises(ValueError, match="sample_weight holds 60 finite numbers"):
            ValueMapClassifier().fit(BITS, LABELS, sample_weight=wrong)


def test_partial_fit_is_as_strict_as_that_of_scikit_learn():
    with pytest.raises(ValueError, match="classes must be passed on the first call"):
        ValueMapClassifier().partial_fit(BITS, LABELS)
    model = ValueMapClassifier().partial_fit(BITS[:30], LABELS[:30], classes=[2, 0, 1])
    with pytest.raises(ValueError, match="is not the same as on the first call"):
        model.partial_fit(BITS, LABELS, classes=[0, 1])
    with pytest.raises(ValueError, match=r"not named before: \[7\]"):
        model.partial_fit(BITS[:1], [7])
    model.partial_fit(BITS[30:], LABELS[30:], classes=[0, 1, 2])
    assert np.array_equal(model.counts_, ValueMapClassifier().fit(BITS, LABELS).counts_)


TABLE = pd.DataFrame({"i": [1, 5, 7, 9], "j": [5, 6, 2, 96]})
HALVES = TABLE.assign(j=TABLE.j + 0.5)
OF_SEVERAL = {
    **{
        f"pair, {name}": PairEncoder(CLOCKS, composition=name, k=3)
        for name, composition in COMPOSITIONS.items()
        if not composition.needs & {"bind", "unbind", "phases"}
    },
    "pair, bind": PairEncoder(encoders.FourierEncoder(P), composition="bind"),
    "table": TableEncoder(CLOCKS, k=3, random_state=0),
    "table, side by side": TableEncoder(CLOCKS, composition="concatenate", k=3, random_state=0),
    "columnwise": ColumnwiseEncoder(CLOCKS, random_state=0),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("encoder", OF_SEVERAL.values(), ids=OF_SEVERAL)
def test_the_input_of_several_columns_is_a_table_where_that_is_asked_for(encoder):
    plain = clone(encoder).fit(TABLE)
    as_table = clone(encoder).set_output(transform="pandas").fit(TABLE).transform(TABLE)
    assert np.array_equal(as_table, plain.transform(TABLE))
    assert as_table.columns.tolist() == plain.get_feature_names_out().tolist()
    assert len(set(as_table.columns)) == as_table.shape[1]
    in_columns = ColumnTransformer([("both", encoder, ["i", "j"])]).set_output(transform="pandas")
    assert np.array_equal(in_columns.fit_transform(TABLE), as_table)
    without_names = clone(encoder).set_output(transform="pandas").fit(TABLE.to_numpy())
    assert np.array_equal(without_names.transform(TABLE.to_numpy()), as_table)


DATED = pd.DataFrame({"i": [1, 2], "day": pd.to_datetime(["2026-01-01", "2026-01-02"])})


@pytest.mark.parametrize(
    ("encoder", "X", "message"),
    [
        (CLOCKS, pd.DataFrame({"a": [1, 2], "b": [3, np.nan]}), "NaN in column 'b', row 1 .*fill"),
        (CLOCKS, DATED, r"Timestamp\('2026-01-01 .* in column 'day', row 0"),
        (PairEncoder(CLOCKS, k=3), DATED, r"Timestamp\('2026-01-01 .* in column 'day', row 0"),
        (CLOCKS, [[1, 2], [3, 4], [5, 6.5]], r"6\.5 in column 1, row 2 .*round it"),
        (CLOCKS, [[1, None]], "None in column 1, row 0 .*fill it first"),
        (CLOCKS, np.ma.masked_equal([[7, 2], [3, 7]], 7), "None in column 0, row 0 .*fill it"),
        (CLOCKS, [[1.5]], r"holds 1\.5; round it"),
        (CLOCKS, [[np.inf]], "holds inf$"),
        (CLOCKS, [["Monday"]], "dtype <U6, such as 'Monday'"),
        (OneHotNumberEncoder(7), TABLE, "0..6, but X holds 7 in column 'i', row 2 .*larger p"),
        (OneHotNumberEncoder(7), [[-1]], "0..6, but X holds -1; take a larger p, or shift"),
        (ColumnwiseEncoder(OneHotNumberEncoder(10)), TABLE, "column j: .*0..9, but X holds 96"),
        (PairEncoder(CLOCKS, k=3), HALVES, r"PairEncoder .*5\.5 in column 'j', row 0"),
        (TableEncoder(CLOCKS, k=3), HALVES, r"TableEncoder .*5\.5 in column 'j', row 0"),
    ],
)  # fmt: skip
def test_what_can_t_be_encoded_is_named_with_its_place(encoder, X, message):
    with pytest.raises(ValueError, match=message):
        clone(encoder).fit_transform(X)


class Flat(NumberEncoder):
    def _encode(self, numbers):
        return np.cos(numbers / 7.0)


class Transposed(NumberEncoder):
    def _encode(self, numbers):
        return np.outer(np.arange(3), numbers)


class Listed(NumberEncoder):
    def _encode(self, numbers):
        return [[number, 1] for number in numbers.tolist()]


class Nothing(NumberEncoder):
    pass


def test_codes_of_another_shape_are_refused_wherever_they_are_used():
    with pytest.raises(ValueError, match=r"Flat: _encode returns shape \(4,\) .* a column, values"):
        Flat().fit_transform(NUMBERS)
    with pytest.raises(ValueError, match=r"Transposed: _encode returns shape \(3, 4\) for 4"):
        Transposed().fit_transform(NUMBERS)
    assert Listed().fit_transform([[3], [4]]).tolist() == [[3, 1], [4, 1]]
    with pytest.raises(NotImplementedError, match="Nothing has no _encode"):
        Nothing().fit_transform(NUMBERS)

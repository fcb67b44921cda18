"""Whatever type integers come in, they are the same numbers; what is no integer is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from modclock.analysis.leakage import leakage, ruled_out_answers
from modclock.columns import check_integers
from modclock.datasets import OPERATIONS, make_pairs, modular_answers, split_pairs
from modclock.encoders import (
    CycleEncoder,
    DiscreteLogEncoder,
    FourierEncoder,
    GridCellEncoder,
    OneHotNumberEncoder,
    RandomDistributedScalarEncoder,
    RandomSDREncoder,
    ResiduePhasorEncoder,
    ScalarEncoder,
    ThermometerEncoder,
    VarCycleEncoder,
)
from modclock.grokking.learned_encoders import EmbeddingEncoder
from modclock.networks.transformer import Transformer
from modclock.pairing import COMPOSITIONS, PairEncoder

TYPES = [np.dtype(f"{sign}int{bits}") for sign in ("", "u") for bits in (8, 16, 32, 64)]
# One of 97 numbers, or any integer there is.
OF_97 = [
    OneHotNumberEncoder(97),
    RandomDistributedScalarEncoder(97, random_state=0),
    RandomSDREncoder(97, random_state=0),
    ScalarEncoder(97),
    ScalarEncoder(97, periodic=True),
    ThermometerEncoder(97),
    EmbeddingEncoder(Transformer(97, layers=1, heads=1, width=8, mlp_width=8, layer_norm=False)),
]
OF_ALL = [
    CycleEncoder(20, random_state=0),
    CycleEncoder(20, waveform="cosine", random_state=0),
    DiscreteLogEncoder(97, frequencies=[1, 40]),
    FourierEncoder(97, frequencies=[1, 200]),
    GridCellEncoder([2, 3, 113]),
    ResiduePhasorEncoder([3, 5, 113], random_state=0),
    VarCycleEncoder(20, random_state=0),
]


def name(encoder):
    return type(encoder).__name__


def some_of(kind: np.dtype) -> np.ndarray:
    """Numbers of an integer type, its extremes among them, as far as int64 holds them."""
    limits = np.iinfo(kind)
    last = min(limits.max, 2**63 - 1)
    numbers = [limits.min, limits.min + 1, 0, 1, 2, 96, 100, last // 2, last - 1, last]
    return np.array(numbers, dtype=kind)[:, np.newaxis]


@pytest.mark.parametrize("kind", TYPES, ids=str)
@pytest.mark.parametrize("encoder", OF_ALL, ids=name)
def test_every_integer_type_has_the_codes_of_int64(encoder, kind):
    numbers = some_of(kind)
    encoder.fit(numbers)
    assert np.array_equal(encoder.transform(numbers), encoder.transform(numbers.astype(np.int64)))


@pytest.mark.parametrize("kind", TYPES, ids=str)
@pytest.mark.parametrize("encoder", OF_97, ids=name)
def test_encoders_with_a_range_take_every_integer_type(encoder, kind):
    numbers = np.arange(97)[:, np.newaxis]
    codes = encoder.fit(numbers).transform(numbers)
    assert np.array_equal(encoder.transform(numbers.astype(kind)), codes)
    for number in some_of(kind).ravel():
        if not 0 <= number < 97:
            with pytest.raises(ValueError, match=r"encodes 0\.\.96"):
                encoder.transform([[number]])


COMPOSED = [
    VarCycleEncoder(20, random_state=0),
    FourierEncoder(97),
    GridCellEncoder([2, 97]),
]


@pytest.mark.parametrize("kind", TYPES, ids=str)
@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_every_composition_takes_every_integer_type(composition, kind):
    numbers = some_of(kind).ravel()
    pairs = np.column_stack([numbers, numbers[::-1]])
    defined = [PairEncoder(encoder, composition=composition, k=5) for encoder in COMPOSED]
    defined = [pair_encoder for pair_encoder in defined if takes(pair_encoder, pairs)]
    assert defined
    for pair_encoder in defined:
        same = pair_encoder.transform(pairs.astype(np.int64))
        assert np.array_equal(pair_encoder.transform(pairs), same)


def takes(pair_encoder, pairs):
    """Fit it, if the composition is defined for its encoder."""
    try:
        pair_encoder.fit(pairs)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("kind", TYPES, ids=str)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_takes_every_integer_type(operation, kind):
    pairs = make_pairs(97, "full", operation)
    answers = modular_answers(pairs, 97, operation)
    assert np.array_equal(modular_answers(pairs.astype(kind), 97, operation), answers)


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_leakage_takes_every_integer_type(kind):
    train, test = split_pairs(make_pairs(97), "random", random_state=0)
    given = train.astype(kind), test.astype(kind), 97
    assert leakage(*given) == leakage(train, test, 97)
    assert np.array_equal(ruled_out_answers(*given), ruled_out_answers(train, test, 97))


def test_large_numbers_have_the_codes_of_their_residues():
    largest = 2**63 - 1
    for encoder in (FourierEncoder(97, frequencies=[48]), DiscreteLogEncoder(97)):
        encoder.fit([[0]])
        codes = encoder.transform([[largest], [-largest - 1]])
        residues = encoder.transform([[largest % 97], [(-largest - 1) % 97]])
        assert np.array_equal(codes, residues)
    phasors = ResiduePhasorEncoder([3, 97], random_state=0).fit([[0]])
    assert np.array_equal(phasors.transform([[largest]]), phasors.transform([[largest % 291]]))


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: FourierEncoder(2**62, frequencies=[2]).fit([[0]]), r"from 1 to 2\*\*31"),
        (lambda: ResiduePhasorEncoder([2**32]).fit([[0]]), r"from 2 to 2\*\*31"),
        (lambda: modular_answers([[1, 2]], 2**31, "quadratic"), r"at most 2\*\*30"),
    ],
)
def test_what_would_overflow_is_refused(act, message):
    with pytest.raises(ValueError, match=message):
        act()


@pytest.mark.parametrize(
    "X",
    [
        [[3.0], [-7.0]],
        np.array([[3], [-7]], dtype=np.float16),
        np.array([[3], [-7]], dtype=object),
        np.array([[np.uint8(3)], [np.float32(-7)]], dtype=object),
        pd.DataFrame({"n": [3, -7]}),
        pd.DataFrame({"n": [3, -7]}, dtype="Int8"),
        pd.DataFrame({"n": [3, -7]}, dtype="Float64"),
        pd.DataFrame({"n": [3, -7]}, dtype="category"),
        pd.DataFrame({"n": [3, -7]}, dtype=object),
    ],
    ids=repr,
)
def test_whatever_stands_for_integers_is_taken(X):
    numbers = check_integers(CycleEncoder(), X, reset=True)
    assert numbers.dtype == np.int64
    assert numbers.tolist() == [[3], [-7]]


def test_tables_of_mixed_types_are_not_rounded():
    table = pd.DataFrame(
        {
            "large": pd.array([2**63 - 1, -(2**63)], dtype="Int64"),
            "odd": pd.array([2**53 + 1, 0], dtype="UInt64"),
            "float": [1.0, 2.0],
        }
    )
    numbers = check_integers(CycleEncoder(), table, reset=True)
    assert numbers.tolist() == [[2**63 - 1, 2**53 + 1, 1], [-(2**63), 0, 2]]


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([[1.5]], "holds 1.5"),
        ([[np.nan]], "holds NaN"),
        ([[np.inf]], "holds inf"),
        ([[2.0**53]], "holds 9007199254740992.0"),
        ([[2**63]], "holds 9223372036854775808"),
        ([[2**64]], "holds 18446744073709551616"),
        ([[-(2**63) - 1]], "holds -9223372036854775809"),
        (pd.DataFrame({"a": [2**53 + 1], "b": [0.5]}), r"holds 900719925474099\d\.0"),
        (pd.DataFrame({"n": pd.array([1, None], dtype="Int64")}), "holds <NA>"),
        (pd.DataFrame({"n": pd.array([1.5], dtype="Float64")}), "holds 1.5"),
        ([["3"]], "X has dtype <U1"),
        (np.array([["3"]], dtype=object), "holds '3'"),
        ([[None]], "holds None"),
        ([[True]], "X has dtype bool"),
        (np.array([[True]], dtype=object), "holds True"),
        (pd.DataFrame({"n": [1], "on": [True]}), "holds True"),
        (pd.DataFrame({"on": [True]}), "holds True"),
        (pd.DataFrame({"day": pd.to_datetime(["2020-01-01"])}), "X holds Timestamp.* 'day', row 0"),
        (pd.DataFrame({"word": ["x"]}), "'x'|has dtype"),
    ],
)  # fmt: skip
def test_what_is_no_integer_is_refused_in_one_line(X, message):
    with pytest.raises(ValueError, match=f"CycleEncoder takes integers.*{message}") as caught:
        check_integers(CycleEncoder(), X, reset=True)
    assert "\n" not in str(caught.value)

"""YAML that is the same for whoever reads it."""

from __future__ import annotations

import json
import math
from contextlib import suppress

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from modclock.study.plain_yaml import check_plain, plain_yaml

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(value=PLAIN)
def test_plain_values_come_back_as_they_were_and_as_json_has_them(value):
    assert plain_yaml(yaml.safe_dump(value)) == value
    assert json.loads(json.dumps(value, allow_nan=False)) == value


@given(number=st.floats(min_value=-1e300, max_value=1e300))
def test_a_number_is_a_number_in_every_form(number):
    for text in (repr(number), f"{number:e}", f"{number:.3g}", f"{number:g}"):
        found = plain_yaml(text)
        assert isinstance(found, int | float)
        assert found == float(text)


@pytest.mark.parametrize("text", ["1e-1", "1E5", "+2e3", "-1e+2", "5.e-3", ".5e1"])
def test_exponents_need_no_point(text):
    assert plain_yaml(text) == float(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("010", 10), ("-007", -7), ("+5", 5), ("1.", 1.0), (".5", 0.5), ("-.5", -0.5)],
)
def test_zeros_and_signs_before_a_number_change_nothing(text, value):
    found = plain_yaml(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text", ["1:30", "1:30.5", "1_000", "1_0e2", "0x10", "0o17", "0b11", "1e", "1.5.5", "+", "..e3"]
)
def test_what_json_does_not_take_for_a_number_is_text(text):
    assert plain_yaml(text) == text


@given(text=st.text(max_size=40) | st.text(alphabet="[]{}&*!:,-#|>'\"%@ \n0e.~", max_size=40))
def test_any_text_gives_plain_values_or_a_value_error(text):
    with suppress(ValueError):
        check_plain(plain_yaml(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2001-13-45", "not YAML"),
        ("2001-01-02", "2001-01-02 is a date"),
        ("a: 2001-01-02 03:04:05", "a: 2001-01-02 03:04:05 is a date"),
        ("!!bool x", "not YAML"),
        ("!!int word", "not YAML"),
        ('!!int ""', "not YAML"),
        ('a: [!!float ""]', "not YAML"),
        ("p: 31\np: 11", "p is there twice"),
        ("a: {b: 1, c: 2, b: 3}", "b is there twice"),
        ("!!binary aGk=", "is a bytes"),
        ("!!set {1, 2}", "is a set"),
        ("!!python/object/apply:os.system [echo]", "not YAML"),
        ("9" * 5000, "not YAML"),
        ("[" * 3000, "levels"),
        ("[" * 21 + "]" * 21, "levels"),
        ("x" * 200_001, "longer than"),
        ("{1: 2}", "the name 1 is no text"),
        ("{[1]: 2}", "not YAML|no text"),
        (".inf", "inf is no finite number"),
        ("a: [1, -.inf]", "a: -inf is no finite number"),
        (".nan", "nan is no finite number"),
        ("1e999", "inf is no finite number"),
        ("a: &x [1]\nb: *x", "aliases are not read"),
        ("a: 1\n---\nb: 2", "not YAML"),
        ("'", "not YAML"),
    ],
)
def test_what_is_not_plain_is_refused_in_words(text, words):
    with pytest.raises(ValueError, match=words) as caught:
        plain_yaml(text)
    assert len(str(caught.value)) < 400


def test_a_bomb_of_aliases_is_not_built():
    levels = [f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in
              zip("abcdefghijk", "bcdefghijkl", strict=True)]  # fmt: skip
    with pytest.raises(ValueError, match="aliases"):
        plain_yaml("\n".join(["a: &a [x, x, x, x, x, x, x, x, x]", *levels]))


def test_numbers_that_floats_hold_are_let_through():
    assert plain_yaml("1.7976931348623157e+308") == 1.7976931348623157e308
    assert math.copysign(1, plain_yaml("-0.0")) == -1

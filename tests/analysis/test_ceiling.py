from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from modclock.analysis.ceiling import ceiling_of_codes
from modclock.datasets import make_pairs, modular_sum
from modclock.encoders import ScalarEncoder, VarCycleEncoder
from modclock.pairing import PairEncoder


def test_it_is_what_a_lookup_table_gets_right():
    rng = np.random.default_rng(0)
    codes, answers = rng.integers(0, 3, size=(200, 3)), rng.integers(0, 4, size=200)
    table: dict[tuple[int, ...], Counter[int]] = {}
    for code, answer in zip(map(tuple, codes.tolist()), answers.tolist(), strict=True):
        table.setdefault(code, Counter())[answer] += 1
    right = sum(counts.most_common(1)[0][1] for counts in table.values())
    found = ceiling_of_codes(codes, answers)
    assert found.n_codes == len(table)
    assert found.accuracy == pytest.approx(right / 200)


def test_winners_among_ties_lose_what_the_clocks_keep():
    pairs = make_pairs(31)
    flat = ScalarEncoder(p=31, n_bits=60, n_active=12)
    sums = PairEncoder(flat, k=12).fit_transform(pairs)
    both = PairEncoder(flat, composition="or").fit_transform(pairs)
    clocks = PairEncoder(VarCycleEncoder(60, random_state=0), k=20).fit_transform(pairs)
    answers = modular_sum(pairs, 31)
    assert ceiling_of_codes(sums, answers).accuracy < 0.5
    assert ceiling_of_codes(both, answers) == (len(pairs), 1.0)
    assert ceiling_of_codes(clocks, answers).accuracy > 0.99


def test_as_many_answers_as_codes_are_needed():
    with pytest.raises(ValueError, match="inconsistent numbers"):
        ceiling_of_codes([[0], [1]], [0])

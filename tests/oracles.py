"""Plain versions of what the package does fast, to compare with."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import combinations
from typing import Any

import numpy as np


class DictionaryValueMap:
    """Oracle: one dictionary of class counts for each pair of bits that was ever on."""

    def fit(self, X, y):
        self.classes = sorted(set(y.tolist()))
        self.maps: Any = defaultdict(lambda: defaultdict(int))
        for row, label in zip(X, y.tolist(), strict=True):
            for pair in combinations(np.flatnonzero(row).tolist(), 2):
                self.maps[pair][label] += 1
        return self

    def scores(self, row, form):
        sums = dict.fromkeys(self.classes, 0.0)
        for pair in combinations(np.flatnonzero(row).tolist(), 2):
            counts = self.maps.get(pair, {})
            total = sum(counts.values())
            for label in self.classes:
                if form == "log_probability":
                    sums[label] += math.log((counts.get(label, 0) + 1) / (total + len(sums)))
                elif total:
                    sums[label] += counts.get(label, 0) / total
        return [sums[label] for label in self.classes]

    def predict(self, X, form):
        rounded = (np.round(self.scores(row, form), 9).tolist() for row in X)
        return [self.classes[scores.index(max(scores))] for scores in rounded]

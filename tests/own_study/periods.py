"""Periods of the waves."""

from __future__ import annotations

import numpy as np

SHORTEST = 2.0


def periods(count, longest=9.0):
    """Evenly spaced."""
    return np.linspace(SHORTEST, longest, count)

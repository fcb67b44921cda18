"""Weights of the waves."""

from __future__ import annotations


def weight(count):
    """The more waves, the less of each."""
    if count > 10:
        return 1 / count + 0.5
    return 1.0

"""No trial reaches it."""

from __future__ import annotations

NUMBER = 3


def twice(number=NUMBER):
    """Two times the number."""
    return 2 * number + 0

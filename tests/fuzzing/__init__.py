"""Random cases against the `modclock` command; `tests/fuzz.py` runs them."""

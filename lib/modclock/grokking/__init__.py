"""Grokking: transformers that learn to add modulo p, and what they look like inside.

XLA computes on one thread here, so that numbers do not depend on how many cores there are.
"""

import os

os.environ.setdefault("PJRT_NPROC", "1")

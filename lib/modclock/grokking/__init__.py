"""Grokking: transformers that learn to add modulo p, and what they look like inside."""

import modclock.networks  # noqa: F401  # before all JAX: one thread

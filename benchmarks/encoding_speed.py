"""How fast pairs are encoded, beside a loop over pairs and beside the memory's speed.

    python benchmarks/encoding_speed.py

The overlap of 400 random clocks for all 9409 ordered pairs, on one thread: the vectorised
PairEncoder, and the same written as a loop over pairs. Each clock code is looked up, not computed
anew, in both. The limit is what it would take to write the codes as fast as memory can be copied.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
from threadpoolctl import threadpool_limits

from modclock.datasets import make_pairs
from modclock.encoders import VarCycleEncoder
from modclock.pairing import PairEncoder

P, N_CLOCKS, K, N_ROUNDS = 97, 400, 133, 5


def seconds(run: Callable[[], object]) -> float:
    """Median wall time of a function."""
    taken = []
    for _ in range(N_ROUNDS):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def one_by_one(codes: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Add two codes and keep the strongest, pair by pair; ties go to the first clock."""
    sdrs = np.zeros((len(pairs), N_CLOCKS), dtype=np.float32)
    for row, (i, j) in enumerate(pairs):
        total = codes[i] + codes[j]
        sdrs[row, np.argsort(-total, kind="stable")[:K]] = 1
    return sdrs


if __name__ == "__main__":
    pairs = make_pairs(P, "full")
    encoder = PairEncoder(VarCycleEncoder(N_CLOCKS, random_state=0), k=K).fit(pairs)
    codes = encoder.encoder_.transform(np.arange(P)[:, np.newaxis])
    assert (encoder.transform(pairs) == one_by_one(codes, pairs)).all()
    block = np.ones(2**25)  # 256 MB, far beyond any cache
    with threadpool_limits(1):
        ours = seconds(lambda: encoder.transform(pairs))
        loop = seconds(lambda: one_by_one(codes, pairs))
        copied = seconds(block.copy)
    bandwidth = 2 * block.nbytes / copied
    written = len(pairs) * N_CLOCKS * 4 / bandwidth
    print(f"PairEncoder: {1000 * ours:.0f} ms; loop over pairs: {1000 * loop:.0f} ms")
    print(f"ratio: {loop / ours:.1f}")
    print(f"memory: {bandwidth / 1e9:.1f} GB/s; to write the codes alone: {1000 * written:.1f} ms")
    print(f"fraction of the limit: {written / ours:.3f}")

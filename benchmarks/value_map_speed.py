"""How fast the value map is beside the dictionary version of the tests, and what memory it takes.

    python benchmarks/value_map_speed.py

Both learn the overlap of 400 clocks. The dictionary gets few pairs, as it would take an hour for
all; times are for one pair. Memory is that of the arrays that NumPy allocates.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from modclock.classifiers import ValueMapClassifier
from modclock.datasets import make_pairs, modular_sum
from modclock.encoders import VarCycleEncoder
from modclock.pairing import PairEncoder

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from oracles import DictionaryValueMap

N_FITTED, N_PREDICTED = 300, 10  # pairs for the dictionary


def overlap(p: int, n_bits: int) -> tuple[np.ndarray, np.ndarray]:
    """The overlap of all strict pairs, in random order, and their answers."""
    pairs = np.random.default_rng(0).permutation(make_pairs(p))
    encoder = PairEncoder(VarCycleEncoder(n_bits, random_state=0), k=n_bits // 3)
    return encoder.fit_transform(pairs), modular_sum(pairs, p)


def seconds(run: Callable[[], object]) -> float:
    """Wall time of a function."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def compare_speed() -> None:
    """Print microseconds a pair of both, and the ratios."""
    sdrs, answers = overlap(97, 400)
    half = len(sdrs) // 2
    ours, oracle = ValueMapClassifier(), DictionaryValueMap()
    few = sdrs[half : half + N_PREDICTED]
    for name, fast, slow in (
        (
            "fit",
            seconds(lambda: ours.fit(sdrs[:half], answers[:half])) / half,
            seconds(lambda: oracle.fit(sdrs[:N_FITTED], answers[:N_FITTED])) / N_FITTED,
        ),
        (
            "predict",
            seconds(lambda: ours.predict(sdrs[half:])) / (len(sdrs) - half),
            seconds(lambda: oracle.predict(few, "frequency")) / N_PREDICTED,
        ),
    ):
        print(
            f"{name}: {1e6 * fast:.0f} µs a pair, dictionary {1e6 * slow:.0f}: {slow / fast:.0f}×"
        )


def measure_memory() -> None:
    """Print the peak of fit and predict over the number of bits and classes."""
    for p, n_bits in ((97, 100), (97, 200), (97, 400), (197, 200), (397, 200)):
        sdrs, answers = overlap(p, n_bits)
        tracemalloc.start()
        ValueMapClassifier().fit(sdrs[:5000], answers[:5000]).predict(sdrs[-500:])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        size = 12 * len(np.unique(answers[:5000])) * n_bits**2
        print(f"{n_bits} bits, {p} classes: {peak / 1e6:.0f} MB, stated bound {size / 1e6:.0f} MB")


if __name__ == "__main__":
    with threadpool_limits(1):
        compare_speed()
        measure_memory()

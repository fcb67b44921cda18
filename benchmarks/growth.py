"""How time and memory grow with the modulus, up to 634,000 ordered pairs of p = 797.

    python benchmarks/growth.py

The overlap of 400 clocks is made in blocks of pairs and never held as a whole. From each block the
value map learns by `partial_fit`, and the linear readout adds up its normal equations. Each modulus
runs in a process of its own, so that the peak of its memory can be told.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time

import numpy as np
from scipy.linalg import solve
from threadpoolctl import threadpool_limits

from modclock.classifiers import ValueMapClassifier
from modclock.datasets import make_pairs, modular_sum, split_pairs
from modclock.encoders import VarCycleEncoder
from modclock.pairing import PairEncoder

N_BITS, BLOCK, N_TEST = 400, 20_000, 500
MODULI = (97, 197, 397, 797)


def measure(p: int) -> tuple[float, ...]:
    """Seconds of encoding, value map and readout, test accuracy of both, and peak gigabytes."""
    train, test = split_pairs(make_pairs(p, "full"), "mirrored", 0.8, 0)
    test = test[:N_TEST]
    encoder = PairEncoder(VarCycleEncoder(N_BITS, random_state=0), k=N_BITS // 3).fit(train)
    value_map = ValueMapClassifier(max_bytes=2**31)
    gram, moments = np.zeros((N_BITS, N_BITS)), np.zeros((N_BITS, p))
    spent = np.zeros(3)
    for first in range(0, len(train), BLOCK):
        block = train[first : first + BLOCK]
        answers = modular_sum(block, p)
        times = [time.perf_counter()]
        sdrs = encoder.transform(block)
        times.append(time.perf_counter())
        value_map.partial_fit(sdrs, answers, classes=range(p))
        times.append(time.perf_counter())
        gram += sdrs.T @ sdrs
        np.add.at(moments.T, answers, sdrs)
        times.append(time.perf_counter())
        spent += np.diff(times)
    start = time.perf_counter()
    weights = solve(gram + np.eye(N_BITS), moments, assume_a="pos")
    spent[2] += time.perf_counter() - start
    sdrs, answers = encoder.transform(test), modular_sum(test, p)
    right = (value_map.predict(sdrs) == answers, (sdrs @ weights).argmax(axis=1) == answers)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return *spent, *(float(np.mean(side)) for side in right), peak


if __name__ == "__main__":
    if len(sys.argv) > 1:
        with threadpool_limits(1):
            print(*measure(int(sys.argv[1])))
        sys.exit()
    table = []
    for p in MODULI:
        command = [sys.executable, __file__, str(p)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        table.append([float(word) for word in done.stdout.split()])
        encoding, counting, readout, map_accuracy, readout_accuracy, peak = table[-1]
        print(
            f"p = {p}, {p * p} pairs: encoding {encoding:.2f} s, value map {counting:.2f} s, "
            f"readout {readout:.2f} s; peak {peak:.2f} GiB; test accuracy of value map "
            f"{map_accuracy:.3f}, readout {readout_accuracy:.3f}, chance {1 / p:.3f}",
            flush=True,
        )
    names = ("encoding", "value map", "readout")
    for name, times in zip(names, np.transpose(table)[:3], strict=True):
        exponent = np.polyfit(np.log(np.square(MODULI)), np.log(times), 1)[0]
        print(f"{name}: time grows as the number of pairs to the power {exponent:.2f}")

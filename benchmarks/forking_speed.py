"""What each trick of `modclock.study.forking` saves, beside the plain way.

    python benchmarks/forking_speed.py

Both ways run in turn, a process each; figures are medians. MODCLOCK_FORK=0 is the plain way.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

N_ROUNDS = 5
SNIPPETS = {
    "start a kernel": """
import asyncio, time
from jupyter_client import AsyncKernelManager
from modclock.study.forking.kernels import forked_kernels
async def start():
    manager = AsyncKernelManager()
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready()
    reply = await client.execute_interactive("import pandas, seaborn", output_hook=print)
    client.stop_channels()
    await manager.shutdown_kernel(now=True)
if __name__ == "__main__":
    with forked_kernels():
        time.sleep(6)  # the process to fork from imports
        start_time = time.perf_counter()
        asyncio.run(start())
        print(time.perf_counter() - start_time)
""",
    "train a network": """
import time
import modclock.study.compute.timed_trial
from modclock.study.trials.trial import Trial
trial = Trial(k=133, classifier_params={"width_factor": 0.25, "max_iter": 8})
start = time.perf_counter()
trial.run()
print(time.perf_counter() - start)
""",
    "import nbformat and jsonschema": """
import time
start = time.perf_counter()
import modclock.study.forking.startup
import nbformat
nbformat.validate(nbformat.v4.new_notebook())
print(time.perf_counter() - start)
""",
}


def seconds(code: str, fork: str) -> float:
    """What a snippet prints last in a process of its own."""
    environment = os.environ | {"MODCLOCK_FORK": fork, "OMP_NUM_THREADS": "1"}
    environment |= {"MALLOC_TRIM_THRESHOLD_": "65536"}  # as Dask has it in its workers
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "snippet.py"
        script.write_text(code)
        command = [sys.executable, str(script)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def run_seconds(fork: str) -> float:
    """A smoke run of all notebooks into an empty folder."""
    environment = os.environ | {"MODCLOCK_FORK": fork}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "modclock.study.cli", "run", "--profile", "smoke"]
        start = time.perf_counter()
        subprocess.run(
            [*command, "--out", folder], env=environment, capture_output=True, check=True
        )
        return time.perf_counter() - start


def compare(name: str, way: object, n_rounds: int) -> None:
    """Print medians of both ways and their ratio."""
    measured = {fork: [way(fork) for _ in range(n_rounds)] for fork in ("0", "1")}  # type: ignore[operator]
    plain, ours = (statistics.median(measured[fork]) for fork in ("0", "1"))
    print(f"{name}: {ours:.2f} s, plain {plain:.2f} s, {plain / ours:.1f} times", flush=True)


if __name__ == "__main__":
    for name, code in SNIPPETS.items():
        compare(name, lambda fork, code=code: seconds(code, fork), N_ROUNDS)
    compare("all notebooks, smoke profile", run_seconds, 1)

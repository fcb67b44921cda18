"""How long the `fast` preset takes to grok, and a step of it beside plain PyTorch.

    pip install torch
    python benchmarks/grokking_speed.py

Every seed runs in a process of its own, so that compilation counts, and so do imports. Steps of
both libraries alternate in one process, on one thread each.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from importlib.util import find_spec
from itertools import islice

import numpy as np

from modclock.grokking.presets import PRESETS
from modclock.study.trials.transformer import TransformerTrial

N_SEEDS, N_STEPS, N_ROUNDS = 5, 20, 5
FAST = PRESETS["fast"]


def grok(seed: int) -> str:
    """Train until 99 % of the test pairs are right; what came out, in words."""
    trial = TransformerTrial(**FAST, n_steps=5000, target=0.99, seed=seed)
    metrics = trial.run()
    return f"{metrics['steps_to_test']} steps, test accuracy {metrics['test_accuracy']:.3f}"


def time_to_grok() -> list[float]:
    """Wall time of each seed in seconds, start of Python and compilation included."""
    seconds = []
    for seed in range(N_SEEDS):
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, __file__, str(seed)], check=True, capture_output=True, text=True
        )
        seconds.append(time.perf_counter() - start)
        print(f"seed {seed}: {seconds[-1]:.1f} s, {done.stdout.strip()}")
    return seconds


def our_steps():
    """A function that does N_STEPS steps of the fast preset."""
    from modclock.networks.optimizers import AdamW
    from modclock.networks.training import advance, draw_batches, take

    trial = TransformerTrial(**FAST, n_steps=1)
    network, optimizer = trial.network(), AdamW(FAST["learning_rate"], FAST["weight_decay"])
    examples, _ = trial.examples()
    state = optimizer.init(network)
    batches = draw_batches(len(examples.answers), FAST["batch_size"], random_state=0)
    chosen = take(examples, batches, N_STEPS)

    def run() -> None:
        advance(network, state, chosen, optimizer)[2].block_until_ready()

    return run


def torch_steps():
    """The same with a plain PyTorch transformer of the same size on the same pairs."""
    import torch
    from torch import nn

    from modclock.networks.training import draw_batches

    torch.set_num_threads(1)
    trial = TransformerTrial(**FAST, n_steps=1)
    pairs, _ = trial.split_pairs()
    equals = np.full((len(pairs), 1), trial.p)
    tokens = torch.as_tensor(np.hstack([pairs, equals]))
    answers = torch.as_tensor(pairs.sum(axis=1) % trial.p)

    class Plain(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.token = nn.Embedding(trial.p + 1, trial.width)
            self.place = nn.Parameter(torch.randn(3, trial.width) / trial.width**0.5)
            self.attention = nn.MultiheadAttention(
                trial.width, trial.heads, bias=False, batch_first=True
            )
            self.mlp = nn.Sequential(
                nn.Linear(trial.width, trial.mlp_width),
                nn.ReLU(),
                nn.Linear(trial.mlp_width, trial.width),
            )
            self.unembedding = nn.Linear(trial.width, trial.p, bias=False)
            self.mask = torch.triu(torch.ones(3, 3, dtype=torch.bool), diagonal=1)

        def forward(self, x):
            x = self.token(x) + self.place
            x = x + self.attention(x, x, x, attn_mask=self.mask, need_weights=False)[0]
            return self.unembedding(x + self.mlp(x))[:, -1]

    model = Plain()
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=trial.learning_rate, weight_decay=trial.weight_decay
    )

    def run() -> None:
        batches = draw_batches(len(pairs), FAST["batch_size"], random_state=0)
        for batch in map(torch.as_tensor, islice(batches, N_STEPS)):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(tokens[batch]), answers[batch]).backward()
            optimizer.step()

    return run


def step_times() -> tuple[list[float], list[float]]:
    """Seconds a step, ours and PyTorch's, measured in turn."""
    runs = our_steps(), torch_steps()
    seconds: tuple[list[float], list[float]] = ([], [])
    for run in runs:  # compile and warm up
        run()
    for _ in range(N_ROUNDS):
        for run, values in zip(runs, seconds, strict=True):
            start = time.perf_counter()
            run()
            values.append((time.perf_counter() - start) / N_STEPS)
    return seconds


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(grok(int(sys.argv[1])))
    else:
        print(f"time to 99 % of the test pairs, median: {statistics.median(time_to_grok()):.1f} s")
        if find_spec("torch") is None:
            sys.exit("a step beside plain PyTorch was not measured: pip install torch")
        ours, torch = map(statistics.median, step_times())
        print(
            f"a step: {1000 * ours:.1f} ms here, {1000 * torch:.1f} ms in plain PyTorch, "
            f"ratio {torch / ours:.2f}"
        )

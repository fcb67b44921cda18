"""Named experiments: what to train on, sizes, and how to train, as in the papers or for speed."""

from __future__ import annotations

from typing import Any

# Of Power et al., arXiv 2201.02177 (claim C24). The papers split at random: mirror images of most
# test pairs are training pairs.
_POWER_2022 = {
    "p": 97,
    "split": "random",
    "train_fraction": 0.5,
    "layers": 2,
    "heads": 4,
    "width": 128,
    "mlp_width": 512,
    "layer_norm": True,
    "learning_rate": 1e-3,
    "weight_decay": 1.0,
    "beta_2": 0.98,
    "warmup_steps": 10,
    "batch_size": 512,
    "slow_gradient": 0.0,
}

# Of Nanda et al., arXiv 2301.05217 (claim C25).
_NANDA_2023 = _POWER_2022 | {
    "p": 113,
    "train_fraction": 0.3,
    "layers": 1,
    "layer_norm": False,
    "batch_size": None,
}

PRESETS: dict[str, dict[str, Any]] = {
    "power_2022": _POWER_2022,
    "nanda_2023": _NANDA_2023,
    # Near the papers, with a smaller perceptron and a higher learning rate, so that it takes a
    # minute: it knows its training pairs by heart long before it generalises.
    "classic": _NANDA_2023
    | {
        "p": 97,
        "split": "mirrored",
        "train_fraction": 0.5,
        "mlp_width": 128,
        "learning_rate": 3e-3,
    },
    # Generalises within seconds: batches, a high learning rate and more decay.
    "fast": _NANDA_2023
    | {
        "p": 97,
        "split": "mirrored",
        "train_fraction": 0.5,
        "mlp_width": 256,
        "learning_rate": 1e-2,
        "weight_decay": 2.0,
        "batch_size": 1024,
    },
}
"""The settings by name: fields of a `TransformerTrial`."""

"""What other learners do with the encoding that a feature machine has learned (claim T4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modclock.classifiers.presets import mlp_classifier, ridge_readout, value_map
from modclock.feature_learning import RecursiveFeatureMachine
from modclock.sdr import k_winners_take_all

_ACTIVE = 1 / 3  # share of the bits of an SDR that are on, as in the thread


def readers_of(
    codes: NDArray[np.float64],
    answers: ArrayLike,
    n_train: int,
    *,
    ridge: float,
    width_factor: float,
    max_iter: int,
    random_state: int,
) -> Iterator[dict[str, Any]]:
    """Train learners on codes, which have the root mean square 1 then, or on their winners as bits.

    Parameters
    ----------
    codes : float64 array (n_pairs, width), the training pairs first.
    answers : array-like (n_pairs,).
    n_train : how many of the pairs to train on.
    ridge : of the two kernels; both scale codes by themselves.
    width_factor, max_iter, random_state : of the network, the thread's.

    Yields
    ------
    dict with learner, train_accuracy and test_accuracy.

    Examples
    --------
    >>> codes = np.repeat(np.eye(3), 4, axis=0)[[0, 4, 8, 1, 5, 9]]
    >>> found = readers_of(codes, [0, 1, 2, 0, 1, 2], 3, ridge=1e-3, width_factor=0.05,
    ...                    max_iter=1, random_state=0)
    >>> next(found)
    {'learner': 'quadratic kernel', 'train_accuracy': 1.0, 'test_accuracy': 1.0}
    """
    known = np.asarray(answers)
    dense = codes / np.sqrt((codes**2).mean())
    bits = k_winners_take_all(dense, max(1, round(_ACTIVE * dense.shape[1])))
    network: dict[str, Any] = {
        "width_factor": width_factor,
        "max_iter": max_iter,
        "random_state": random_state,
    }
    learners: list[tuple[str, Any, NDArray[np.floating]]] = [
        ("quadratic kernel", RecursiveFeatureMachine(n_steps=0, ridge=ridge), dense),
        ("Gaussian kernel", RecursiveFeatureMachine("gaussian", n_steps=0, ridge=ridge), dense),
        ("linear readout", ridge_readout(), dense),
        ("linear readout, SDR", ridge_readout(), bits),
        ("value map, SDR", value_map(), bits),
        ("network", mlp_classifier(**network), dense),
        ("network, SDR", mlp_classifier(**network), bits),
    ]
    for name, model, inputs in learners:
        model.fit(inputs[:n_train], known[:n_train])
        right = model.predict(inputs) == known
        yield {
            "learner": name,
            "train_accuracy": float(right[:n_train].mean()),
            "test_accuracy": float(right[n_train:].mean()),
        }

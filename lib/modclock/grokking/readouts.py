"""What other learners can do with what a transformer has learned (claim C26)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
from sklearn.pipeline import make_pipeline

from modclock.analysis.properties import measure_properties
from modclock.classifiers.presets import mlp_classifier, ridge_readout, value_map
from modclock.datasets import IntArray, modular_answers
from modclock.grokking.learned_encoders import EmbeddingEncoder, StateEncoder
from modclock.networks.transformer import Transformer
from modclock.pairing import PairEncoder
from modclock.sdr import KWinnersTakeAll

_ACTIVE = 1 / 3  # share of the bits of an SDR that are on, as in the thread


def learned_inputs(network: Transformer) -> dict[str, Any]:
    """The transformer's codes of pairs, by name, each as it is and as an SDR.

    Parameters
    ----------
    network : a transformer.

    Returns
    -------
    Unfitted scikit-learn transformers from int pairs to codes. "embedding" adds the embeddings
    of both numbers, as the thread adds two codes; names that end in " SDR" emit bits.
    """
    embedding = EmbeddingEncoder(network)
    states = {name: StateEncoder(network, name) for name in ("attention", "neurons")}
    mlp_width, width = network.blocks[-1].back.shape
    winners = {"attention": round(_ACTIVE * width), "neurons": round(_ACTIVE * mlp_width)}
    return {
        "embedding": PairEncoder(embedding, composition="dense_sum"),
        "embedding SDR": PairEncoder(embedding, k=winners["attention"]),
        **states,
        **{
            f"{name} SDR": make_pipeline(state, KWinnersTakeAll(winners[name]))
            for name, state in states.items()
        },
    }


def read_out(
    network: Transformer,
    train_pairs: IntArray,
    test_pairs: IntArray,
    operation: str = "add",
    random_state: int = 0,
    *,
    inputs: Collection[str] | None = None,
    width_factor: float = 0.25,
) -> Iterator[dict[str, Any]]:
    """Train fresh learners on the transformer's codes of its own training pairs.

    A linear readout learns from all codes, an MLP from the dense ones, the value map from SDRs.

    Parameters
    ----------
    network : a transformer.
    train_pairs, test_pairs : int arrays, shapes (n, 2).
    operation : see `modclock.datasets.OPERATIONS`.
    random_state : seed of the MLP.
    inputs : names of `learned_inputs` to learn from, all when None.
    width_factor : hidden widths of the MLP, as a multiple of the thread's.

    Yields
    ------
    dict for each input and learner: input, learner, train_accuracy and test_accuracy as
    fractions, and the properties of the input over both sides (`modclock.analysis.properties`).
    """
    pairs = np.vstack([train_pairs, test_pairs])
    answers = modular_answers(pairs, len(network.numbers), operation)
    train, test = slice(len(train_pairs)), slice(len(train_pairs), None)
    for name, transformer in learned_inputs(network).items():
        if inputs is not None and name not in inputs:
            continue
        codes = transformer.fit_transform(pairs)
        properties = measure_properties(codes, answers)
        learners = {"linear readout": ridge_readout()}
        if name.endswith("SDR"):
            learners["value map"] = value_map()
        else:
            learners["network"] = mlp_classifier(
                width_factor=width_factor, random_state=random_state
            )
        for learner, model in learners.items():
            model.fit(codes[train], answers[train])
            yield {
                "input": name,
                "learner": learner,
                "train_accuracy": model.score(codes[train], answers[train]),
                "test_accuracy": model.score(codes[test], answers[test]),
            } | properties

from __future__ import annotations

from typing import Any, cast

import jax.numpy as jnp
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import RidgeClassifier
from sklearn.pipeline import make_pipeline

from modclock.datasets import make_pairs, modular_sum
from modclock.grokking.learned_encoders import EmbeddingEncoder, StateEncoder
from modclock.grokking.readouts import learned_inputs, read_out
from modclock.networks.transformer import Transformer
from modclock.pairing import PairEncoder

P = 7
NETWORK = Transformer(P, layers=2, heads=2, width=12, mlp_width=20, layer_norm=True, random_state=0)
PAIRS = make_pairs(P, "full")


def test_the_embedding_is_looked_up():
    codes = EmbeddingEncoder(NETWORK).fit_transform([[6, 0], [0, 3]])
    table = np.asarray(NETWORK.embedding)
    assert np.allclose(codes, np.hstack([table[[6, 0]], table[[0, 3]]]))


def test_the_logits_follow_from_the_states():
    attended = StateEncoder(NETWORK, "attention").fit_transform(PAIRS)
    neurons = StateEncoder(NETWORK, "neurons").fit_transform(PAIRS)
    last = NETWORK.blocks[-1]
    rows = attended + neurons @ last.back + last.back_bias
    rows = (rows - rows.mean(axis=1, keepdims=True)) / np.sqrt(rows.var(axis=1, keepdims=True))
    logits = NETWORK(jnp.asarray(PAIRS))
    assert np.allclose(rows @ NETWORK.unembedding, logits, atol=1e-3)


@pytest.mark.parametrize("name", list(learned_inputs(NETWORK)))
def test_every_learned_input_works_in_a_pipeline(name):
    pipeline = make_pipeline(clone(learned_inputs(NETWORK)[name]), RidgeClassifier())
    answers = modular_sum(PAIRS, P)
    assert pipeline.fit(PAIRS, answers).predict(PAIRS).shape == (P * P,)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", list(learned_inputs(NETWORK)))
def test_every_learned_input_is_a_table_where_that_is_asked_for(name):
    encoder = clone(learned_inputs(NETWORK)[name])
    table = clone(encoder).set_output(transform="pandas").fit_transform(PAIRS)
    assert np.array_equal(table, encoder.fit_transform(PAIRS))
    assert len(set(table.columns)) == table.shape[1]


def test_an_embedding_takes_every_composition_of_values():
    for composition in ("overlap", "concatenate", "product", "levels_by_rank"):
        pair_encoder = PairEncoder(EmbeddingEncoder(NETWORK), composition=composition, k=4)
        assert len(pair_encoder.fit_transform(PAIRS)) == len(PAIRS)


@pytest.mark.parametrize(
    ("encoder", "numbers", "message"),
    [
        (EmbeddingEncoder(NETWORK), [[7]], "EmbeddingEncoder encodes 0..6, but X holds 7"),
        (StateEncoder(NETWORK), [[0, 7]], "StateEncoder encodes 0..6, but X holds 7"),
        (StateEncoder(NETWORK), [[1]], "takes 2 columns"),
        (StateEncoder(NETWORK, "mlp"), [[0, 1]], "stage takes one of"),
        (EmbeddingEncoder(cast(Any, "network")), [[0]], "network takes a Transformer"),
    ],
)
def test_bad_input_is_refused(encoder, numbers, message):
    with pytest.raises(ValueError, match=message):
        encoder.fit_transform(numbers)


def test_readouts_keep_to_the_split():
    """A network that has seen no answers gives test accuracies near chance, not near one."""
    train, test = PAIRS[::2], PAIRS[1::2]
    rows = list(read_out(NETWORK, train, test, width_factor=0.05))
    assert {row["input"] for row in rows} == set(learned_inputs(NETWORK))
    assert {row["learner"] for row in rows} == {"linear readout", "network", "value map"}
    with_map = {row["input"] for row in rows if row["learner"] == "value map"}
    assert with_map == {name for name in learned_inputs(NETWORK) if name.endswith("SDR")}
    assert np.mean([row["test_accuracy"] for row in rows]) < 0.5

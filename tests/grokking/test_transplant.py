from __future__ import annotations

from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pytest

from modclock.grokking.frozen import Frozen, embedding, queries
from modclock.grokking.presets import PRESETS
from modclock.grokking.transplant import with_numbers
from modclock.networks.optimizers import AdamW
from modclock.networks.training import Examples, train
from modclock.networks.transformer import Transformer
from modclock.study.trials.transformer import TransformerTrial
from modclock.study.trials.transplant import TransplantTrial

SIZES: dict[str, Any] = {"layers": 1, "heads": 2, "width": 8, "mlp_width": 12, "layer_norm": False}
SMALL = PRESETS["fast"] | SIZES | {"p": 7, "batch_size": None, "n_steps": 60}


def network(seed=0):
    return Transformer(7, random_state=seed, **SIZES)


def test_a_frozen_embedding_stays_and_all_else_is_trained():
    pairs = jnp.array([[1, 2], [3, 3], [6, 5]])
    data = Examples(pairs, pairs.sum(axis=1) % 7)
    start = network()
    run = train(
        start, data, data, Frozen(AdamW(0.01, 2.0), embedding), n_steps=30, evaluate_every=30
    )
    assert np.array_equal(run.network.embedding, start.embedding)
    for trained, before in (
        (run.network.place, start.place),
        (run.network.unembedding, start.unembedding),
        (run.network.blocks[0].hidden, start.blocks[0].hidden),
    ):
        assert np.abs(trained - before).max() > 1e-3


def test_with_the_embedding_frozen_the_others_move_as_with_a_plain_optimiser_at_first():
    weights, gradients = network(0), network(1)
    plain = AdamW(0.01, 0.5, warmup_steps=0)
    frozen = Frozen(plain, embedding)
    expected, _ = plain.update(gradients, plain.init(weights), weights)
    got, _ = frozen.update(gradients, frozen.init(weights), weights)
    assert not np.any(got.embedding)
    assert np.array_equal(got.unembedding, expected.unembedding)
    assert np.array_equal(got.blocks[0].hidden, expected.blocks[0].hidden)


def test_attention_with_frozen_queries_of_zero_stays_the_same_for_all_tokens():
    pairs = jnp.array([[1, 2], [3, 3], [6, 5]])
    data = Examples(pairs, pairs.sum(axis=1) % 7)
    start = eqx.tree_at(queries, network(), [jnp.zeros_like(part) for part in queries(network())])
    optimizer = Frozen(AdamW(0.01, 2.0), queries)
    trained = train(start, data, data, optimizer, n_steps=30, evaluate_every=30).network
    assert not np.any(queries(trained)[0])
    assert np.abs(trained.blocks[0].attention.key - start.blocks[0].attention.key).max() > 1e-4
    # With the same attention for both numbers, and no places, order can't matter.
    alike = eqx.tree_at(lambda model: model.place, trained, jnp.zeros_like(trained.place))
    assert np.allclose(alike(pairs), alike(pairs[:, ::-1]), atol=1e-5)


def test_only_the_numbers_are_replaced_and_keep_their_directions():
    mine, other = network(0), network(1)
    moved = with_numbers(mine, 50 * np.asarray(other.numbers))
    assert np.array_equal(moved.embedding[-1], mine.embedding[-1])
    assert np.array_equal(moved.unembedding, mine.unembedding)
    ratio = np.asarray(moved.numbers) / np.asarray(other.numbers)
    assert ratio.min() == pytest.approx(ratio.max(), rel=1e-5)
    assert np.linalg.norm(moved.numbers) == pytest.approx(np.linalg.norm(mine.numbers), rel=1e-5)


@pytest.mark.parametrize(
    ("numbers", "words"), [(np.ones((7, 9)), "shape"), (np.zeros((7, 8)), "zeros")]
)
def test_an_embedding_that_does_not_fit_is_refused(numbers, words):
    with pytest.raises(ValueError, match=f"^numbers: .*{words}"):
        with_numbers(network(), numbers)


@pytest.fixture(scope="module")
def trial():
    return TransplantTrial(**SMALL | {"train_fraction": 0.7}, seed=2)


@pytest.fixture(scope="module")
def donor(trial):
    return trial.train()


def test_what_is_handed_over_is_the_donors_and_its_exchange_has_the_same_rows(trial, donor):
    given = trial._embeddings(donor.checkpoints, 20, network(5))
    assert np.array_equal(given["grokked"], donor.network.numbers)
    assert np.array_equal(given["by heart"], donor.checkpoints[20].numbers)
    assert not np.array_equal(given["by heart"], given["grokked"])
    exchanged = given["grokked, numbers exchanged"]
    assert not np.array_equal(exchanged, given["grokked"])
    assert sorted(map(tuple, exchanged)) == sorted(map(tuple, given["grokked"]))
    assert abs(given["clocks"].mean()) < 0.1
    assert given["clocks"].shape == (7, 8)


def test_the_fresh_network_starts_from_other_weights_and_sees_the_same_batches(trial, donor):
    found = trial.run()
    own = [row["test_accuracy"] for row in found["transplants"] if row["embedding"] == "its own"]
    start = TransformerTrial(**trial.model_dump() | {"seed": 1_000_002}).network()
    assert not np.array_equal(start.numbers, trial.network().numbers)
    train_side, test_side = trial.examples()
    alone = train(
        start,
        train_side,
        test_side,
        AdamW(SMALL["learning_rate"], SMALL["weight_decay"]),
        n_steps=60,
        evaluate_every=10,
    )
    assert own == [row.test_accuracy for row in alone.evaluations]
    assert found["test_accuracy"] == donor.evaluations[-1].test_accuracy

"""Train a network on all of its training inputs and watch it: the jitted loop."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice, repeat
from typing import Any, NamedTuple, TypeVar

import equinox as eqx
import jax
import numpy as np
import optax
from jaxtyping import Array, Float, Int, PyTree

from modclock.datasets import IntArray

Network = TypeVar("Network", bound=Callable[[Any], Any])


class Examples(NamedTuple):
    """Inputs of a network, first axis the examples, and the classes they belong to."""

    inputs: Array
    answers: Int[Array, " examples"]


class Evaluation(NamedTuple):
    """What the network does with all training and all test examples after some steps."""

    step: int
    train_loss: float
    train_accuracy: float
    test_loss: float
    test_accuracy: float
    weight_norm: float


@dataclass
class Run:
    """A training run.

    Attributes
    ----------
    network : the network at the end.
    evaluations : one every few steps, the first before any step.
    checkpoints : networks by step, the last of them the one at the end if there is no error.
    error : why the run ended early, None if it did not.
    """

    network: Any
    evaluations: list[Evaluation] = field(default_factory=list)
    checkpoints: dict[int, Any] = field(default_factory=dict)
    error: str | None = None


def train(
    network: Network,
    train_examples: Examples,
    test_examples: Examples,
    optimizer: optax.GradientTransformation,
    *,
    n_steps: int,
    evaluate_every: int,
    batch_size: int | None = None,
    target: float | None = None,
    checkpoint_steps: Collection[int] = (),
    random_state: int = 0,
) -> Run:
    """Minimise the cross-entropy of the training examples, and evaluate every few steps.

    Parameters
    ----------
    network : an Equinox module from inputs to logits, shape (n, n_classes).
    train_examples, test_examples : at least one example each.
    optimizer : an Optax transformation.
    n_steps : most optimiser steps; a multiple of `evaluate_every` is done.
    evaluate_every : steps from one evaluation to the next.
    batch_size : training examples of a step, from a fresh shuffle in every epoch; all of them
        if None.
    target : test accuracy at which to stop.
    checkpoint_steps : evaluations, by their steps, at which to keep the network; that of the
        last evaluation is kept anyway, unless the run ends early.
    random_state : seed of the batches.

    Returns
    -------
    Run; it ends early, with an error that names the step, if the training loss is no
    longer a finite number.

    Raises
    ------
    ValueError : if there are no examples on one of the two sides, or fewer than a batch.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> from modclock.networks.transformer import Transformer
    >>> network = Transformer(3, layers=1, heads=1, width=8, mlp_width=8, layer_norm=False)
    >>> data = Examples(jnp.array([[0, 1], [1, 1], [2, 2]]), jnp.array([1, 2, 1]))
    >>> run = train(network, data, data, optax.adam(0.1), n_steps=40, evaluate_every=20)
    >>> [(evaluation.step, evaluation.test_accuracy) for evaluation in run.evaluations[1:]]
    [(20, 1.0), (40, 1.0)]
    """
    for side, examples in (("training", train_examples), ("test", test_examples)):
        if not len(examples.answers):
            raise ValueError(f"there are no {side} examples")
    n_train = len(train_examples.answers)
    if batch_size is not None and batch_size > n_train:
        raise ValueError(f"batch_size: {batch_size} is more than the {n_train} training examples")
    state = optimizer.init(eqx.filter(network, eqx.is_array))
    batches = draw_batches(n_train, batch_size, random_state)
    run = Run(network)
    for step in range(0, n_steps + 1, evaluate_every):
        if step:
            chosen = take(train_examples, batches, evaluate_every)
            run.network, state, _ = advance(run.network, state, chosen, optimizer)
        values = map(float, _evaluate(run.network, train_examples, test_examples))
        evaluation = Evaluation(step, *values)
        if not np.isfinite(evaluation.train_loss):
            run.error = f"the training loss is {evaluation.train_loss} at step {step}"
            break
        run.evaluations.append(evaluation)
        done = target is not None and evaluation.test_accuracy >= target
        if done or step in checkpoint_steps or step + evaluate_every > n_steps:
            run.checkpoints[step] = run.network
        if done:
            break
    return run


def draw_batches(n: int, batch_size: int | None, random_state: int) -> Iterator[IntArray]:
    """Indices of one batch after another; the rest of an epoch that fills none is left out.

    Parameters
    ----------
    n : number of examples.
    batch_size : at most n; None for all of them in their order.
    random_state : seed of the shuffle in every epoch.

    Examples
    --------
    >>> batches = draw_batches(5, 2, random_state=0)
    >>> epoch = np.concatenate([next(batches), next(batches)])
    >>> len(epoch), len(set(epoch.tolist()))
    (4, 4)
    """
    if batch_size is None:
        yield from repeat(np.arange(n))
        return
    rng = np.random.default_rng(random_state)
    while True:
        yield from rng.permutation(n)[: n // batch_size * batch_size].reshape(-1, batch_size)


def take(examples: Examples, batches: Iterator[IntArray], n_steps: int) -> Examples:
    """The next batches of the examples, one a step: first axis the steps, second the batch."""
    chosen = np.stack(list(islice(batches, n_steps)))
    return Examples(examples.inputs[chosen], examples.answers[chosen])


@eqx.filter_jit
def advance(
    network: Network,
    state: optax.OptState,
    batches: Examples,
    optimizer: optax.GradientTransformation,
) -> tuple[Network, optax.OptState, Float[Array, ""]]:
    """An optimiser step a batch, as one compiled loop; also returns their mean loss.

    It is handed what `take` has looked up and not all the examples, whose number would else
    be compiled in: sweeps over the training fraction share one loop.
    """
    weights, static = eqx.partition(network, eqx.is_array)

    def loss(weights: PyTree, batch: Examples) -> Array:
        return cross_entropy(eqx.combine(weights, static)(batch.inputs), batch.answers)

    def step(carry: tuple[PyTree, PyTree], batch: Examples) -> tuple[tuple[PyTree, PyTree], Array]:
        weights, state = carry
        value, gradients = jax.value_and_grad(loss)(weights, batch)
        updates, state = optimizer.update(gradients, state, weights)
        return (optax.apply_updates(weights, updates), state), value

    (weights, state), losses = jax.lax.scan(step, (weights, state), batches)
    return eqx.combine(weights, static), state, losses.mean()


def cross_entropy(
    logits: Float[Array, "examples classes"], answers: Int[Array, " examples"]
) -> Float[Array, ""]:
    """Mean negative log-probability of the right answers, in nats."""
    return optax.softmax_cross_entropy_with_integer_labels(logits, answers).mean()


@eqx.filter_jit
def _evaluate(network: Network, *sides: Examples) -> list[Array]:
    values = []
    for inputs, answers in sides:
        logits = network(inputs)
        values += [cross_entropy(logits, answers), (logits.argmax(axis=1) == answers).mean()]
    return [*values, optax.tree.norm(eqx.filter(network, eqx.is_array))]

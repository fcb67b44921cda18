"""Training against the clock: steps, multiplications and seconds until a network has learned."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax.experimental.compilation_cache import compilation_cache
from jaxtyping import Array, PyTree

from modclock.grokking.methods import Method, Settings
from modclock.grokking.multiplications import of_network_step
from modclock.grokking.pair_network import PairNetwork
from modclock.networks.training import Examples, draw_batches, take


class Race(NamedTuple):
    """How one training went.

    Attributes
    ----------
    steps : done when it ended.
    products : multiplications in the matrix products of all steps, looking at accuracy left out.
    train_accuracy, test_accuracy : at the end.
    compiling, training : core-seconds; looking at accuracy is left out of both.
    network : at the end, where there is one.
    """

    steps: int
    products: int
    train_accuracy: float
    test_accuracy: float
    compiling: float
    training: float
    network: Any = None


class Track:
    """Steps of a method for networks of one shape: compiled once, used for any seed and setting.

    Parameters
    ----------
    method : how to train.
    network : one of the shape.
    learn_codes : whether the codes are trained as well.
    batch_size, evaluate_every : examples of a step; steps from one look at the accuracy to the
        next.

    Attributes
    ----------
    compiling : core-seconds that it took to trace and compile the steps.

    Examples
    --------
    >>> from modclock.grokking.methods import METHODS
    >>> network = PairNetwork(np.eye(3), n_places=2, n_classes=3, width=32)
    >>> data = Examples(jnp.array([[0, 1], [1, 1], [2, 2]]), jnp.array([1, 2, 1]))
    >>> track = Track(METHODS["AdamW"], network, batch_size=3, evaluate_every=10)
    >>> settings = {"learning_rate": 0.03, "weight_decay": 0.0}
    >>> track.run(network, data, data, settings, n_steps=100, target=0.99).test_accuracy
    1.0
    """

    def __init__(
        self,
        method: Method,
        network: PairNetwork,
        *,
        learn_codes: bool = False,
        batch_size: int,
        evaluate_every: int,
    ) -> None:
        self._rule = method.rule
        self._trained = eqx.tree_at(
            lambda tree: tree.codes, jax.tree.map(lambda _: True, network), learn_codes
        )
        self._batch_size, self._every = batch_size, evaluate_every
        self._products = of_network_step(network, batch_size, learn_codes, method)
        start = time.process_time()
        settings = jax.tree.map(jnp.float32, dict.fromkeys(method.ranges, 1.0))
        weights, rest = eqx.partition(network, self._trained)
        shape = (evaluate_every, batch_size)
        batches = Examples(
            jnp.zeros((*shape, len(network.first)), jnp.int32), jnp.zeros(shape, jnp.int32)
        )
        state = self._rule(settings).init(weights)
        steps = jax.jit(partial(_steps, method.rule, method.loss))
        self._steps = steps.lower(weights, rest, state, settings, batches).compile()
        self.compiling = time.process_time() - start

    def run(
        self,
        network: PairNetwork,
        train: Examples,
        test: Examples,
        settings: Settings,
        *,
        n_steps: int,
        target: float | None = None,
        random_state: int = 0,
    ) -> Race:
        """Train until the target is reached, the loss is no number any more, or steps are over.

        Parameters
        ----------
        network : to start from.
        train, test : examples; at least a batch of the first.
        settings : of the method.
        n_steps : most steps; a multiple of `evaluate_every` is done.
        target : test accuracy at which to stop; None for never.
        random_state : seed of the batches.
        """
        weights, rest = eqx.partition(network, self._trained)
        given = {name: jnp.float32(value) for name, value in settings.items()}
        state = self._rule(given).init(weights)
        batches = draw_batches(len(train.answers), self._batch_size, random_state)
        seconds, step, loss = 0.0, 0, np.inf
        while step + self._every <= n_steps:
            step += self._every
            start = time.process_time()
            chosen = take(train, batches, self._every)
            weights, state, loss = self._steps(weights, rest, state, given, chosen)
            loss = float(loss)
            seconds += time.process_time() - start
            network = eqx.combine(weights, rest)
            reached = target is not None and _accuracy(network, test) >= target
            if reached or not np.isfinite(loss):
                break
        return Race(
            steps=step,
            products=step * self._products,
            train_accuracy=float(_accuracy(network, train)),
            test_accuracy=float(_accuracy(network, test)),
            compiling=self.compiling,
            training=seconds,
            network=network,
        )


@contextmanager
def compiled_anew() -> Iterator[None]:
    """Forget what was compiled, and look for it on no disk: else a later race would look faster."""
    jax.clear_caches()
    before = jax.config.jax_enable_compilation_cache  # type: ignore[attr-defined]
    jax.config.update("jax_enable_compilation_cache", False)
    compilation_cache.reset_cache()
    try:
        yield
    finally:
        jax.config.update("jax_enable_compilation_cache", before)
        compilation_cache.reset_cache()


def _steps(
    rule: Callable[[Settings], optax.GradientTransformation],
    loss: Callable[[Array, Array], Array],
    weights: PyTree,
    rest: PyTree,
    state: Any,
    settings: Settings,
    batches: Examples,
) -> tuple[PyTree, Any, Array]:
    """One step a batch, and the mean loss of them."""

    def of_batch(weights: PyTree, batch: Examples) -> Array:
        return loss(eqx.combine(weights, rest)(batch.inputs), batch.answers)

    def step(carry: tuple[PyTree, Any], batch: Examples) -> tuple[tuple[PyTree, Any], Array]:
        weights, state = carry
        value, gradients = jax.value_and_grad(of_batch)(weights, batch)
        updates, state = rule(settings).update(gradients, state, weights)
        return (optax.apply_updates(weights, updates), state), value

    (weights, state), losses = jax.lax.scan(step, (weights, state), batches)
    return weights, state, losses.mean()


@eqx.filter_jit
def _accuracy(network: PairNetwork, examples: Examples) -> Array:
    return (network(examples.inputs).argmax(axis=1) == examples.answers).mean()

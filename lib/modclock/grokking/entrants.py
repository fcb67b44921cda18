"""Who races: networks trained in one way or another, a feature machine, a linear readout."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import Ridge

from modclock.datasets import IntArray
from modclock.feature_learning import RecursiveFeatureMachine
from modclock.grokking.methods import METHODS
from modclock.grokking.multiplications import of_feature_step, of_ridge
from modclock.grokking.pair_network import PairNetwork
from modclock.grokking.race import Race, Track
from modclock.networks.training import Examples
from modclock.validation import check_choice

FloatArray = NDArray[np.float64]
_WEAK_CODES, _WEAK_WIDTH = 8, 32  # features and hidden units of GrokTransfer's weak network


class Problem(NamedTuple):
    """Pairs to learn and pairs to test by, as indices of codes.

    Attributes
    ----------
    codes : (n_codes, n_features).
    train, test : indices, (n_examples, n_places).
    train_answers, test_answers : classes from 0 to n_classes - 1.
    n_classes : how many.
    """

    codes: FloatArray
    train: IntArray
    train_answers: IntArray
    test: IntArray
    test_answers: IntArray
    n_classes: int

    def inputs(self, indices: IntArray) -> FloatArray:
        """The codes of examples, side by side."""
        return self.codes[indices].reshape(len(indices), -1)


class Entrant(ABC):
    """One that races, ready for problems of one shape.

    Attributes
    ----------
    ranges : lowest and highest of each of its settings.
    """

    ranges: Mapping[str, tuple[float, float]]

    @abstractmethod
    def run(
        self,
        problem: Problem,
        settings: Mapping[str, float],
        *,
        n_steps: int,
        target: float,
        random_state: int = 0,
    ) -> Race:
        """Learn until the target test accuracy is reached or the steps are over."""


class NetworkEntrant(Entrant):
    """A `PairNetwork`, trained by one of `modclock.grokking.methods.METHODS`.

    Parameters
    ----------
    method : its name.
    problem : one of the shape.
    width, activation : of the network.
    batch_size, evaluate_every : see `modclock.grokking.race.Track`.

    Raises
    ------
    ValueError : for an unknown method, or a batch of more than the training examples.
    """

    def __init__(
        self,
        method: str,
        problem: Problem,
        *,
        width: int,
        activation: str,
        batch_size: int,
        evaluate_every: int,
    ) -> None:
        check_choice("method", method, METHODS)
        if batch_size > len(problem.train):
            raise ValueError(f"batch_size: more than the {len(problem.train)} training pairs")
        self.ranges = METHODS[method].ranges
        self._activation = activation
        self._width = width
        self._transfers = method == "GrokTransfer"
        track = partial(
            Track,
            METHODS[method],
            learn_codes=self._transfers,
            batch_size=batch_size,
            evaluate_every=evaluate_every,
        )
        codes = self._weak_codes(problem, 0) if self._transfers else problem.codes
        network = self._network(problem, codes, width)
        self._track = track(network)
        if self._transfers:
            weak = self._network(problem, codes, _WEAK_WIDTH)
            self._weak_track = track(weak)

    def run(
        self,
        problem: Problem,
        settings: Mapping[str, float],
        *,
        n_steps: int,
        target: float,
        random_state: int = 0,
    ) -> Race:
        """See `Entrant`. GrokTransfer's steps are those of both of its networks together."""
        sides = (
            Examples(jnp.asarray(problem.train), jnp.asarray(problem.train_answers)),
            Examples(jnp.asarray(problem.test), jnp.asarray(problem.test_answers)),
        )
        scale = settings.get("start_scale", 1.0)
        if not self._transfers:
            network = self._network(problem, problem.codes, self._width, scale, random_state)
            return self._track.run(
                network, *sides, settings, n_steps=n_steps, target=target, random_state=random_state
            )
        codes = self._weak_codes(problem, random_state)
        network = self._network(problem, codes, _WEAK_WIDTH, scale, random_state)
        first = min(int(settings["weak_steps"]), n_steps)
        weak = self._weak_track.run(
            network, *sides, settings, n_steps=first, target=target, random_state=random_state
        )
        handed = np.asarray(weak.network.codes)
        network = self._network(problem, handed, self._width, scale, random_state)
        last = self._track.run(
            network,
            *sides,
            settings,
            n_steps=n_steps - weak.steps,
            target=target,
            random_state=random_state,
        )
        return last._replace(
            steps=weak.steps + last.steps,
            products=weak.products + last.products,
            compiling=weak.compiling + last.compiling,
            training=weak.training + last.training,
        )

    def _weak_codes(self, problem: Problem, random_state: int) -> FloatArray:
        rng = np.random.default_rng(random_state)
        return rng.normal(size=(len(problem.codes), _WEAK_CODES)) / np.sqrt(_WEAK_CODES)

    def _network(
        self,
        problem: Problem,
        codes: FloatArray,
        width: int,
        scale: float = 1.0,
        random_state: int = 0,
    ) -> PairNetwork:
        return PairNetwork(
            codes,
            n_places=problem.train.shape[1],
            n_classes=problem.n_classes,
            width=width,
            activation=self._activation,
            start_scale=scale,
            random_state=random_state,
        )


class FeatureMachineEntrant(Entrant):
    """A recursive feature machine with the quadratic kernel; a step is one solution of it."""

    ranges: Mapping[str, tuple[float, float]] = {"power": (0.3, 1.2), "ridge": (1e-6, 1e-2)}

    def run(
        self,
        problem: Problem,
        settings: Mapping[str, float],
        *,
        n_steps: int,
        target: float,
        random_state: int = 0,
    ) -> Race:
        """See `Entrant`; nothing is drawn, so the random state has no meaning."""
        train, test = problem.inputs(problem.train), problem.inputs(problem.test)
        machine = RecursiveFeatureMachine("quadratic", n_steps=n_steps - 1, **settings)
        steps = machine.fit_steps(train, problem.train_answers)
        seconds, taken, accuracies = 0.0, 0, (0.0, 0.0)
        while taken < n_steps and accuracies[1] < target:
            start = time.process_time()
            next(steps)
            seconds += time.process_time() - start
            taken += 1
            accuracies = (
                float(machine.score(train, problem.train_answers)),
                float(machine.score(test, problem.test_answers)),
            )
        n_samples, n_features = train.shape
        products = taken * of_feature_step(n_samples, n_features, problem.n_classes)
        return Race(taken, products, *accuracies, 0.0, seconds)


class ReadoutEntrant(Entrant):
    """Ridge regression on the classes: one step, in closed form."""

    ranges: Mapping[str, tuple[float, float]] = {"ridge": (1e-6, 1e2)}

    def run(
        self,
        problem: Problem,
        settings: Mapping[str, float],
        *,
        n_steps: int,
        target: float,
        random_state: int = 0,
    ) -> Race:
        """See `Entrant`; only the problem and the ridge count."""
        start = time.process_time()
        train = problem.inputs(problem.train)
        targets = np.eye(problem.n_classes)[problem.train_answers]
        model = Ridge(alpha=settings["ridge"], solver="cholesky").fit(train, targets)
        seconds = time.process_time() - start
        said = [model.predict(side) for side in (train, problem.inputs(problem.test))]
        products = of_ridge(len(train), train.shape[1], problem.n_classes)
        return Race(1, products, *_accuracies(problem, said), 0.0, seconds)


def _accuracies(problem: Problem, outputs: list[FloatArray]) -> tuple[float, float]:
    answers = (problem.train_answers, problem.test_answers)
    train, test = (
        float((side.argmax(axis=1) == truth).mean())
        for side, truth in zip(outputs, answers, strict=True)
    )
    return train, test

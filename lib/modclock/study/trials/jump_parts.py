"""JumpParts: what of a feature matrix changes at the jump, and what a network makes of it (T4)."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from modclock.analysis.circulants import (
    UNLEARNED,
    five_frequencies,
    in_both_places,
    numbers_exchanged,
    products_of_clocks,
)
from modclock.analysis.joins import joins, rejoined
from modclock.analysis.side_by_side import SideBySide
from modclock.classifiers.presets import mlp_classifier
from modclock.datasets import IntArray, make_pairs, split_pairs
from modclock.feature_learning import RecursiveFeatureMachine
from modclock.study.trials.base import BaseTrial, one_thread_quietly

_STANDS = 0.05  # test accuracy up to which a machine counts as not yet generalising
_LOOKS = 10  # at the network while it trains
_FEW = "five clocks, side by side"

FloatArray = NDArray[np.float64]


class JumpParts(BaseTrial):
    """A recursive feature machine, taken apart before and after its test accuracy jumps.

    The codes are one-hot numbers side by side. For each frequency the learned matrix joins the
    numbers with a strength and a phase, see `modclock.analysis.joins`. Matrices from before and
    after the jump exchange strengths and phases, and a kernel without feature learning gets them.

    A network with one hidden layer and weight decay (`alpha`) learns from some of these codes.

    Parameters
    ----------
    p : modulus, odd.
    split, train_fraction : of all ordered pairs, see `modclock.datasets.split_pairs`.
    power, ridge, n_steps : see `modclock.feature_learning.RecursiveFeatureMachine`.
    target : no more steps are taken once this test accuracy is reached.
    hidden, alpha, epochs : of the network with decay; there is none for 0 epochs.
    thread_epochs, width_factor : of the thread's network, which gets five clocks, side by side.

    Examples
    --------
    >>> trial = JumpParts(p=7, n_steps=2, target=1.0)
    >>> [row["step"] for row in trial.run()["steps"]]
    [0, 1, 2]
    """

    p: int = Field(ge=5)
    split: Literal["random", "mirrored"] = "random"
    train_fraction: float = Field(default=0.5, gt=0, lt=1)
    power: float = Field(default=0.5, gt=0)
    ridge: float = Field(default=1e-3, gt=0)
    n_steps: int = Field(default=30, ge=1)
    target: float = Field(default=0.99, gt=0, le=1)
    hidden: int = Field(default=256, ge=1)
    alpha: float = Field(default=0.3, ge=0)
    epochs: int = Field(default=0, ge=0)
    thread_epochs: int = Field(default=50, ge=1)
    width_factor: float = Field(default=0.25, gt=0)

    @field_validator("p")
    @classmethod
    def _check_odd(cls, p: int) -> int:
        if p % 2 == 0:
            raise ValueError(f"p: takes odd moduli, got {p}")
        return p

    def run(self) -> dict[str, Any]:
        """Train on one thread and measure.

        Returns
        -------
        dict with

        - steps, a dict for each step: test_accuracy; strength, the mean over frequencies;
          phase_shared, the length of the mean of all phases as points on a circle, 1 if they are
          one; and phase_kept, the mean cosine of the angle to the last step's phase (both None
          where nothing is joined);
        - parts, a dict for each matrix: code, and train_accuracy, test_accuracy and new_accuracy of
          the kernel; "before" is the last step with at most 5 % of the test pairs right;
        - networks, a dict for each code and look at a network: learner, code, epoch,
          train_accuracy, test_accuracy, new_accuracy.

        new_accuracy is that of test pairs whose mirror image is no training pair.
        """
        with one_thread_quietly():
            task = SideBySide.of(*self.split_pairs(), self.p)
            matrices, accuracies = self._learn(task)
            standing = [step for step, got in enumerate(accuracies) if got <= _STANDS]
            chosen = self._matrices(matrices[standing[-1] if standing else 0], matrices[-1])
            parts = [
                {"code": name} | self._in_a_kernel(task, matrix) for name, matrix in chosen.items()
            ]
            networks = self._in_networks(task, chosen)
        return {"steps": _described(matrices, accuracies), "parts": parts, "networks": networks}

    def split_pairs(self) -> tuple[IntArray, IntArray]:
        """The trial's training and test pairs."""
        pairs = make_pairs(self.p, "full")
        return split_pairs(pairs, self.split, self.train_fraction, self._stream(0))

    def _learn(self, task: SideBySide) -> tuple[list[FloatArray], list[float]]:
        machine = RecursiveFeatureMachine(
            "quadratic", n_steps=self.n_steps, power=self.power, ridge=self.ridge
        )
        tested, answers = task.codes[task.n_train :], task.answers[task.n_train :]
        accuracies: list[float] = []
        for _ in machine.fit_steps(*task.known(task.codes)):
            accuracies.append(float((machine.predict(tested) == answers).mean()))
            if accuracies[-1] >= self.target:
                break
        return list(machine.history_[: len(accuracies)]), accuracies

    def _matrices(self, before: FloatArray, after: FloatArray) -> dict[str, FloatArray]:
        p, rng = self.p, np.random.default_rng(self._stream(2))
        early, late = joins(before), joins(after)
        order = rng.permutation(p)
        turns = rng.random(p // 2)
        clocks = five_frequencies(p, rng)
        return {
            "before": before,
            "after": after,
            "before, strengths of after": rejoined(before, np.abs(late) * _phase(early)),
            "after, strengths of before": rejoined(after, np.abs(early) * _phase(late)),
            "after, phases of zero": rejoined(after, np.abs(late)),
            "untrained": np.eye(2 * p),
            "numbers exchanged": numbers_exchanged(after, order),
            "nothing learned": rejoined(
                in_both_places(np.eye(p), UNLEARNED), UNLEARNED * np.exp(2j * np.pi * turns)
            ),
            _FEW: in_both_places(products_of_clocks(p, clocks), 0.0),
        }

    def _in_a_kernel(self, task: SideBySide, matrix: FloatArray) -> dict[str, float | None]:
        codes = _scaled(task.times_root(matrix))
        kernel = RecursiveFeatureMachine("quadratic", n_steps=0, ridge=self.ridge)
        return task.measured(kernel.fit(*task.known(codes)), codes)

    def _in_networks(
        self, task: SideBySide, matrices: dict[str, FloatArray]
    ) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for name in _FOR_NETWORKS if self.epochs else ():
            codes = _scaled(task.times_root(matrices[name]))
            network = self._network(self.epochs).set_params(
                hidden_layer_sizes=(self.hidden,), alpha=self.alpha
            )
            for epoch in range(1, self.epochs + 1):
                network.partial_fit(*task.known(codes), classes=np.arange(self.p))
                if epoch % max(1, self.epochs // _LOOKS) == 0:
                    row = {"learner": "one layer with decay", "code": name, "epoch": epoch}
                    rows.append(row | task.measured(network, codes))
        codes = _scaled(task.times_root(matrices[_FEW]))
        thread = self._network(self.thread_epochs).fit(*task.known(codes))
        row = {"learner": "the thread's", "code": _FEW, "epoch": self.thread_epochs}
        return [*rows, row | task.measured(thread, codes)]

    def _network(self, epochs: int) -> Any:
        return mlp_classifier(
            width_factor=self.width_factor, max_iter=epochs, random_state=self._stream(2)
        )


_FOR_NETWORKS = ("untrained", "before", "after", "numbers exchanged", "nothing learned")


def _scaled(codes: FloatArray) -> FloatArray:
    """At a root mean square of 1."""
    return np.asarray(codes / np.sqrt((codes**2).mean()))


def _phase(of: NDArray[np.complex128]) -> NDArray[np.complex128]:
    return np.exp(1j * np.angle(of))


def _described(matrices: list[FloatArray], accuracies: list[float]) -> list[dict[str, Any]]:
    every = [joins(matrix) for matrix in matrices]
    last = np.angle(every[-1])
    rows: list[dict[str, Any]] = []
    for step, (found, accuracy) in enumerate(zip(every, accuracies, strict=True)):
        joined, angles = bool(np.abs(found).max() > 0), np.angle(found)
        rows.append({
            "step": step,
            "test_accuracy": accuracy,
            "strength": float(np.abs(found).mean()),
            "phase_shared": float(np.abs(np.exp(1j * angles).mean())) if joined else None,
            "phase_kept": float(np.cos(angles - last).mean()) if joined else None,
        })  # fmt: skip
    return rows

"""MachineTransplant: what a transformer finds in a kernel machine, and the other way (T4)."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from modclock.analysis.circulants import (
    UNLEARNED,
    five_frequencies,
    in_both_places,
    random_circulants,
)
from modclock.datasets import modular_answers
from modclock.feature_learning import RecursiveFeatureMachine
from modclock.study.trials.base import one_thread_quietly
from modclock.study.trials.retrain import retrain
from modclock.study.trials.transformer import TransformerTrial
from modclock.study.trials.transplant import TransplantTrial

if TYPE_CHECKING:
    from modclock.networks.training import Examples
    from modclock.networks.transformer import Transformer

_LEARNED = 0.99  # accuracy from which pairs count as known, and from which no more steps are taken
_STANDS = 0.05  # test accuracy up to which a machine counts as not yet generalising
_MOVED = ("grokked", "by heart", "grokked, numbers exchanged")
_FRESH = 1_000_000  # added to the seed: fresh networks start from other weights than the first

FloatArray = NDArray[np.float64]


class MachineTransplant(TransplantTrial):
    """A transformer and a kernel machine learn from the same pairs, and exchange what they found.

    The kernel machine gets the transformer's embeddings of both numbers, side by side, scaled to
    the length of one-hot codes. They are "grokked", "by heart" and "grokked, numbers exchanged" of
    `TransplantTrial`, and "five clocks": cosine and sine of five frequencies drawn at random, the
    kind of code that a transformer finds.

    A fresh transformer gets the rows of the root of the machine's feature matrix, frozen. A number
    has another row in the first place than in the second, so this transformer has two tables. The
    rows are those of no step ("untrained"), of the last step with at most 5 % of the test pairs
    right ("before"), of the last one ("after"), the same with the numbers exchanged in both places
    alike, and of a matrix that joins the numbers by random circulants, with all frequencies alike
    ("random circulants"), or each number to the same one alone ("joined to itself", a circulant
    with phases of zero). "its own" are tables that the transformer learns itself.

    Parameters
    ----------
    p to n_steps, evaluate_every, seed : see `TransformerTrial`, of the transformers; the width is
        at least 2 p, so that it holds the rows.
    power, ridge, feature_steps : of the kernel machine on one-hot codes, see
        `modclock.feature_learning.RecursiveFeatureMachine`.
    ridges, moved_steps : of the machines that get the transformer's codes.

    Examples
    --------
    >>> from modclock.grokking.presets import PRESETS
    >>> small = PRESETS["fast"] | {"p": 7, "width": 16, "mlp_width": 8, "batch_size": None}
    >>> rows = MachineTransplant(**small, n_steps=10, feature_steps=1).run()["transplants"]
    >>> [(row["into"], row["code"]) for row in rows if row["step"] == 0][::4][:2]
    [('kernel machine', 'grokked'), ('kernel machine', 'by heart')]
    """

    power: float = Field(default=0.5, gt=0)
    ridge: float = Field(default=1e-3, gt=0)
    feature_steps: int = Field(default=30, ge=0)
    ridges: list[float] = [1e-3, 1.0, 10.0, 100.0]
    moved_steps: int = Field(default=5, ge=0)

    def run(self) -> dict[str, Any]:
        """Train on one thread and measure.

        Returns
        -------
        dict with transformer and machine, the test accuracy of the first ones at the end;
        transformer_by_heart, that of the transformer when it knew its training pairs; and
        transplants, a dict for each code, ridge and step: into ("kernel machine" or
        "transformer"), code, ridge (None in the transformer), step (of feature learning, or of the
        optimiser), train_accuracy, test_accuracy.
        """
        donor = self.train()
        history = donor.evaluations
        heart = next((row for row in history if row.train_accuracy >= _LEARNED), history[-1])
        fresh = self.model_copy(update={"seed": self.seed + _FRESH}).network()
        codes = self._embeddings(donor.checkpoints, heart.step, fresh)
        codes = {name: codes[name] for name in _MOVED} | {"five clocks": self._five_clocks()}
        with one_thread_quietly():
            rows = [
                {"into": "kernel machine", "code": name, "ridge": ridge} | row
                for (name, code), ridge in product(codes.items(), self.ridges)
                for row in self._learn(np.kron(np.eye(2), code), ridge, self.moved_steps)[1]
            ]
            machine, steps = self._learn(np.eye(2 * self.p), self.ridge, self.feature_steps)
        jump = next((k for k, row in enumerate(steps) if row["test_accuracy"] > _STANDS), 1)
        tables = self._tables(machine, max(0, jump - 1))
        rows += [
            {"into": "transformer", "code": name, "ridge": None} | row
            for name, table in tables.items()
            for row in self._receive(table)
        ]
        return {
            "transformer": history[-1].test_accuracy,
            "transformer_by_heart": heart.test_accuracy,
            "machine": steps[-1]["test_accuracy"],
            "transplants": rows,
        }

    def _five_clocks(self) -> FloatArray:
        frequencies = five_frequencies(self.p, np.random.default_rng(self._stream(2)))
        turns = 2 * np.pi * np.outer(np.arange(self.p), frequencies) / self.p
        return np.hstack([np.cos(turns), np.sin(turns)])

    def _learn(
        self, tables: NDArray[np.floating], ridge: float, n_steps: int
    ) -> tuple[RecursiveFeatureMachine, list[dict[str, Any]]]:
        """A machine on rows of tables, row n and row p + m for the pair (n, m), step by step."""
        train, test = self.split_pairs()
        pairs = np.vstack([train, test])
        answers = modular_answers(pairs, self.p, self.operation)
        codes = (tables[pairs[:, 0]] + tables[self.p + pairs[:, 1]]).astype(np.float64)
        codes *= np.sqrt(2 / (codes**2).sum(axis=1).mean())
        known = len(train)
        machine = RecursiveFeatureMachine(
            "quadratic", n_steps=n_steps, power=self.power, ridge=ridge
        )
        rows = []
        for step, _ in enumerate(machine.fit_steps(codes[:known], answers[:known])):
            right = machine.predict(codes) == answers
            rows.append(_row(step, right[:known].mean(), right[known:].mean()))
            if rows[-1]["test_accuracy"] >= _LEARNED:
                break
        return machine, rows

    def _tables(self, machine: RecursiveFeatureMachine, before: int) -> dict[str, FloatArray]:
        order = np.random.default_rng(self._stream(2)).permutation(self.p)
        after = _rows_of_root(machine.matrix_, self.width)
        alike = in_both_places(np.eye(self.p), UNLEARNED)
        flat = random_circulants(alike, self._stream(2))
        return {
            "untrained": _rows_of_root(machine.history_[0], self.width),
            "before": _rows_of_root(machine.history_[before], self.width),
            "after": after,
            "after, numbers exchanged": after[np.concatenate([order, order + self.p])],
            "random circulants": _rows_of_root(flat, self.width),
            "joined to itself": _rows_of_root(alike, self.width),
            "its own": np.empty(0),
        }

    def _receive(self, table: FloatArray) -> list[dict[str, Any]]:
        """A fresh transformer with these tables, or with its own where there are none."""
        from modclock.grokking.frozen import embedding
        from modclock.grokking.transplant import with_numbers

        fields = self.model_dump(include=set(TransformerTrial.model_fields))
        trial = _TwoTables(**fields)
        network = _TwoTables(**fields | {"seed": self.seed + _FRESH}).network()
        if table.size:
            run = retrain(trial, with_numbers(network, table), embedding)
        else:
            run = retrain(trial, network)
        return [_row(row.step, row.train_accuracy, row.test_accuracy) for row in run.evaluations]


class _TwoTables(TransformerTrial):
    """A number has one embedding in the first place and another one in the second."""

    def network(self) -> Transformer:
        return self.model_copy(update={"p": 2 * self.p})._one_table()

    def _one_table(self) -> Transformer:
        return super().network()

    def examples(self) -> tuple[Examples, Examples]:
        train, test = super().examples()
        second = np.array([0, self.p])
        return train._replace(inputs=train.inputs + second), test._replace(
            inputs=test.inputs + second
        )


def _row(step: int, train: float, test: float) -> dict[str, Any]:
    return {"step": step, "train_accuracy": float(train), "test_accuracy": float(test)}


def _rows_of_root(matrix: FloatArray, width: int) -> FloatArray:
    """Rows as wide as asked for, of which the inner products are the matrix."""
    values, vectors = np.linalg.eigh(matrix)
    rows = vectors * np.sqrt(values.clip(0))
    if rows.shape[1] > width:
        raise ValueError(f"width: at least {rows.shape[1]} is needed, 2 p, got {width}")
    return np.pad(rows, ((0, 0), (0, width - rows.shape[1])))

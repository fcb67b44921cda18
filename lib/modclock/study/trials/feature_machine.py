"""FeatureMachineTrial: a kernel machine that learns features, step by step (claim T4)."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from modclock.analysis.circulants import (
    UNLEARNED,
    circulant_share,
    five_frequencies,
    in_both_places,
    numbers_exchanged,
    products_of_clocks,
    random_circulants,
)
from modclock.analysis.feature_readers import readers_of
from modclock.analysis.leakage import mirror_in_train
from modclock.datasets import modular_answers
from modclock.feature_learning import RecursiveFeatureMachine
from modclock.study.trials.base import one_thread_quietly
from modclock.study.trials.trial import EncodedTrial

_STANDS = 0.05  # test accuracy up to which a machine counts as not yet generalising
_SIDE_BY_SIDE = "OneHotNumberEncoder", "concatenate_dense"

FloatArray = NDArray[np.float64]


class FeatureMachineTrial(EncodedTrial):
    """A recursive feature machine with the quadratic kernel, looked at after every step.

    Parameters
    ----------
    p to n_levels, seed : see `EncodedTrial`.
    power, ridge, n_steps : see `modclock.feature_learning.RecursiveFeatureMachine`.
    target : no more steps are taken once this test accuracy is reached. It saves time, and changes
        no step that is taken.
    read_out : whether to hand encodings to other learners; for one-hot numbers side by side.
    width_factor, epochs : of the networks among these.

    Raises
    ------
    pydantic.ValidationError : as for an `EncodedTrial`, or for a readout of another encoding.

    Examples
    --------
    >>> fields = {"encoder": "OneHotNumberEncoder", "encoder_params": {"p": 7}}
    >>> trial = FeatureMachineTrial(p=7, pairs="full", composition="concatenate_dense", **fields,
    ...                             n_steps=2, target=1.0)
    >>> [row["step"] for row in trial.run()["evaluations"]]
    [0, 1, 2]
    """

    power: float = Field(default=0.5, gt=0)
    ridge: float = Field(default=1e-3, gt=0)
    n_steps: int = Field(default=30, ge=0)
    target: float = Field(default=0.95, gt=0, le=1)
    read_out: bool = False
    width_factor: float = Field(default=0.25, gt=0)
    epochs: int = Field(default=100, ge=1)

    @model_validator(mode="after")
    def _check_readers(self) -> Self:
        if self.read_out and not self._side_by_side:
            raise ValueError("read_out: it is for OneHotNumberEncoder, concatenate_dense")
        return self

    @property
    def _side_by_side(self) -> bool:
        return (self.encoder, self.composition) == _SIDE_BY_SIDE

    def run(self) -> dict[str, Any]:
        """Train on one thread and measure.

        Returns
        -------
        dict with evaluations, a dict for each step: step, train_accuracy, test_accuracy,
        mirrored_accuracy and new_accuracy (of test pairs whose mirror image is a training pair,
        and of the others; None where there are none) and circulant, the share of the block that
        joins both numbers that circulants explain (None for other encodings);
        steps_to_target, None if it is not reached; step_before, the last one before more than 5 %
        of the test pairs are right, None if they are from the first; first_accuracy, of no steps;
        train_accuracy and test_accuracy, of the last. For one-hot numbers side by side also block,
        the last one that joins both numbers, as a list of rows, and with `read_out` also readers,
        a dict for each encoding and learner, see `readers_of`.
        """
        train, test = self.split_pairs()
        mirrored = mirror_in_train(train, test, self.p)
        pairs = np.vstack([train, test])
        answers = modular_answers(pairs, self.p, self.operation)
        n_train = len(train)
        rows: list[dict[str, Any]] = []
        with one_thread_quietly():
            codes = self.pair_encoder().fit(train).transform(pairs).astype(np.float64)
            machine = RecursiveFeatureMachine(
                "quadratic", n_steps=self.n_steps, power=self.power, ridge=self.ridge
            )
            for step, _ in enumerate(machine.fit_steps(codes[:n_train], answers[:n_train])):
                right = machine.predict(codes) == answers
                hit = right[n_train:]
                row: dict[str, Any] = {
                    "step": step,
                    "train_accuracy": float(right[:n_train].mean()),
                }
                row |= {"test_accuracy": float(hit.mean())}
                row |= {
                    "mirrored_accuracy": _mean(hit[mirrored]),
                    "new_accuracy": _mean(hit[~mirrored]),
                }
                block = machine.matrix_[: self.p, self.p :]
                row["circulant"] = circulant_share(block) if self._side_by_side else None
                rows.append(row)
                if row["test_accuracy"] >= self.target:
                    break
            jump = next(
                (k for k, row in enumerate(rows) if row["test_accuracy"] > _STANDS), len(rows)
            )
            found: dict[str, Any] = {
                "evaluations": rows,
                "steps_to_target": step if rows[-1]["test_accuracy"] >= self.target else None,
                "step_before": jump - 1 if jump else None,
                "first_accuracy": rows[0]["test_accuracy"],
                "train_accuracy": rows[-1]["train_accuracy"],
                "test_accuracy": rows[-1]["test_accuracy"],
            }
            if self._side_by_side:
                found["block"] = block.round(5).tolist()
            if self.read_out:
                before = machine.history_[max(0, jump - 1)]
                found["readers"] = self._read(codes, answers, n_train, machine, before)
        return found

    def _read(
        self,
        codes: FloatArray,
        answers: NDArray[np.int64],
        n_train: int,
        machine: RecursiveFeatureMachine,
        before: FloatArray,
    ) -> list[dict[str, Any]]:
        after = machine.matrix_
        p, draw = self.p, self._stream(2)
        rng = np.random.default_rng(draw)
        order = rng.permutation(p)
        clocks = five_frequencies(p, rng)
        reflected = np.concatenate([np.arange(p), p + -np.arange(p) % p])
        alike = in_both_places(np.eye(p), UNLEARNED)
        matrices = {
            "untrained": machine.history_[0],
            "before": before,
            "after": after,
            "numbers exchanged": numbers_exchanged(after, order),
            "second number negated": after[np.ix_(reflected, reflected)],
            "random circulants": random_circulants(after, draw),
            "random, all frequencies alike": random_circulants(alike, draw),
            "five clocks, added": in_both_places(products_of_clocks(p, clocks), 1.0),
        }
        rows = []
        for name, matrix in matrices.items():
            machine.matrix_ = matrix
            found = readers_of(
                machine.transform(codes), answers, n_train, ridge=self.ridge,
                width_factor=self.width_factor, max_iter=self.epochs,
                random_state=draw,
            )  # fmt: skip
            rows += [{"encoding": name} | row for row in found]
        return rows


def _mean(right: NDArray[np.bool_]) -> float | None:
    return float(right.mean()) if len(right) else None

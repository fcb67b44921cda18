"""CommitteeTrial: one frozen, validated spec of a soft committee's training -> its lengths."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from modclock.grokking.committee import STEP_SIZE, sample_lengths
from modclock.study.trials.base import BaseTrial, one_thread_quietly


class CommitteeTrial(BaseTrial):
    """A soft-committee student that learns from a teacher at a temperature (claim C23).

    Parameters
    ----------
    examples, weight_decay, n_inputs, n_hidden, n_examples, start_length, n_steps, step_size,
    record_every : see `modclock.grokking.committee.sample_lengths`.
    seed : whole number, at least 0.

    Raises
    ------
    pydantic.ValidationError : for an unknown field, a wrong type or a value out of range.

    Examples
    --------
    >>> trial = CommitteeTrial(examples=40.0, weight_decay=0.1, n_inputs=5, n_examples=100,
    ...                        start_length=1.0, n_steps=20, record_every=10)
    >>> [record["step"] for record in trial.run()["lengths"]]
    [10, 20]
    """

    examples: float = Field(gt=0, allow_inf_nan=False)
    weight_decay: float = Field(ge=0, allow_inf_nan=False)
    n_inputs: int = Field(ge=1)
    n_hidden: int = Field(default=2, ge=1)
    n_examples: int = Field(ge=1)
    start_length: float = Field(gt=0, allow_inf_nan=False)
    n_steps: int = Field(ge=1)
    step_size: float = Field(default=STEP_SIZE, gt=0, allow_inf_nan=False)
    record_every: int = Field(ge=1)

    def run(self) -> dict[str, Any]:
        """Train on one thread and measure.

        Returns
        -------
        dict with lengths: a dict of step and length for each record.
        """
        with one_thread_quietly():
            found = sample_lengths(**self.model_dump(exclude={"seed"}), random_state=self.seed)
        steps = range(self.record_every, self.n_steps + 1, self.record_every)
        pairs = zip(steps, found.tolist(), strict=True)
        return {"lengths": [{"step": step, "length": length} for step, length in pairs]}

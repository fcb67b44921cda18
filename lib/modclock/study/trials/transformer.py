"""TransformerTrial: one frozen, validated spec of a grokking run -> one dict of metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from modclock.datasets import IntArray, check_operation, make_pairs, modular_answers, split_pairs
from modclock.study.trials.base import BaseTrial, one_thread_quietly

if TYPE_CHECKING:
    from modclock.networks.training import Examples, Run
    from modclock.networks.transformer import Transformer

_LEARNED = 0.99  # accuracy from which on a side counts as learned, as in the papers


class TransformerTrial(BaseTrial):
    """One training run of a transformer on all ordered pairs.

    Parameters
    ----------
    p, operation, split, train_fraction : see `modclock.datasets`; the split is that of a
        `Trial` with the same seed.
    layers, heads, width, mlp_width, layer_norm : see `modclock.networks.transformer`.
    learning_rate, weight_decay, beta_2, warmup_steps, slow_gradient : see
        `modclock.networks.optimizers.AdamW`.
    start_scale : what all weights of the starting network are multiplied by.
    n_steps, evaluate_every, batch_size, target : see `modclock.networks.training.train`.
    n_checkpoints : how many evaluations, evenly spaced on a logarithmic scale of steps, also
        measure progress and spectra, of the sum, and, with `probe`, what others learn from the
        codes.
    probe : whether to train other learners on the codes of every checkpoint: on all of them, or
        on the "embedding" alone, which is much faster.
    seed : whole number, at least 0.

    Raises
    ------
    pydantic.ValidationError : for an unknown field, a wrong type, a value out of range, heads
        that do not divide the width, or a split that leaves a side empty.

    Examples
    --------
    >>> from modclock.grokking.presets import PRESETS
    >>> small = PRESETS["classic"] | {"p": 7, "width": 8, "mlp_width": 8}
    >>> trial = TransformerTrial(**small, n_steps=20, evaluate_every=10)
    >>> [evaluation["step"] for evaluation in trial.run()["evaluations"]]
    [0, 10, 20]
    """

    p: int = Field(ge=3)
    operation: str = "add"
    split: str = "mirrored"
    train_fraction: float
    layers: int = Field(ge=1)
    heads: int = Field(ge=1)
    width: int = Field(ge=1)
    mlp_width: int = Field(ge=1)
    layer_norm: bool
    learning_rate: float = Field(gt=0, allow_inf_nan=False)
    weight_decay: float = Field(ge=0, allow_inf_nan=False)
    beta_2: float = Field(ge=0, lt=1)
    warmup_steps: int = Field(ge=0)
    slow_gradient: float = Field(ge=0, allow_inf_nan=False)
    start_scale: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    batch_size: int | None = Field(ge=1)
    n_steps: int = Field(ge=1)
    evaluate_every: int = Field(default=10, ge=1)
    target: float | None = None
    n_checkpoints: int = Field(default=0, ge=0)
    probe: bool | Literal["embedding"] = False

    @model_validator(mode="after")
    def _check(self) -> TransformerTrial:
        if self.width % self.heads:
            raise ValueError(f"heads: {self.heads} heads do not divide a width of {self.width}")
        check_operation(self.operation, self.p)
        if self.n_checkpoints and self.p % 2 == 0:
            raise ValueError(f"p: the spectra of checkpoints are for odd p, got {self.p}")
        train, _ = self.split_pairs()
        if self.batch_size is not None and self.batch_size > len(train):
            raise ValueError(
                f"batch_size: {self.batch_size} is more than the {len(train)} training pairs of "
                f"p={self.p} with train_fraction={self.train_fraction:g}: take more of either"
            )
        return self

    def split_pairs(self) -> tuple[IntArray, IntArray]:
        """The trial's training and test pairs."""
        pairs = make_pairs(self.p, "full", self.operation)
        return split_pairs(pairs, self.split, self.train_fraction, self._stream(0))

    def run(self) -> dict[str, Any]:
        """Train on one thread and measure.

        Returns
        -------
        dict with

        - n_train, n_test; train_accuracy, test_accuracy and weight_norm at the end;
        - steps_to_train, steps_to_test: first evaluation with 99 % accuracy, None if never;
        - evaluations: a dict for each evaluation, see `modclock.networks.training`;
        - checkpoints: a dict of progress measures for each checkpoint;
        - spectra: a dict for each checkpoint and frequency; circles and neurons: the embedding
          and the perceptron of the last checkpoint, see `modclock.grokking.fourier`;
        - readouts: a dict for each probed checkpoint, input and learner;
        - error: why the run ended early, None if it did not.
        """
        train_pairs, test_pairs = self.split_pairs()
        run = self.train()
        history = [evaluation._asdict() for evaluation in run.evaluations]
        last = history[-1] if history else {}
        names = ("train_accuracy", "test_accuracy", "weight_norm")
        metrics: dict[str, Any] = {"n_train": len(train_pairs), "n_test": len(test_pairs)}
        metrics |= {name: last.get(name) for name in names}
        for side in ("train", "test"):
            learned = (row["step"] for row in history if row[f"{side}_accuracy"] >= _LEARNED)
            metrics[f"steps_to_{side}"] = next(learned, None)
        return metrics | {"evaluations": history, "error": run.error} | self._looked_into(run)

    def network(self) -> Transformer:
        """The network that training starts from."""
        import jax
        import jax.numpy as jnp

        from modclock.networks.transformer import Transformer

        network = Transformer(
            self.p,
            layers=self.layers,
            heads=self.heads,
            width=self.width,
            mlp_width=self.mlp_width,
            layer_norm=self.layer_norm,
            random_state=self._stream(1),
        )
        # By NumPy: JAX would compile a product for each shape.
        return jax.tree.map(lambda w: jnp.asarray(self.start_scale * np.asarray(w)), network)

    def examples(self) -> tuple[Examples, Examples]:
        """The training and test pairs with their answers, for `modclock.networks.training`."""
        import jax.numpy as jnp

        from modclock.networks.training import Examples

        train, test = (
            Examples(
                jnp.asarray(pairs), jnp.asarray(modular_answers(pairs, self.p, self.operation))
            )
            for pairs in self.split_pairs()
        )
        return train, test

    def train(self) -> Run:
        """The training run itself, with its networks."""
        from modclock.networks.optimizers import AdamW
        from modclock.networks.training import train

        optimizer = AdamW(
            self.learning_rate,
            self.weight_decay,
            beta_2=self.beta_2,
            warmup_steps=self.warmup_steps,
            slow_gradient=self.slow_gradient,
        )
        return train(
            self.network(),
            *self.examples(),
            optimizer,
            n_steps=self.n_steps,
            evaluate_every=self.evaluate_every,
            batch_size=self.batch_size,
            target=self.target,
            checkpoint_steps=self._checkpoint_steps(),
            random_state=self._stream(2),
        )

    def _checkpoint_steps(self) -> set[int]:
        if not self.n_checkpoints:
            return set()
        last = self.n_steps // self.evaluate_every
        spaced = np.geomspace(1, last + 1, self.n_checkpoints) - 1
        return {round(index) * self.evaluate_every for index in spaced}

    def _looked_into(self, run: Run) -> dict[str, Any]:
        """What the checkpoints are like inside."""
        if not (self.n_checkpoints and run.checkpoints):
            return {}
        from modclock.grokking.readouts import read_out

        split = self.split_pairs()
        found: dict[str, list[Any]] = {"readouts": []}
        inputs = ["embedding"] if self.probe == "embedding" else None
        for step, network in run.checkpoints.items() if self.probe else ():
            with one_thread_quietly():
                codes = read_out(network, *split, self.operation, self._stream(2), inputs=inputs)
                rows = list(codes)
            found["readouts"] += [{"step": step} | row for row in rows]
        return found | (self._progress(run, split) if self.operation == "add" else {})

    def _progress(self, run: Run, split: tuple[IntArray, IntArray]) -> dict[str, list[Any]]:
        """How far the checkpoints are with rotations, which are a way to add."""
        from modclock.grokking.fourier import frequency_power, key_frequencies
        from modclock.grokking.progress import circles, neuron_spectra, progress

        *_, final = run.checkpoints.values()
        frequencies = key_frequencies(frequency_power(final.numbers))
        found: dict[str, list[Any]] = {"checkpoints": [], "spectra": []}
        for step, network in run.checkpoints.items():
            measures = progress(network, *split, frequencies)._asdict()
            found["checkpoints"].append({"step": step} | measures)
            power = frequency_power(network.numbers).tolist()
            found["spectra"] += [
                {"step": step, "frequency": k, "power": value} for k, value in enumerate(power, 1)
            ]
        return found | {"circles": circles(final, frequencies), "neurons": neuron_spectra(final)}

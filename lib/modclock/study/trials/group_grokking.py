"""GroupGrokking: a network that is given a group's table and no encoding."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from pydantic import Field
from sklearn.utils import check_random_state

from modclock.groups import cayley_table
from modclock.representations import representation_power, representations
from modclock.study.trials.base import BaseTrial


class GroupGrokking(BaseTrial):
    """Two embeddings, a layer of neurons, and AdamW, on pairs of a group's elements.

    The seed draws split, weights and batches.

    Parameters
    ----------
    group, degree : see `modclock.groups.group_elements`.
    train_fraction : share of all ordered pairs to train on.
    width, learning_rate, weight_decay, beta_2 : of `EmbeddedPairs` and AdamW.
    n_batches : optimiser steps from one look at a training pair to the next.
    n_steps : most optimiser steps; training ends at 99.9 % of the test pairs.
    evaluate_every : steps from one evaluation to the next.
    shuffled_answers : whether the answers are dealt out at random to all pairs, so that they can
        be learned by heart alone.

    Examples
    --------
    >>> GroupGrokking(group="cyclic", degree=7, width=8, n_steps=2,
    ...               evaluate_every=1).run()["evaluations"][-1]["step"]
    2
    """

    group: Literal["cyclic", "dihedral", "symmetric", "alternating"] = "symmetric"
    degree: int = Field(default=5, ge=2)
    train_fraction: float = Field(default=0.5, gt=0, lt=1)
    width: int = Field(default=256, ge=1)
    learning_rate: float = Field(default=1e-2, gt=0)
    weight_decay: float = Field(default=1.0, ge=0)
    beta_2: float = Field(default=0.98, gt=0, lt=1)
    n_batches: int = Field(default=8, ge=1)
    n_steps: int = Field(default=6000, ge=1)
    evaluate_every: int = Field(default=100, ge=1)
    shuffled_answers: bool = False

    def run(self) -> dict[str, Any]:
        """Train on one thread and measure.

        Returns
        -------
        dict with evaluations, see `modclock.networks.training`; power, for each representation
        its dimension, its share of the variance of the first embedding before and at the end, and
        its share of all functions on the group; one_kind_before and one_kind, the share of a
        neuron's variance that its largest representation has, averaged by variance; error, why the
        run ended early, None if it did not.
        """
        import jax.numpy as jnp
        import optax

        from modclock.grokking.embedded_pairs import EmbeddedPairs
        from modclock.networks.training import Examples, train

        table = cayley_table(self.group, self.degree)
        drawn = check_random_state(self._stream(0))
        pairs = np.column_stack(np.divmod(drawn.permutation(table.size), len(table)))
        answers = table[tuple(pairs.T)]
        if self.shuffled_answers:
            answers = drawn.permutation(answers)
        n_train = int(self.train_fraction * len(pairs))
        sides = [
            Examples(jnp.asarray(pairs[part]), jnp.asarray(answers[part]))
            for part in (slice(n_train), slice(n_train, None))
        ]
        network = EmbeddedPairs(len(table), width=self.width, random_state=self._stream(1))
        run = train(
            network,
            sides[0],
            sides[1],
            optax.adamw(self.learning_rate, b2=self.beta_2, weight_decay=self.weight_decay),
            n_steps=self.n_steps,
            evaluate_every=self.evaluate_every,
            batch_size=n_train // self.n_batches,
            target=0.999,
            random_state=self._stream(2),
        )
        kinds = representations(table)
        before = representation_power(network.first, kinds)
        after = representation_power(run.network.first, kinds)
        power = [
            {
                "dimension": kind.dimension,
                "before": float(first.sum() / before.sum()),
                "after": float(last.sum() / after.sum()),
                "of_all_functions": kind.functions.shape[1] / (len(table) - 1),
            }
            for kind, first, last in zip(kinds[1:], before[1:], after[1:], strict=True)
        ]
        evaluations = [evaluation._asdict() for evaluation in run.evaluations]
        return {
            "evaluations": evaluations,
            "power": power,
            "one_kind_before": float(before.max(axis=0).sum() / before.sum()),
            "one_kind": float(after.max(axis=0).sum() / after.sum()),
            "error": run.error,
        }

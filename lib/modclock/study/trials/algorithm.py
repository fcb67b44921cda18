"""AlgorithmTrial: which algorithm a trained transformer adds with (claim C25)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from modclock.study.trials.retrain import retrain
from modclock.study.trials.transformer import TransformerTrial

if TYPE_CHECKING:
    from modclock.networks.training import Run
    from modclock.networks.transformer import Transformer


class AlgorithmTrial(TransformerTrial):
    """A transformer, and how much like a clock or a pizza it is before and after training.

    Parameters
    ----------
    p to n_steps, evaluate_every, seed : see `TransformerTrial`.
    constant_attention : whether the queries are zero and stay so: then each token is attended to
        as much as each other one, and both embeddings are added before anything else is done.

    Examples
    --------
    >>> from modclock.grokking.presets import PRESETS
    >>> small = PRESETS["fast"] | {"p": 7, "width": 8, "mlp_width": 8, "batch_size": None}
    >>> found = AlgorithmTrial(**small, n_steps=10, constant_attention=True).run()
    >>> found["gradient_symmetricity"] > 0.99
    True
    """

    constant_attention: bool = False

    def run(self) -> dict[str, Any]:
        """Train on one thread and measure.

        Returns
        -------
        dict with train_accuracy and test_accuracy at the end; distance_irrelevance and
        gradient_symmetricity, see `modclock.grokking.algorithms`; and the same with "_untrained".
        """
        from modclock.grokking.algorithms import (
            distance_irrelevance,
            gradient_symmetricity,
            right_logits,
        )

        found: dict[str, Any] = {}
        run = self.train()
        for ending, network in (("_untrained", self.network()), ("", run.network)):
            found[f"distance_irrelevance{ending}"] = distance_irrelevance(right_logits(network))
            found[f"gradient_symmetricity{ending}"] = gradient_symmetricity(network)
        last = run.evaluations[-1]
        return found | {
            "train_accuracy": last.train_accuracy,
            "test_accuracy": last.test_accuracy,
        }

    def network(self) -> Transformer:
        """The network that training starts from."""
        network = super().network()
        if not self.constant_attention:
            return network
        import equinox as eqx
        import jax

        from modclock.grokking.frozen import queries

        zeros = jax.tree.map(lambda weights: 0 * weights, queries(network))
        return eqx.tree_at(queries, network, zeros)

    def train(self) -> Run:
        """The training run itself, with its networks."""
        if not self.constant_attention:
            return super().train()
        from modclock.grokking.frozen import queries

        return retrain(self, self.network(), queries)

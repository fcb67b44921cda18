"""Another network in the place of a trial's own, trained as that trial would train it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modclock.networks.training import Run
    from modclock.networks.transformer import Transformer
    from modclock.study.trials.transformer import TransformerTrial

_OF_OPTIMIZER = {"learning_rate", "weight_decay", "beta_2", "warmup_steps", "slow_gradient"}


def retrain(
    trial: TransformerTrial, network: Transformer, frozen: Callable[[Any], Any] | None = None
) -> Run:
    """Train a network on a trial's pairs, in its batches, with its optimiser.

    Parameters
    ----------
    trial : a TransformerTrial; its `target` and `n_checkpoints` have no meaning here.
    network : to start from.
    frozen : the part of the network that stays as it is, see `modclock.grokking.frozen`.
    """
    from modclock.grokking.frozen import Frozen
    from modclock.networks.optimizers import AdamW
    from modclock.networks.training import train

    optimizer: Any = AdamW(**trial.model_dump(include=_OF_OPTIMIZER))
    return train(
        network,
        *trial.examples(),
        Frozen(optimizer, frozen) if frozen else optimizer,
        n_steps=trial.n_steps,
        evaluate_every=trial.evaluate_every,
        batch_size=trial.batch_size,
        random_state=trial._stream(2),
    )

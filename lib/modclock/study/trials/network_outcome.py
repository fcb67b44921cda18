"""NetworkOutcome: what a network makes of an encoded task."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from modclock.classifiers.presets import mlp_classifier
from modclock.study.trials.base import one_thread_quietly, random_stream
from modclock.study.trials.encoded_task import EncodedTask


class NetworkOutcome(EncodedTask):
    """The thread's network, trained for just so many epochs: it never stops early.

    Parameters
    ----------
    task to seed : see `EncodedTask`.
    network_seed : of the weights at the start and of the batches. Split and codes do not depend on
        it, so that what two of these differ in is chance in training alone.
    learning_rate : Adam's; scikit-learn's default unless stated.

    Examples
    --------
    >>> trial = NetworkOutcome(size=11, encoder_params={"n_clocks": 30}, k=10, width_factor=0.05)
    >>> sorted(trial.run())
    ['n_test', 'n_train', 'test_accuracy', 'train_accuracy']
    """

    network_seed: int = Field(default=0, ge=0)
    learning_rate: float = Field(default=1e-3, gt=0)

    def run(self) -> dict[str, Any]:
        """Train on one thread; accuracies as fractions, and the numbers of rows behind them."""
        codes, answers, train, test = self.encoded()
        network = mlp_classifier(
            width_factor=self.width_factor,
            max_iter=self.epochs,
            random_state=random_stream(self.network_seed, 2),
        ).set_params(n_iter_no_change=self.epochs, learning_rate_init=self.learning_rate)
        with one_thread_quietly():
            network.fit(codes[train], answers[train])
            return {
                "n_train": len(train),
                "n_test": len(test),
                "train_accuracy": float(network.score(codes[train], answers[train])),
                "test_accuracy": float(network.score(codes[test], answers[test])),
            }

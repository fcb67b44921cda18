"""GroupOutcome: what a network and a linear readout make of a group, and how they go wrong."""

from __future__ import annotations

from typing import Any

from modclock.analysis.group_bounds import conjugacy_classes
from modclock.classifiers.presets import mlp_classifier, ridge_readout
from modclock.groups import cayley_table
from modclock.study.trials.base import one_thread_quietly
from modclock.study.trials.encoded_task import EncodedTask


class GroupOutcome(EncodedTask):
    """The thread's network and a linear readout on the composition of a group.

    Parameters
    ----------
    task to seed : see `EncodedTask`; the task is a group, the size its degree.

    Examples
    --------
    >>> right = {"encoder": "RepresentationEncoder", "encoder_params": {"degree": 3},
    ...          "composition": "bind"}
    >>> found = GroupOutcome(task="symmetric", size=3, **right, epochs=2, width_factor=0.05).run()
    >>> found["linear_test_accuracy"]
    1.0
    """

    def run(self) -> dict[str, Any]:
        """Train on one thread and measure.

        Returns
        -------
        dict with train_accuracy and test_accuracy of the network, linear_train_accuracy and
        linear_test_accuracy; and of the wrong answers of the network on test pairs, n_wrong,
        how many are said_mirrored, the answer of the other order, and same_class, in the conjugacy
        class of the right answer.
        """
        codes, answers, train, test = self.encoded()
        pairs = self.table().numbers[test]
        composed = cayley_table(self.task, self.size)
        network = mlp_classifier(
            width_factor=self.width_factor, max_iter=self.epochs, random_state=self._stream(2)
        ).set_params(n_iter_no_change=self.epochs)
        found: dict[str, Any] = {"n_train": len(train), "n_test": len(test)}
        with one_thread_quietly():
            for name, learner in (("", network), ("linear_", ridge_readout())):
                learner.fit(codes[train], answers[train])
                found[f"{name}train_accuracy"] = learner.score(codes[train], answers[train])
                found[f"{name}test_accuracy"] = learner.score(codes[test], answers[test])
            said = network.predict(codes[test])
        wrong = said != answers[test]
        classes = conjugacy_classes(composed)
        mirrored = composed[pairs[:, 1], pairs[:, 0]]
        return found | {
            "n_wrong": int(wrong.sum()),
            "said_mirrored": int((said == mirrored)[wrong].sum()),
            "same_class": int((classes[said] == classes[answers[test]])[wrong].sum()),
        }

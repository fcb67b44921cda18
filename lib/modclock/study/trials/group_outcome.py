"""GroupOutcome: what a network and a linear readout make of a group, and how they go wrong."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modclock.analysis.group_bounds import (
    answers_by_mirror,
    conjugacy_classes,
    lacking_inputs,
    lookup_accuracy,
)
from modclock.classifiers.presets import mlp_classifier, ridge_readout
from modclock.groups import cayley_table, group_elements
from modclock.study.trials.base import one_thread_quietly
from modclock.study.trials.encoded_task import EncodedRows, EncodedTask

_BATCH = 200  # pairs a step, as scikit-learn has it


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
        dict with

        - n_train and n_test, pairs on either side, and n_steps, optimiser steps of the network;
        - train_accuracy and test_accuracy of the network, linear_train_accuracy and
          linear_test_accuracy;
        - n_wrong, the network's wrong answers on test pairs, and how many are same_class, in the
          conjugacy class of the right answer;
        - by_mirror, what the network says where the order counts, see `answers_by_mirror`;
        - unordered_lookup, reversed_lookup and circle_lookup, the share of the test pairs that a
          majority lookup gets right from `lacking_inputs`, whatever the encoding.
        """
        rows = self.encoded()
        codes, answers, train, test = rows
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
        n_steps = network.n_iter_ * ceil(len(train) / _BATCH)
        return found | {"n_steps": n_steps} | self._errors(rows, said)

    def _errors(self, rows: EncodedRows, said: NDArray[np.int64]) -> dict[str, Any]:
        """What is said to test pairs when it is wrong, and what lookups get right."""
        composed = cayley_table(self.task, self.size)
        pairs, right = self.table().numbers, rows.answers[rows.test]
        classes = conjugacy_classes(composed)
        wrong = said != right
        lookups = {
            f"{name}_lookup": lookup_accuracy(
                inputs[tuple(pairs.T)], rows.answers, rows.train, rows.test
            )
            for name, inputs in lacking_inputs(composed).items()
        }
        return lookups | {
            "n_wrong": int(wrong.sum()),
            "same_class": int((classes[said] == classes[right])[wrong].sum()),
            "by_mirror": answers_by_mirror(composed, pairs[rows.train], pairs[rows.test], said),
        }


def group_codes(group: str, degree: int, *, n_clocks: int, k: int) -> dict[str, dict[str, Any]]:
    """The codes of a group that are compared, with the fields that a `GroupOutcome` takes for each.

    Parameters
    ----------
    group, degree : see `modclock.groups.group_elements`.
    n_clocks : width of a code of group clocks.
    k : winners of their sum.

    Returns
    -------
    dict of dicts, by the names of the codes: task, size, encoder, encoder_params, composition and,
    where they are needed, k and own_places.

    Raises
    ------
    ValueError : for an unknown group or a degree that is too small.

    Examples
    --------
    >>> list(group_codes("symmetric", 3, n_clocks=40, k=13))[:2]
    ['one-hot, side by side', 'permutations, side by side']
    """
    own, order = {"group": group, "degree": degree}, len(group_elements(group, degree))

    def side_by_side(encoder: str, **params: Any) -> dict[str, Any]:
        return {"encoder": encoder, "encoder_params": params, "composition": "concatenate"}

    def matrices(**params: Any) -> dict[str, Any]:
        return {"encoder": "RepresentationEncoder", "encoder_params": params, "composition": "bind"}

    clocks: dict[str, Any] = {
        "encoder": "GroupClockEncoder",
        "encoder_params": own | {"n_clocks": n_clocks},
        "composition": "overlap",
        "k": k,
    }
    codes = {
        "one-hot, side by side": side_by_side("OneHotNumberEncoder", p=order),
        "permutations, side by side": side_by_side("PermutationEncoder", **own),
        "matrices, multiplied": matrices(**own),
        "wrong order": matrices(**own, matrices="transposed"),
        "random matrices": matrices(**own, matrices="random"),
        "matrices of a circle": matrices(group="cyclic", degree=order),
        "group clocks, overlap": clocks,
        "group clocks, own places": clocks | {"own_places": True},
    }
    return {name: {"task": group, "size": degree} | fields for name, fields in codes.items()}

"""TransplantTrial: a transformer's embedding, frozen, in fresh transformers (claim C26)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modclock.encoders.cycle import VarCycleEncoder
from modclock.study.trials.retrain import retrain
from modclock.study.trials.transformer import TransformerTrial

if TYPE_CHECKING:
    from modclock.networks.training import Run
    from modclock.networks.transformer import Transformer

_KNOWN = 0.99  # training accuracy from which the pairs count as known by heart
_FRESH = 1_000_000  # added to the seed: fresh networks start from other weights than the first


class TransplantTrial(TransformerTrial):
    """One transformer is trained; its embeddings are handed to fresh ones and stay frozen there.

    All fresh networks start from the same weights, apart from that of the numbers. They are
    trained on the pairs that the first one was trained on, in the same batches. All embeddings have
    the same size.

    The embeddings are "grokked", of the end of training; "by heart", of the first evaluation at
    which 99 % of the training pairs are right, else of the last; "untrained"; "grokked, numbers
    exchanged", the grokked one with its rows in a random order, which keeps all of it except which
    number stands where; "grokked, order of sums kept", where number i gets the row of 2 i modulo
    p, so that equal sums stay equal; and "clocks", the thread's encoder with its mean taken off.
    "its own" is the untrained embedding, not frozen.

    Parameters
    ----------
    p to n_steps, evaluate_every, seed : see `TransformerTrial`; fresh networks get as many steps.
        `n_checkpoints`, `probe` and `target` have no meaning here.

    Examples
    --------
    >>> from modclock.grokking.presets import PRESETS
    >>> small = PRESETS["fast"] | {"p": 7, "width": 8, "mlp_width": 8, "batch_size": None}
    >>> rows = TransplantTrial(**small, n_steps=10).run()["transplants"]
    >>> rows[-1]["embedding"], rows[-1]["step"]
    ('its own', 10)
    """

    def run(self) -> dict[str, Any]:
        """Train on one thread and measure.

        Returns
        -------
        dict with steps_to_train, the step of "by heart", None if the training pairs never were
        known; test_accuracy_by_heart, the test accuracy then; test_accuracy at the end; and
        transplants, a dict for each embedding and evaluation: embedding, step,
        train_accuracy, test_accuracy.
        """
        from modclock.grokking.frozen import embedding
        from modclock.grokking.transplant import with_numbers

        donor = self.train()
        history = donor.evaluations
        heart = next((row for row in history if row.train_accuracy >= _KNOWN), history[-1])
        fresh = self.model_copy(update={"seed": self.seed + _FRESH}).network()
        embeddings = self._embeddings(donor.checkpoints, heart.step, fresh)
        runs = {
            name: retrain(self, with_numbers(fresh, numbers), embedding)
            for name, numbers in embeddings.items()
        }
        runs["its own"] = retrain(self, fresh)
        return {
            "steps_to_train": heart.step if heart.train_accuracy >= _KNOWN else None,
            "test_accuracy_by_heart": heart.test_accuracy,
            "test_accuracy": history[-1].test_accuracy,
            "transplants": [row for name, run in runs.items() for row in _rows(name, run)],
        }

    def _embeddings(
        self, checkpoints: dict[int, Any], heart: int, fresh: Transformer
    ) -> dict[str, NDArray[np.floating]]:
        grokked = np.asarray(checkpoints[max(checkpoints)].numbers)
        p, width = grokked.shape
        rng = np.random.default_rng(self._stream(2))
        clocks = VarCycleEncoder(width, random_state=self._stream(1))
        return {
            "grokked": grokked,
            "by heart": np.asarray(checkpoints[heart].numbers),
            "untrained": np.asarray(fresh.numbers),
            "grokked, numbers exchanged": rng.permutation(grokked),
            "grokked, order of sums kept": grokked[2 * np.arange(p) % p],
            "clocks": clocks.fit_transform(np.arange(p)[:, None]) - 0.5,
        }

    def _checkpoint_steps(self) -> set[int]:
        """All: which of them is "by heart" is seen afterwards."""
        return set(range(0, self.n_steps + 1, self.evaluate_every))


def _rows(name: str, run: Run) -> list[dict[str, Any]]:
    kept = ("step", "train_accuracy", "test_accuracy")
    rows = (row._asdict() for row in run.evaluations)
    return [{"embedding": name} | {column: row[column] for column in kept} for row in rows]

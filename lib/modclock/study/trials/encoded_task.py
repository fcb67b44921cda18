"""EncodedTask: a task, an encoding of it, and the budget of a network."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, JsonValue, model_validator
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state

from modclock.pairing import COMPOSITIONS, PairEncoder, needed_parameters
from modclock.study.trials.base import BaseTrial
from modclock.study.trials.lookup import encoder_class
from modclock.study.trials.trial import seeded
from modclock.table_encoder import COLUMN_COMPOSITIONS, TableEncoder
from modclock.tasks import (
    GroupClockEncoder,
    PermutationEncoder,
    RepresentationEncoder,
    Table,
    make_table,
)
from modclock.validation import check_choice


class EncodedRows(NamedTuple):
    """All rows of a task as a learner gets them.

    Attributes
    ----------
    codes : float32 array, shape (n_rows, width).
    answers : int64 array, shape (n_rows,).
    train, test : int64 arrays, indices of the rows to train on and of all others.
    """

    codes: NDArray[np.float32]
    answers: NDArray[np.int64]
    train: NDArray[np.int64]
    test: NDArray[np.int64]


class EncodedTask(BaseTrial):
    """Which task, how its rows are encoded, how many are shown, and what a network may spend.

    The seed draws the split and the encoder.

    Parameters
    ----------
    task, size, n_classes : see `modclock.tasks.make_table`.
    encoder, encoder_params : class name in `modclock.encoders`, or of an encoder of a group's
        elements in `modclock.tasks`, and its parameters.
    composition, k : see `modclock.pairing.PairEncoder`; k just where the composition uses it.
    own_places : whether each column has an order of its own for the places of a code, see
        `modclock.table_encoder.TableEncoder`; always so for a table of more than two columns.
    train_fraction : share of the rows to train on, strictly between 0 and 1.
    epochs : passes over the training rows.
    width_factor : hidden widths of the network, as a multiple of the thread's.
    seed : whole number, at least 0.

    Raises
    ------
    pydantic.ValidationError : for an unknown name or field, a wrong type, or values that task,
        encoder or composition refuse.

    Examples
    --------
    See `modclock.study.trials.network_outcome`.
    """

    task: str = "add"
    size: int = 31
    n_classes: int | None = None
    encoder: str = "VarCycleEncoder"
    encoder_params: dict[str, JsonValue] = {}
    composition: str = "overlap"
    k: int | None = None
    own_places: bool = False
    train_fraction: float = Field(default=0.5, gt=0, lt=1)
    epochs: int = Field(default=25, ge=1)
    width_factor: float = Field(default=0.25, gt=0)

    @model_validator(mode="after")
    def _check(self) -> Self:
        kind = encoder_by_name(self.encoder)
        allowed = COLUMN_COMPOSITIONS if self.own_places else COMPOSITIONS
        check_choice("composition", self.composition, allowed)
        needs = "k" in needed_parameters(kind, self.composition)
        if needs != (self.k is not None):
            verb = "needs" if needs else "takes no"
            raise ValueError(f"k: composition {self.composition!r} of {self.encoder} {verb} k")
        if (
            task_table(self.task, self.size, self.n_classes).numbers.shape[1] > 2
            and not self.own_places
        ):
            raise ValueError(f"own_places: {self.task} has more than two columns and needs it")
        return self

    def table(self) -> Table:
        """The rows and answers of the task."""
        return task_table(self.task, self.size, self.n_classes)

    def encoded(self) -> EncodedRows:
        """Encode all rows, and draw those to train on."""
        table = self.table()
        order = check_random_state(self._stream(0)).permutation(len(table.answers))
        n_train = max(2, int(self.train_fraction * len(order)))
        codes = self._row_encoder().fit_transform(table.numbers)
        return EncodedRows(codes, table.answers, order[:n_train], order[n_train:])

    def parts(self) -> tuple[Any, ...]:
        """The encoder."""
        return (encoder_by_name(self.encoder),)

    def _row_encoder(self) -> BaseEstimator:
        encoder = encoder_by_name(self.encoder)(**self.encoder_params)
        given = {} if self.k is None else {"k": self.k}
        kind = TableEncoder if self.own_places else PairEncoder
        return seeded(kind(encoder, composition=self.composition, **given), self._stream(1))


task_table = cache(make_table)


_OF_ELEMENTS: dict[str, Any] = {
    kind.__name__: kind for kind in (GroupClockEncoder, PermutationEncoder, RepresentationEncoder)
}


def encoder_by_name(name: str) -> Any:
    """One of `modclock.encoders`, or of those of the elements of a group, which are no numbers."""
    return _OF_ELEMENTS[name] if name in _OF_ELEMENTS else encoder_class(name)

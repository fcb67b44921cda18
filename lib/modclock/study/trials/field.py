"""The field of the contest: pipelines drawn at random, of the sum and of other tasks.

Encoders of the sum are split by kind: predictors are chosen and fitted on some, and judged on the
others. The other tasks have no part in any choice, neither of predictors nor of the ranges here:
these were set on choosing kinds alone, so that most pipelines get more than next to nothing right
and less than next to all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from modclock.pairing import needed_parameters
from modclock.study.trials.compared_inputs import defined_compositions
from modclock.study.trials.encoded_task import encoder_by_name, task_table
from modclock.study.trials.field_encoders import KINDS, Wanted
from modclock.table_encoder import COLUMN_COMPOSITIONS
from modclock.validation import check_choice

CHOOSING = ("random clocks", "Fourier features", "HTM buckets", "thermometer", "random SDR")
JUDGING = ("clocks of one period", "residue phasors", "HTM RDSE", "grid cells", "one-hot")
_BATCH = 200  # rows a step of the network
_SHARES_ON = (0.1, 0.2, 0.33, 0.5)


class Family(NamedTuple):
    """Pipelines of one task: what they are drawn from.

    Attributes
    ----------
    task, sizes, n_classes : see `modclock.tasks.make_table`; None for all answers apart.
    kinds : of encoders, from `field_encoders.KINDS`.
    own_places : whether each column has an order of its own for the places of a code; None for
        either.
    widths, steps, train_fractions : lowest and highest; the first two even on a log scale.
    """

    task: str
    sizes: tuple[int, ...]
    n_classes: tuple[int | None, ...] = (None, None, 6, 12)
    kinds: tuple[str, ...] = (*CHOOSING, *JUDGING)
    own_places: bool | None = None
    widths: tuple[int, int] = (50, 300)
    steps: tuple[int, int] = (150, 1000)
    train_fractions: tuple[float, float] = (0.1, 0.8)


class Pipeline(NamedTuple):
    """One of the field.

    Attributes
    ----------
    part : "choosing" or "judging", of the sum, or the name of an unseen task.
    case : its number.
    kind : of its encoder.
    fields : of an `EncodedTask`.
    """

    part: str
    case: int
    kind: str
    fields: dict[str, Any]


_GROUP_KINDS = ("permutation matrices", "one-hot", "random SDR")
_COLUMN_KINDS = ("random clocks", "HTM buckets", "HTM RDSE", "thermometer", "one-hot", "random SDR")
UNSEEN: dict[str, Family] = {
    "composite modulus": Family("add", (24, 30, 36)),
    "x² + y²": Family("squares", (23, 31, 43)),
    "x³ + xy": Family("cubic", (23, 31), own_places=True),
    "XOR": Family("xor", (32,)),
    "S5": Family(
        "symmetric",
        (5,),
        (None, None, 6, 12),
        _GROUP_KINDS,
        steps=(200, 800),
        train_fractions=(0.05, 0.1),
    ),
    "dihedral group": Family("dihedral", (10, 14), (None, None, 5, 10), _GROUP_KINDS),
    "digits": Family("digits", (17,), (None,), _COLUMN_KINDS, True, (8, 16), (10, 200), (0.1, 0.5)),
    "wine": Family("wine", (16,), (None,), _COLUMN_KINDS, True, (10, 50), (5, 60)),
    "breast cancer": Family(
        "breast_cancer", (16,), (None,), _COLUMN_KINDS, True, (10, 24), (5, 60)
    ),
}
"""Tasks that are never used in choosing, by the names of their parts."""


def draw_field(
    n_choosing: int,
    n_judging: int,
    n_unseen: int,
    *,
    tasks: Sequence[str] = (),
    sizes: Sequence[int] = (23, 31, 43),
    most_steps: int = 1000,
    first_seed: int = 0,
) -> list[Pipeline]:
    """Draw pipelines of the sum for both halves, and some of each unseen task.

    Parameters
    ----------
    n_choosing, n_judging : pipelines of the sum, with kinds of encoders in turn.
    n_unseen : pipelines of each unseen task.
    tasks : which of `UNSEEN`; all when empty.
    sizes : moduli of the sum.
    most_steps : no network is trained for more steps.
    first_seed : of the first pipeline; another one draws another field.

    Examples
    --------
    >>> field = draw_field(5, 5, 1)
    >>> len(field), field[0].part, field[0].kind, field[0].fields["task"]
    (19, 'choosing', 'random clocks', 'add')
    """
    halves = {"choosing": (CHOOSING, n_choosing), "judging": (JUDGING, n_judging)}
    counted = [
        (part, Family("add", tuple(sizes), kinds=kinds, own_places=False), count)
        for part, (kinds, count) in halves.items()
    ]
    for part in tasks or UNSEEN:
        check_choice("tasks", part, UNSEEN)
        counted.append((part, UNSEEN[part], n_unseen))
    field: list[Pipeline] = []
    for number, (part, family, count) in enumerate(counted):
        rng = np.random.default_rng([first_seed, number])
        for index in range(count):
            kind = family.kinds[index % len(family.kinds)]
            fields = _draw(rng, family, kind, most_steps)
            case = len(field)
            field.append(Pipeline(part, case, kind, fields | {"seed": first_seed + case}))
    return field


def _draw(rng: np.random.Generator, family: Family, kind: str, most_steps: int) -> dict[str, Any]:
    size = int(rng.choice(family.sizes))
    n_classes = family.n_classes[rng.integers(len(family.n_classes))]
    table = task_table(family.task, size, n_classes)
    is_group = family.task in ("symmetric", "dihedral")
    share_on = float(rng.choice(_SHARES_ON))
    wanted = Wanted(
        table.n_values,
        round(_log_uniform(rng, family.widths)),
        share_on,
        group=family.task if is_group else None,
        degree=size if is_group else 0,
    )
    encoder, params, width = KINDS[kind](rng, wanted)
    own_places = bool(rng.integers(2)) if family.own_places is None else family.own_places
    if kind == "permutation matrices":
        own_places = False  # the order of the places is what they are made of
    kind_of_encoder = encoder_by_name(encoder)
    # Few bits are on in both of two codes, and all are in one of many. And the first k of added
    # thermometers always win.
    empty = {"and"}
    if kind == "thermometer" and not own_places:
        empty.add("overlap")
    if table.numbers.shape[1] > 2:
        empty.add("or")
    compositions = [
        name
        for name in defined_compositions(kind_of_encoder)
        if name not in empty and (name in COLUMN_COMPOSITIONS or not own_places)
    ]
    composition = str(rng.choice(compositions))
    low, high = family.train_fractions
    # More of the larger shares: with few rows most encoders get next to nothing right.
    train_fraction = round(low + (high - low) * float(np.cbrt(rng.random())), 3)
    few, many = (min(steps, most_steps) for steps in family.steps)
    steps = _log_uniform(rng, (few, many))
    batches = -(-int(train_fraction * len(table.answers)) // _BATCH)
    return {
        "task": family.task,
        "size": size,
        "n_classes": n_classes,
        "encoder": encoder,
        "encoder_params": params,
        "composition": composition,
        "k": (
            max(1, round(share_on * width))
            if "k" in needed_parameters(kind_of_encoder, composition)
            else None
        ),
        "own_places": own_places,
        "train_fraction": train_fraction,
        "epochs": max(1, round(steps / batches)),
    }


def _log_uniform(rng: np.random.Generator, ends: tuple[int, int]) -> float:
    return float(np.exp(rng.uniform(*np.log(ends))))

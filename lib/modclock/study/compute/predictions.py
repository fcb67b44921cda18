"""Predictions of the contest: fixed, and written down, before the networks that judge them train.

What is fixed is noted in the trial store, with the time, under the digest of all predictions. So
nothing depends on the dates of files: predictions that change later have another digest, and
another time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from modclock.analysis.contest import as_accuracy, looked_up
from modclock.analysis.predictors import PREDICTORS
from modclock.analysis.predictors.combination import UNTRAINED, combine_untrained
from modclock.study.compute.run_trials import run_trials
from modclock.study.compute.store import TrialStore
from modclock.study.errors import InputError
from modclock.study.files import write_text
from modclock.study.project import output_root, store_path
from modclock.study.trials.field import Pipeline
from modclock.study.trials.forecast import Forecast
from modclock.study.trials.keys import trial_key
from modclock.study.trials.network_outcome import NetworkOutcome

Label = tuple[str, int, int]
LOOKUP = "lookup"
COMBINED = "combined"
GUESSING = "guessing"


class Fixed(NamedTuple):
    """Predictions that stand.

    Attributes
    ----------
    table : one row a pipeline that judges, in the order of the field: part, case, and what each
        entrant says.
    written : when these were fixed for the first time, UTC.
    path : of predictions.csv.
    """

    table: pd.DataFrame
    written: str
    path: Path


def forecasts(field: Sequence[Pipeline]) -> dict[tuple[str, int], Forecast]:
    """The entrants' trials, by part and case."""
    return {(pipeline.part, pipeline.case): Forecast(**pipeline.fields) for pipeline in field}


def networks(
    field: Sequence[Pipeline], n_runs: int, *, choosing: bool
) -> dict[Label, NetworkOutcome]:
    """The networks of the choosing half, or of all others, by part, case and seed."""
    return {
        (pipeline.part, pipeline.case, seed): NetworkOutcome(**pipeline.fields, network_seed=seed)
        for pipeline in field
        if (pipeline.part == "choosing") == choosing
        for seed in range(n_runs)
    }


def fix_predictions(field: Sequence[Pipeline], n_runs: int, profile: str) -> Fixed:
    """Let all entrants predict, and write it to `outputs/<profile>/predictions.csv`.

    Scores without unit are mapped to accuracies on the choosing half, of which alone networks are
    trained here.

    Parameters
    ----------
    field : see `modclock.study.trials.field.draw_field`.
    n_runs : how many networks each pipeline has.
    profile : whose folder the file goes to.
    """
    said = run_trials(forecasts(field), names=["part", "case"])
    said = said.assign(kind=[pipeline.kind for pipeline in field])
    trained = run_trials(
        networks(field, n_runs, choosing=True), names=["part", "case", "network_seed"]
    )
    accuracy = trained.groupby("case").test_accuracy.mean()
    table = predictions(said, accuracy).round(6)
    text = table.to_csv(index=False, lineterminator="\n")
    key = hashlib.sha256(text.encode()).hexdigest()
    path = output_root() / profile / "predictions.csv"
    write_text(path, text)
    return Fixed(table, TrialStore(store_path()).note(key), path)


def predictions(said: pd.DataFrame, accuracy: pd.Series) -> pd.DataFrame:
    """Accuracies that the entrants predict, all that is fitted being fitted on the choosing half.

    Parameters
    ----------
    said : one row a pipeline: part, case, kind, composition, guessing, and a column for each of
        `PREDICTORS`; what an entrant could not say is missing, and taken for guessing.
    accuracy : mean test accuracy of the networks of each pipeline of the choosing half, by case.

    Returns
    -------
    DataFrame, one row a pipeline outside of the choosing half: part, case, and the accuracy that
    each entrant predicts; and what the lookup by kind of encoder and composition, all entrants
    that train no network combined, and guessing do.
    """
    chosen = said.part == "choosing"
    known = accuracy[said.case[chosen]].to_numpy()
    first, others = said[chosen], said[~chosen]
    found = others[["part", "case"]].reset_index(drop=True)
    for name, entrant in PREDICTORS.items():
        if entrant.gives_accuracy:
            found[name] = others[name].fillna(others[GUESSING]).to_numpy().clip(0.0, 1.0)
        else:
            told = first[name].notna().to_numpy()
            new = others[name].fillna(first[name].median())
            found[name] = as_accuracy(first[name][told], known[told], new)
    names = ["kind", "composition"]
    found[LOOKUP] = looked_up(
        [*first[names].itertuples(index=False, name=None)],
        known,
        [*others[names].itertuples(index=False, name=None)],
    )
    found[COMBINED] = combine_untrained(_filled(first, first), known, _filled(others, first))
    found[GUESSING] = others[GUESSING].to_numpy()
    return found


def _filled(rows: pd.DataFrame, first: pd.DataFrame) -> dict[str, pd.Series]:
    """What the entrants that train no network say, with guessing where they could not."""
    return {
        name: rows[name].fillna(
            rows[GUESSING] if PREDICTORS[name].gives_accuracy else first[name].median()
        )
        for name in UNTRAINED
    }


def judging_networks(field: Sequence[Pipeline], n_runs: int, fixed: Fixed) -> pd.DataFrame:
    """Train the networks that judge, after the predictions are fixed.

    Returns
    -------
    DataFrame, one row a pipeline as in `fixed.table`: part, case, network (accuracy of the first
    network, the one that is compared with training again), accuracy (mean of the others, what
    was to be predicted), and fitted (mean accuracy of these on their training rows).

    Raises
    ------
    InputError : if one of them was trained before the predictions were fixed.
    """
    plan = networks(field, n_runs, choosing=False)
    rows = run_trials(plan, names=["part", "case", "network_seed"])
    check_fixed_before(fixed, [trial_key(trial) for trial in plan.values()])
    test, train = (
        rows.pivot(index="case", columns="network_seed", values=f"{side}_accuracy").loc[
            fixed.table.case
        ]
        for side in ("test", "train")
    )
    return fixed.table[["part", "case"]].assign(
        network=test[0].to_numpy(),
        accuracy=test.drop(columns=0).mean(axis=1).to_numpy(),
        fitted=train.drop(columns=0).mean(axis=1).to_numpy(),
    )


def check_fixed_before(fixed: Fixed, keys: Sequence[str]) -> None:
    """Refuse predictions that are newer than a trial of these.

    Raises
    ------
    InputError : with both times.
    """
    first = min(TrialStore(store_path()).finished(keys).values())
    if fixed.written > first:
        raise InputError(
            f"{fixed.path}: these predictions are of {fixed.written}, and a network that is to "
            f"judge them was trained at {first}: draw another field with another first_seed, or "
            "begin with an empty output folder"
        )

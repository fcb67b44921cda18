"""The race as a picture and as a table: who needs how many steps, and how long."""

from __future__ import annotations

from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter
from pandas.io.formats.style import Styler

from modclock.study.figures.rows import unnested

_BEFORE = "AdamW"  # what others are compared with, on one-hot codes
_CLOSED = ("feature machine", "linear readout")
_SEARCH = 10  # settings of a short search, of which a long one is made


def standings(rows: pd.DataFrame) -> pd.DataFrame:
    """One row an entrant: medians over seeds, in which a failure is slower than all others.

    Parameters
    ----------
    rows : one row a `RaceTrial`.

    Returns
    -------
    DataFrame with method, encoding, network, settings; reached and seeds, counts; test_accuracy,
    the mean at the end; steps, products and seconds (compiling and training), medians, infinite
    where half of the seeds or more fail; compiling, its part of the seconds; and steps_ratio and
    seconds_ratio, how many times as many plain AdamW needs on one-hot codes with the same
    network. Those without a network are compared with the first network in the table. Sorted by
    seconds.
    """
    races = _entrants(unnested(rows, "races"))
    times = _entrants(unnested(rows, "times"))
    keys = ["method", "encoding", "network"]
    every = races.merge(
        times[[*keys, "race_seed", "compiling", "training"]], on=[*keys, "race_seed"]
    )
    every["seconds"] = every.compiling + every.training
    measured = ["steps", "products", "seconds"]
    every[measured] = every[measured].where(every.reached, np.inf)
    by_entrant = every.groupby(keys, sort=False)
    table = by_entrant[measured].median().join(by_entrant.agg(
        settings=("settings", "first"), reached=("reached", "sum"), seeds=("reached", "size"),
        test_accuracy=("test_accuracy", "mean"), compiling=("compiling", "median"),
    )).reset_index()  # fmt: skip
    plain = table[(table.method == _BEFORE) & (table.encoding == "one-hot")].set_index("network")
    against = table.network.where(table.network.isin(plain.index), plain.index[0])
    for name in ("steps", "seconds"):
        table[f"{name}_ratio"] = against.map(plain[name]) / table[name]
    return table.sort_values(["seconds", "test_accuracy"], ascending=[True, False], kind="stable")


def steps_figure(rows: pd.DataFrame, title: str) -> Figure:
    """Every seed of every entrant: steps on a log scale, crosses where it failed.

    Parameters
    ----------
    rows : one row a `RaceTrial`; entrants are drawn in the order of the rows.
    title : of the figure.
    """
    races = _entrants(unnested(rows, "races"))
    races["entrant"] = races.method + ", " + races.encoding
    order = list(dict.fromkeys(races.entrant))
    networks = list(dict.fromkeys(races.network))
    figure, stack = plt.subplots(
        1, len(networks), figsize=(5 + 3 * len(networks), 1.2 + 0.27 * len(order)), sharey=True,
        squeeze=False,
    )  # fmt: skip
    for axes, network in zip(stack.flat, networks, strict=True):
        part = races[races.network == network]
        for reached, marker, colour in ((True, "o", "C0"), (False, "x", "C3")):
            found = part[part.reached == reached]
            places = found.entrant.map(order.index) + 0.05 * (found.race_seed % 5 - 2)
            axes.scatter(
                found.steps, places, marker=marker, color=colour, s=26, alpha=0.7,
                label="99 % reached" if reached else "never reached: steps it was given",
            )  # fmt: skip
        axes.set(xscale="log", xlabel="steps", title=network)
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 3)))
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.set(yticks=range(len(order)), yticklabels=order, ylim=(len(order) - 0.5, -0.5))
    stack.flat[-1].legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    figure.suptitle(title)
    return figure


def seconds_figure(table: pd.DataFrame, title: str, bound: float) -> Figure:
    """Core-seconds of all entrants of which more than half of the seeds got there.

    Parameters
    ----------
    table : see `standings`.
    title : of the figure.
    bound : seconds at which a dotted line is drawn.
    """
    there = table[np.isfinite(table.seconds)]
    names = there.method + ", " + there.encoding + there.network.map(_ending)
    figure, axes = plt.subplots(figsize=(8, 1.4 + 0.24 * len(there)))
    training = there.seconds - there.compiling
    axes.barh(names, there.compiling, color="0.75", label="compiling")
    axes.barh(names, training, left=there.compiling, color="C0", label="training")
    axes.axvline(bound, color="0.35", linestyle=":")
    axes.invert_yaxis()
    axes.set(title=title, xlabel="core-seconds (median over seeds)")
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    sns.despine(ax=axes, left=True)
    return figure


def standings_in_words(table: pd.DataFrame) -> Styler:
    """The standings to be read: what failed is said, not written as infinity.

    Parameters
    ----------
    table : see `standings`.
    """
    reached = table.reached.astype(str) + " of " + table.seeds.astype(str)
    shown = table.assign(reached=reached)[list(_SHOWN)]
    shown = shown.rename(columns=lambda name: name.replace("_", " "))
    return shown.style.hide().format(
        {name.replace("_", " "): form for name, form in _SHOWN.items() if form}
    )


def tuning_in_words(rows: pd.DataFrame) -> Styler:
    """What the random search of each entrant found, and how much another one might have found.

    Parameters
    ----------
    rows : one row a `RaceTrial`.

    Returns
    -------
    A table with activation, entrant; reached and tried, counts of settings; the best test accuracy;
    and the fewest steps to the target in each ten settings, in the order in which they were drawn.
    """
    tuning = unnested(rows, "tuning")
    tuning["entrant"] = tuning.method + ", " + tuning.encoding + ", " + tuning.split
    entrants = tuning.groupby(["activation", "entrant"], sort=False)
    tuning["ten"] = entrants.cumcount() // _SEARCH
    tuning["needed"] = tuning.steps.where(tuning.reached, np.inf)
    table = entrants.agg(
        reached=("reached", "sum"), tried=("reached", "size"), best=("test_accuracy", "max")
    )
    fewest = tuning.groupby(["activation", "entrant", "ten"]).needed.min().unstack()
    table["fewest steps in each ten settings"] = fewest.apply(
        lambda row: ", ".join(f"{n:g}" if np.isfinite(n) else "none" for n in row.dropna()), axis=1
    )
    shown = table.rename(columns={"best": "best test accuracy"}).reset_index()
    return shown.style.hide().format({"best test accuracy": "{:.1%}"})


def _or_failed(form: str) -> Callable[[float], str]:
    return lambda value: f"{value:{form}}" if np.isfinite(value) else "failed"


def _ratio(value: float) -> str:
    """How many times as much plain AdamW needs."""
    if np.isinf(value):
        return "AdamW failed"
    return f"{value:.2f}" if value > 0 else ""


_SHOWN: dict[str, Callable[[float], str] | None] = {
    "method": None,
    "encoding": None,
    "network": None,
    "reached": None,
    "test_accuracy": "{:.1%}".format,
    "steps": _or_failed("g"),
    "steps_ratio": _ratio,
    "products": _or_failed(".1e"),
    "seconds": _or_failed(".2f"),
    "seconds_ratio": _ratio,
}


def conclusion(table: pd.DataFrame, bound: float) -> str:
    """What the standings say, in sentences: the fastest, the fastest without an encoding, failures.

    Parameters
    ----------
    table : see `standings`.
    bound : core-seconds that the fastest entrant should not need more than.
    """
    there = table[np.isfinite(table.seconds)]
    if there.empty:
        return "No entrant gets half of its seeds to 99 % of the test pairs."
    said = [f"{_sentence('The fastest entrant is', there.iloc[0])} "]
    met = "within" if there.seconds.iloc[0] <= bound else "not within"
    said += [f"That is {met} the {bound:g} seconds that were the aim. "]
    alone = there[there.encoding == "one-hot"]
    if len(alone):
        said += [_sentence("Without an encoding it is", alone.iloc[0]), " "]
    trained = alone[~alone.method.isin(_CLOSED)]
    for network, part in trained.groupby("network", sort=False):
        first = part.sort_values("steps", kind="stable").iloc[0]
        plain = (
            f"AdamW needs {first.steps_ratio:.2f} times as many. "
            if np.isfinite(first.steps_ratio)
            else "AdamW does not get half of its seeds there. "
        )
        said += [
            f"With the {network} network and one-hot codes {first.method} needs the fewest steps, "
            f"{first.steps:g}; {plain}"
        ]
        given = there[(there.network == network) & (there.method == _BEFORE)].set_index("encoding")
        if {"one-hot", "cosines"} <= set(given.index):
            fewer = given.steps_ratio["cosines"]
            said += [f"With cosines AdamW needs 1/{fewer:.1f} of its steps on one-hot codes. "]
    failed = int((table.reached == 0).sum())
    return "".join(said) + f"Of {len(table)} entrants {failed} never get there."


def _sentence(start: str, row: pd.Series) -> str:
    return (
        f"{start} {row.method} on {row.encoding}{_ending(row.network)}: {row.seconds:.2g} "
        f"core-seconds, {row.compiling:.2g} of them to compile, {row.reached} of {row.seeds} seeds."
    )


def _entrants(races: pd.DataFrame) -> pd.DataFrame:
    """With a column for the network, of which those that solve equations have none.

    The encoding says which of them have the easier, random split.
    """
    network = races.activation.where(~races.method.isin(_CLOSED), "no network")
    easier = races.split.map({"mirrored": "", "random": ", random split"})
    return races.assign(network=network, encoding=races.encoding + easier)


def _ending(network: str) -> str:
    return "" if network == "no network" else f" ({network})"

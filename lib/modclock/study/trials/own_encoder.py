"""An encoder of the reader's own: checked before anything is trained, and scored."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from inspect import signature
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from tqdm.auto import tqdm

from modclock.analysis.properties import measure_properties
from modclock.classifiers.presets import mlp_classifier
from modclock.datasets import make_pairs, modular_sum, split_pairs
from modclock.pairing import PairEncoder, needed_parameters
from modclock.study.errors import in_words
from modclock.study.trials.base import one_thread_quietly, random_stream
from modclock.study.trials.compared_inputs import defined_compositions
from modclock.study.trials.trial import evaluate, seeded


def check_encoder(encoder: Any, p: int) -> None:
    """Refuse an encoder that can't be compared, and say what is wrong with it.

    Parameters
    ----------
    encoder : a scikit-learn transformer from an int column to codes.
    p : modulus; the numbers to encode are 0 to p - 1.

    Raises
    ------
    ValueError : if it is no such transformer, its codes are not one row of finite numbers a
        number, they change from call to call or with the numbers beside them, or it takes a
        random_state and ignores it.

    Examples
    --------
    >>> from modclock.encoders import VarCycleEncoder
    >>> check_encoder(VarCycleEncoder(30), p=11)
    """
    _check_class(encoder)
    name = type(encoder).__name__
    numbers = np.arange(p)[:, np.newaxis]
    try:
        codes, again, other = (codes_of_numbers(encoder, p, seed) for seed in (0, 0, 1))
        fitted = clone_with(encoder, 0).fit(numbers)
        returned, alone = fitted.transform(numbers), fitted.transform(numbers[1:2])
    except (Exception, SystemExit) as error:  # whatever the reader's class raises
        words = in_words(error).removeprefix("ValueError: ").removeprefix(f"{name}: ")
        raise ValueError(f"{name}: fails on the numbers 0 to {p - 1}: {words}") from error
    if np.ma.is_masked(returned):
        raise ValueError(f"{name}: the codes have values under a mask, which are missing")
    if not isinstance(returned, np.ndarray):
        raise ValueError(
            f"{name}: transform returns a {type(returned).__name__}, not an array: take to_numpy() "
            "of a table, and sparse_output=False or toarray() of a sparse matrix"
        )
    if codes.ndim != 2 or len(codes) != p or codes.shape[1] == 0:
        raise ValueError(
            f"{name}: transform returns shape {codes.shape} for {p} numbers, not ({p}, width)"
        )
    if codes.dtype.kind not in "fiub":
        raise ValueError(f"{name}: the codes are {codes.dtype}, not real numbers")
    if not np.isfinite(codes).all():
        first = np.flatnonzero(~np.isfinite(codes).all(axis=1))[0]
        raise ValueError(f"{name}: the codes have NaN or infinite values, as that of {first}")
    if 2 * np.abs(codes.astype(float)).max() > np.finfo(np.float32).max:
        raise ValueError(f"{name}: sums of the codes are beyond the values of float32, 3.4e38")
    if not np.array_equal(codes, again):
        raise ValueError(f"{name}: not deterministic: the same random_state gives other codes")
    # A product of matrices rounds by how many rows it has.
    if not np.allclose(codes[1:2], alone, rtol=1e-9, atol=1e-9 * np.abs(codes).max()):
        raise ValueError(f"{name}: the code of a number depends on the numbers beside it")
    # scikit-learn's own take it for samples that are larger than these.
    is_own = not type(encoder).__module__.startswith("sklearn.")
    if is_own and "random_state" in encoder.get_params() and np.array_equal(codes, other):
        raise ValueError(f"{name}: ignores random_state: every seed gives the same codes")
    if getattr(encoder, "emits_bits", False) and not np.isin(codes, (0, 1)).all():
        raise ValueError(f"{name}: says emits_bits, but has values other than 0 and 1")


def _check_class(encoder: Any) -> None:
    """Refuse what is no estimator."""
    name = type(encoder).__name__
    needed = ("fit", "transform", "get_params", "set_params")
    if missing := [method for method in needed if not hasattr(encoder, method)]:
        raise ValueError(
            f"{name}: has no {', '.join(missing)}; derive it from "
            "modclock.encoders.base.NumberEncoder or from scikit-learn's TransformerMixin and "
            "BaseEstimator"
        )
    forgotten = [
        parameter
        for parameter, kind in signature(type(encoder).__init__).parameters.items()
        if kind.kind in (kind.POSITIONAL_OR_KEYWORD, kind.KEYWORD_ONLY)
        and parameter != "self"
        and not hasattr(encoder, parameter)
    ]
    if forgotten:
        raise ValueError(
            f"{name}: __init__ has to store {forgotten[0]} as self.{forgotten[0]}, as all "
            "estimators of scikit-learn do"
        )


def score_encoder(
    encoder: Any, *, p: int, active: float, n_seeds: int, learner: Mapping[str, Any]
) -> pd.DataFrame:
    """Train the network on every composition of an encoder's codes, and measure the codes.

    Seeds mean what they mean in a `Trial`: with the same seed, learner and encoder both give
    the same accuracies.

    Parameters
    ----------
    encoder : what `check_encoder` lets pass.
    p : modulus.
    active : share of the values of a code that win where a composition makes bits of it.
    n_seeds : seeds 0, 1, ... of split, encoder and network.
    learner : keyword arguments of `modclock.classifiers.mlp_classifier`.

    Returns
    -------
    DataFrame, one row a composition and seed: composition, seed, train_accuracy and
    test_accuracy on strict pairs, half of them for training; diagonal_accuracy on all pairs
    i == j, none of which was trained on; and the properties of the codes of the strict pairs
    (`measure_properties`).
    """
    pairs = make_pairs(p)
    answers = modular_sum(pairs, p)
    diagonal = np.repeat(np.arange(p)[:, np.newaxis], 2, axis=1)
    k = winners(codes_of_numbers(encoder, p, 0).shape[1], active)
    rows = []
    conditions = [(c, seed) for c in defined_compositions(encoder) for seed in range(n_seeds)]
    for composition, seed in tqdm(conditions, desc="your encoder", file=sys.stdout):
        own = clone_with(encoder, random_stream(seed, 1))
        pair_encoder = PairEncoder(own, composition=composition)
        if "k" in needed_parameters(own, composition):
            pair_encoder.set_params(k=k)
        network = seeded(mlp_classifier(**learner), random_stream(seed, 2))
        model = make_pipeline(pair_encoder, network)
        split = split_pairs(pairs, "random", 0.5, random_stream(seed, 0))
        try:
            metrics = evaluate(model, *split, p)
        except ValueError as error:
            name = type(encoder).__name__
            raise ValueError(f"{name} with {composition}, seed {seed}: {error}") from error
        with one_thread_quietly():
            row = {
                "composition": composition,
                "seed": seed,
                "train_accuracy": metrics["train_accuracy"],
                "test_accuracy": metrics["test_accuracy"],
                "diagonal_accuracy": model.score(diagonal, modular_sum(diagonal, p)),
            }
            rows.append(row | measure_properties(model[0].transform(pairs), answers))
    return pd.DataFrame(rows)


def standing(rows: pd.DataFrame, name: str) -> str:
    """Where an encoder stands among all others, by overlap and by the best composition.

    Parameters
    ----------
    rows : one row a pipeline and seed: encoder, composition, test_accuracy.
    name : of the encoder.

    Examples
    --------
    >>> rows = pd.DataFrame({"encoder": ["mine", "mine", "one-hot"],
    ...                      "composition": ["bind", "overlap", "overlap"],
    ...                      "test_accuracy": [0.9, 0.2, 0.8]})
    >>> print(standing(rows, "mine"))
    mine by overlap: 20.0%, place 2 of 2
    mine by the best composition (bind): 90.0%, place 1 of 2
    """
    mean = rows.groupby(["encoder", "composition"]).test_accuracy.mean().unstack()
    best = mean.max(axis=1)
    columns = {"overlap": mean.overlap, f"the best composition ({mean.loc[name].idxmax()})": best}
    return "\n".join(
        f"{name} by {title}: {column[name]:.1%}, "
        f"place {1 + (column > column[name]).sum()} of {len(column)}"
        for title, column in columns.items()
    )


def winners(width: int, active: float) -> int:
    """How many values of a code win if a share of them does: at least one.

    >>> winners(400, 1 / 3)
    133
    """
    return max(1, round(active * width))


def clone_with(encoder: Any, random_state: int) -> Any:
    """An unfitted copy of an encoder with a random state, where it takes one."""
    return seeded(clone(encoder), random_state)


def codes_of_numbers(encoder: Any, p: int, random_state: int) -> NDArray[np.floating]:
    """What a copy of an encoder with a random state makes of the numbers 0 to p - 1."""
    numbers = np.arange(p)[:, np.newaxis]
    return np.asarray(clone_with(encoder, random_state).fit(numbers).transform(numbers))

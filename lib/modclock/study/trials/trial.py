"""Trial: one frozen, validated spec -> one dict of metrics."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any, Self

import numpy as np
from pydantic import JsonValue, model_validator
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline, make_pipeline

from modclock.analysis.accuracy import accuracy_by_diagonal
from modclock.datasets import IntArray, make_pairs, modular_answers, split_pairs
from modclock.pairing import COMPOSITIONS, PairEncoder, needed_parameters
from modclock.study.trials.base import BaseTrial, one_thread_quietly
from modclock.study.trials.lookup import encoder_class, learner
from modclock.validation import CheckedParameters, check_choice

_NO_PART = {"random_state", "dtype", "sparse_output"}
_CHECKED: set[str] = set()  # encodings and learners that no part refuses, as JSON


def seeded(estimator: BaseEstimator, random_state: int) -> BaseEstimator:
    """The estimator itself, every `random_state` of it and of its parts set."""
    for name in estimator.get_params():
        if name == "random_state" or name.endswith("__random_state"):
            estimator.set_params(**{name: random_state})
    return estimator


def evaluate(
    model: BaseEstimator, train: IntArray, test: IntArray, p: int, operation: str = "add"
) -> dict[str, Any]:
    """Train a model of pairs on one thread and measure; see `Trial.run` for what it returns."""
    with one_thread_quietly():
        model.fit(train, modular_answers(train, p, operation))
        predicted = {"train": model.predict(train), "test": model.predict(test)}
    metrics: dict[str, Any] = {"n_train": len(train), "n_test": len(test)}
    for side, pairs in (("train", train), ("test", test)):
        answers = modular_answers(pairs, p, operation)
        for name, value in accuracy_by_diagonal(predicted[side], answers, pairs).items():
            metrics[f"{side}_{name}"] = value
    return metrics | {"test_predictions": predicted["test"].tolist()}


class EncodedTrial(BaseTrial):
    """Which pairs, and how they are encoded: what trials on encodings have in common.

    All randomness comes from `seed`: the split, the encoder and a learner each draw from
    a stream of their own, so trials that differ in one of them share the other two.

    Parameters
    ----------
    p, operation, pairs, split, train_fraction : see `modclock.datasets`.
    encoder, encoder_params : class name in `modclock.encoders` and its parameters.
    composition, k, n_levels : see `modclock.pairing.PairEncoder`; the last two are given
        just where the composition makes use of them.
    seed : whole number, at least 0.

    Raises
    ------
    pydantic.ValidationError : for an unknown name or field, a wrong type, or values that
        the operation, encoder, composition or split refuses.
    """

    p: int = 97
    operation: str = "add"
    pairs: str = "strict"
    split: str = "random"
    train_fraction: float = 0.5
    encoder: str = "VarCycleEncoder"
    encoder_params: dict[str, JsonValue] = {}
    composition: str = "overlap"
    k: int | None = None
    n_levels: int | None = None

    @model_validator(mode="after")
    def _check_encoding(self) -> Self:
        """Let every part refuse what it can't do now, not in the middle of a run."""
        kind = encoder_class(self.encoder)
        check_choice("composition", self.composition, COMPOSITIONS)
        for name in self.encoder_params:
            check_choice("encoder_params", name, _keywords(kind))
        needed = needed_parameters(kind, self.composition)
        for name in ("k", "n_levels"):
            given = getattr(self, name) is not None
            if given != (name in needed):
                verb = "takes no" if given else "needs"
                raise ValueError(
                    f"{name}: composition {self.composition!r} of {self.encoder} {verb} {name}"
                )
        # Neither seed nor learner matters here, so most trials of a run are like one before.
        fields = self.model_dump_json(include=EncodedTrial.model_fields.keys() - {"seed"})
        if fields not in _CHECKED:
            self.split_pairs()
            self.pair_encoder().fit_transform(np.zeros((1, 2), dtype=np.int64))
            _CHECKED.add(fields)
        return self

    def split_pairs(self) -> tuple[IntArray, IntArray]:
        """The trial's training and test pairs."""
        pairs = make_pairs(self.p, self.pairs, self.operation)
        return split_pairs(pairs, self.split, self.train_fraction, self._stream(0))

    def pair_encoder(self) -> PairEncoder:
        """The trial's unfitted encoder of pairs."""
        encoder = seeded(encoder_class(self.encoder)(**self.encoder_params), self._stream(1))
        chosen = {"k": self.k, "n_levels": self.n_levels}
        given = {name: value for name, value in chosen.items() if value is not None}
        return PairEncoder(encoder, composition=self.composition, **given)

    def spec(self) -> dict[str, Any]:
        """The trial as plain values, the defaults of its encoder filled in."""
        filled = _filled(encoder_class(self.encoder), self.encoder_params)
        return super().spec() | {"encoder_params": filled}

    def parts(self) -> tuple[Any, ...]:
        """The encoder."""
        return (encoder_class(self.encoder),)


class Trial(EncodedTrial):
    """One training run: which pairs, which encoding, which learner, which seed.

    Parameters
    ----------
    p to n_levels, seed : see `EncodedTrial`.
    classifier, classifier_params : name in `modclock.classifiers.PRESETS` and its
        keyword arguments.

    Raises
    ------
    pydantic.ValidationError : as for an `EncodedTrial`, or for a learner that does not exist or
        refuses its arguments.

    Examples
    --------
    >>> trial = Trial(p=11, encoder_params={"n_clocks": 30}, k=10, seed=1,
    ...               classifier="nearest_neighbor")
    >>> sorted(trial.run())[:2]
    ['n_test', 'n_train']
    """

    classifier: str = "mlp_classifier"
    classifier_params: dict[str, JsonValue] = {}

    @model_validator(mode="after")
    def _check_classifier(self) -> Self:
        fields = self.model_dump_json(include={"classifier", "classifier_params"})
        if fields in _CHECKED:
            return self
        make = learner(self.classifier)
        for name in self.classifier_params:
            check_choice("classifier_params", name, _keywords(make))
        classifier = self.pipeline()[1]  # whose preset refuses what can't be
        if isinstance(classifier, CheckedParameters):
            classifier.check_parameters()
        _CHECKED.add(fields)
        return self

    def pipeline(self) -> Pipeline:
        """The trial's unfitted model: pair encoder, then classifier."""
        classifier = seeded(learner(self.classifier)(**self.classifier_params), self._stream(2))
        return make_pipeline(self.pair_encoder(), classifier)

    def spec(self) -> dict[str, Any]:
        """The trial as plain values, the defaults of its encoder and learner filled in."""
        filled = _filled(learner(self.classifier), self.classifier_params)
        return super().spec() | {"classifier_params": filled}

    def parts(self) -> tuple[Any, ...]:
        """The encoder and the learner."""
        return (*super().parts(), learner(self.classifier))

    def run(self) -> dict[str, Any]:
        """Train on one thread and measure.

        Returns
        -------
        dict with n_train and n_test, then for both sides (train_..., test_...) accuracy,
        diagonal_accuracy (pairs with i == j) and off_diagonal_accuracy as fractions, None
        where there are no such pairs; test_predictions, one class a test pair; and
        weight_norm, if the learner tells it.
        """
        model = self.pipeline()
        metrics = evaluate(model, *self.split_pairs(), self.p, self.operation)
        if hasattr(model[-1], "weight_norm_"):
            metrics["weight_norm"] = model[-1].weight_norm_
        return metrics


@cache
def _keywords(factory: Callable[..., Any]) -> dict[str, Any]:
    """The parameters of an encoder class or learner preset, with their defaults.

    The seed of the trial gives the random state, and how codes are stored is no part of a trial.
    """
    parameters = inspect.signature(factory).parameters.values()
    return {item.name: item.default for item in parameters if item.name not in _NO_PART}


def _filled(factory: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any]:
    """The given parameters over the defaults; 10 is 10.0 where the default is a float."""
    defaults = _keywords(factory)
    whole = (name for name, value in given.items() if type(value) is int)
    floats = {name: float(given[name]) for name in whole if type(defaults[name]) is float}
    return defaults | given | floats

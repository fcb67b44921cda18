"""CurveTrial: how accuracy grows with the epochs, for a scaling and a step size."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator
from sklearn.base import BaseEstimator
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from modclock.datasets import IntArray, modular_answers
from modclock.study.trials.base import one_thread_quietly, random_stream
from modclock.study.trials.trial import Trial

Scaling = Literal["none", "centred", "standardised"]


class CurveTrial(Trial):
    """A network that is looked at after several epochs of one training.

    It never stops early: scikit-learn's `fit` ends a training of which the loss has not fallen for
    ten epochs, which would make a long budget short where it is needed most.

    Parameters
    ----------
    p to n_levels, seed, classifier_params : see `Trial`; the classifier is the MLPClassifier, and
        its `max_iter` has no meaning here.
    epochs : numbers of passes over the training pairs after which accuracies are taken, rising.
    scaling : what is done to the codes, with the means and spreads of the training codes.
    learning_rate : Adam's; 1e-3 is scikit-learn's default, and so the thread's.
    holdout : share of the training pairs that are set aside, to choose a setting by.
    shuffled_labels : train on shuffled answers. All that is learned then is learned by heart.

    Raises
    ------
    pydantic.ValidationError : as for a `Trial`, for another classifier, or for epochs that do not
        rise.

    Examples
    --------
    >>> trial = CurveTrial(p=11, encoder_params={"n_clocks": 30}, k=10, epochs=[1, 3], holdout=0.2,
    ...                    classifier_params={"width_factor": 0.05})
    >>> [sorted(row) for row in trial.run()["evaluations"]][0]
    ['epoch', 'test_accuracy', 'train_accuracy', 'validation_accuracy']
    """

    epochs: list[int] = Field(min_length=1)
    scaling: Scaling = "none"
    learning_rate: float = Field(default=1e-3, gt=0)
    holdout: float = Field(default=0.0, ge=0, lt=1)
    shuffled_labels: bool = False

    @model_validator(mode="after")
    def _check_curve(self) -> Self:
        if self.classifier != "mlp_classifier":
            raise ValueError(f"classifier: mlp_classifier alone has a curve, not {self.classifier}")
        if sorted(set(self.epochs)) != self.epochs or self.epochs[0] < 1:
            raise ValueError(f"epochs: rising numbers of at least 1, got {self.epochs}")
        return self

    def run(self) -> dict[str, Any]:
        """Train on one thread, and measure after each number of epochs.

        Returns
        -------
        dict with n_train, n_validation and n_test; train_accuracy and test_accuracy at the end;
        test_predictions at the end, one class a test pair; and evaluations, for each number of
        epochs a dict with epoch, train_accuracy, validation_accuracy (None without a holdout)
        and test_accuracy. Accuracies on training pairs are those on the labels that were trained.
        """
        train, test = self.split_pairs()
        rng = np.random.default_rng(random_stream(self.seed, 2))
        n_validation = round(self.holdout * len(train))
        train = rng.permutation(train)
        train, validation = train[n_validation:], train[:n_validation]
        with one_thread_quietly():
            encoder = self.pair_encoder().fit(train)
            scaler = _scaler(self.scaling).fit(encoder.transform(train))
            codes = {
                name: scaler.transform(encoder.transform(pairs))
                for name, pairs in (("train", train), ("validation", validation), ("test", test))
                if len(pairs)
            }
            answers = {"train": self._answers(train), "validation": self._answers(validation)}
            answers["test"] = self._answers(test)
            if self.shuffled_labels:
                answers["train"] = rng.permutation(answers["train"])
            network: MLPClassifier = self.pipeline()[-1]
            network.set_params(learning_rate_init=self.learning_rate)
            evaluations = []
            for epoch in range(1, self.epochs[-1] + 1):
                network.partial_fit(codes["train"], answers["train"], classes=np.arange(self.p))
                if epoch in self.epochs:
                    found = {name: network.predict(code) for name, code in codes.items()}
                    evaluations.append(
                        {"epoch": epoch}
                        | {
                            f"{name}_accuracy": _accuracy(found.get(name), truth)
                            for name, truth in answers.items()
                        }
                    )
        last = evaluations[-1]
        return {
            "n_train": len(train),
            "n_validation": n_validation,
            "n_test": len(test),
            "train_accuracy": last["train_accuracy"],
            "test_accuracy": last["test_accuracy"],
            "test_predictions": found["test"].tolist(),
            "evaluations": evaluations,
        }

    def _answers(self, pairs: IntArray) -> NDArray[np.int64]:
        return modular_answers(pairs, self.p, self.operation)


def _scaler(scaling: Scaling) -> BaseEstimator:
    if scaling == "none":
        return FunctionTransformer()
    return StandardScaler(with_std=scaling == "standardised")


def _accuracy(predicted: ArrayLike | None, truth: NDArray[np.int64]) -> float | None:
    return None if predicted is None else float(np.mean(predicted == truth))

"""Classifiers: the thread's learners and a few cheap probes, by name."""

from modclock.classifiers import presets
from modclock.classifiers.fast_transform import FastTransformClassifier
from modclock.classifiers.one_hot_regressor import OneHotRegressorClassifier
from modclock.classifiers.presets import mlp_classifier, mlp_regressor
from modclock.classifiers.value_map import ValueMapClassifier

PRESETS = presets.PRESETS | {"fast_transform": FastTransformClassifier}

__all__ = [
    "PRESETS",
    "FastTransformClassifier",
    "OneHotRegressorClassifier",
    "ValueMapClassifier",
    "mlp_classifier",
    "mlp_regressor",
]

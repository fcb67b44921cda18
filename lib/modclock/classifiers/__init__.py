"""Classifiers: the thread's learners and a few cheap probes, by name."""

from modclock.classifiers.one_hot_regressor import OneHotRegressorClassifier
from modclock.classifiers.presets import PRESETS, mlp_classifier, mlp_regressor
from modclock.classifiers.value_map import ValueMapClassifier

__all__ = [
    "PRESETS",
    "OneHotRegressorClassifier",
    "ValueMapClassifier",
    "mlp_classifier",
    "mlp_regressor",
]

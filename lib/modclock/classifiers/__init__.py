"""Classifiers: the thread's learners, by name."""

from modclock.classifiers.presets import PRESETS, mlp_classifier, nearest_neighbor

__all__ = ["PRESETS", "mlp_classifier", "nearest_neighbor"]

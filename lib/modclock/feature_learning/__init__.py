"""Learning of features without networks: recursive feature machines."""

from modclock.feature_learning.recursive_feature_machine import RecursiveFeatureMachine

__all__ = ["RecursiveFeatureMachine"]

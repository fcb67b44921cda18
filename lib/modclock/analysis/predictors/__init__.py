"""How well a network will do with an encoding, foretold from the training pairs alone."""

from modclock.analysis.predictors.problem import Budget, Problem, check_problem
from modclock.analysis.predictors.registry import (
    PREDICTORS,
    Predictor,
    predict_accuracy,
    predict_all,
)

__all__ = [
    "PREDICTORS",
    "Budget",
    "Predictor",
    "Problem",
    "check_problem",
    "predict_accuracy",
    "predict_all",
]

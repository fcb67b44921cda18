"""The thread's learners with its settings, and cheap probes, on scikit-learn.

A preset is a function of a few settings that returns an unfitted classifier, or raises ValueError
for a setting that can't be. Whatever the thread does not state is scikit-learn's default.

`FastTransformClassifier` is not here: it needs JAX, see `modclock.networks.fast_transform`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from numbers import Real
from typing import Any

from sklearn.ensemble import RandomForestClassifier
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.naive_bayes import BernoulliNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier, MLPRegressor

from modclock.classifiers.one_hot_regressor import OneHotRegressorClassifier
from modclock.classifiers.value_map import ValueMapClassifier
from modclock.validation import COUNT, NOT_NEGATIVE, POSITIVE, check_parameter


def mlp_classifier(
    *,
    width_factor: float = 1.0,
    n_hidden: int = 5,
    max_iter: int = 25,
    random_state: Any = None,
) -> MLPClassifier:
    """The thread's MLPClassifier: five hidden layers, 25 iterations (claims C01, C09).

    Parameters
    ----------
    width_factor : every hidden width is multiplied by it; 2 is the thread's network
        for concatenated encodings (C09).
    n_hidden : number of hidden layers, the first twice as wide as the others.
    max_iter : epochs.
    random_state : int, RandomState or None.

    Returns
    -------
    An unfitted MLPClassifier: ReLU, Adam with learning rate 1e-3, batches of 200.

    Raises
    ------
    ValueError : if `width_factor` or `n_hidden` leave no network.

    Examples
    --------
    >>> mlp_classifier(width_factor=2).hidden_layer_sizes
    (1600, 800, 800, 800, 800)
    """
    widths = _hidden_widths(400, n_hidden, width_factor)
    check_parameter("max_iter", max_iter, COUNT)
    return MLPClassifier(hidden_layer_sizes=widths, max_iter=max_iter, random_state=random_state)


def mlp_regressor(
    *,
    width_factor: float = 1.0,
    n_hidden: int = 6,
    max_iter: int = 200,
    random_state: Any = None,
) -> OneHotRegressorClassifier:
    """The thread's MLPRegressor with one output a class (claims C02, C03, C06).

    It trains for all its epochs, long after every training pair is right: the reason why
    the thread's author took a regressor.

    Parameters
    ----------
    width_factor, n_hidden, max_iter, random_state : see `mlp_classifier`.

    Returns
    -------
    An unfitted OneHotRegressorClassifier around an MLPRegressor.

    Raises
    ------
    ValueError : if `width_factor` or `n_hidden` leave no network.

    Examples
    --------
    >>> mlp_regressor().regressor.hidden_layer_sizes
    (400, 200, 200, 200, 200, 200)
    """
    widths = _hidden_widths(200, n_hidden, width_factor)
    check_parameter("max_iter", max_iter, COUNT)
    network = MLPRegressor(
        hidden_layer_sizes=widths,
        max_iter=max_iter,
        n_iter_no_change=max_iter,
        random_state=random_state,
    )
    return OneHotRegressorClassifier(network)


def random_forest(
    *,
    n_trees: int = 100,
    max_depth: int | None = None,
    min_samples_leaf: int = 1,
    random_state: Any = None,
) -> RandomForestClassifier:
    """A random forest on one thread (claim C13).

    >>> random_forest(n_trees=10).n_estimators
    10
    """
    check_parameter("n_trees", n_trees, COUNT)
    check_parameter("max_depth", max_depth, COUNT.or_none())
    check_parameter("min_samples_leaf", min_samples_leaf, COUNT)
    return RandomForestClassifier(
        n_trees,
        max_depth=max_depth,
        min_samples_leaf=min_samples_leaf,
        n_jobs=1,
        random_state=random_state,
    )


def value_map(*, form: str = "frequency") -> ValueMapClassifier:
    """The thread's bit-pair value map (claim C12).

    >>> value_map().form
    'frequency'
    """
    model = ValueMapClassifier(form)
    model.check_parameters()
    return model


def ridge_readout(*, alpha: float = 1.0) -> RidgeClassifier:
    """A linear readout: ridge regression on one-hot classes.

    >>> ridge_readout().alpha
    1.0
    """
    check_parameter("alpha", alpha, NOT_NEGATIVE)
    return RidgeClassifier(alpha=alpha)


def polynomial_readout(*, degree: int = 2, alpha: float = 1.0) -> OneHotRegressorClassifier:
    """Kernel ridge regression with a polynomial kernel: a linear readout of all products.

    Products of up to `degree` values of the input are weighed and added up.

    >>> polynomial_readout(degree=3).regressor.degree
    3
    """
    check_parameter("degree", degree, COUNT)
    check_parameter("alpha", alpha, NOT_NEGATIVE)
    return OneHotRegressorClassifier(KernelRidge(alpha=alpha, kernel="poly", degree=degree))


def logistic_readout(*, C: float = 1.0) -> LogisticRegression:
    """A linear readout: multinomial logistic regression.

    >>> logistic_readout().C
    1.0
    """
    check_parameter("C", C, POSITIVE)
    return LogisticRegression(C=C, max_iter=1000)


def naive_bayes(*, alpha: float = 1.0) -> BernoulliNB:
    """Naive Bayes on bits: what every bit says by itself about the answer.

    >>> naive_bayes().alpha
    1.0
    """
    check_parameter("alpha", alpha, NOT_NEGATIVE)
    return BernoulliNB(alpha=alpha)


def nearest_neighbor() -> KNeighborsClassifier:
    """A probe that only memorises: the answer of the nearest training input.

    It computes nothing, so whatever it gets right on test pairs was in the training half
    already (claim C27) or is in the encoding itself.

    >>> nearest_neighbor().n_neighbors
    1
    """
    return KNeighborsClassifier(n_neighbors=1, algorithm="brute")


PRESETS: dict[str, Callable[..., Any]] = {
    preset.__name__: preset
    for preset in (
        mlp_classifier,
        mlp_regressor,
        random_forest,
        value_map,
        ridge_readout,
        polynomial_readout,
        logistic_readout,
        naive_bayes,
        nearest_neighbor,
    )
}


def _hidden_widths(width: int, n_hidden: int, factor: float) -> tuple[int, ...]:
    if not isinstance(factor, Real) or not 1 / width <= factor < inf:
        raise ValueError(
            f"width_factor is a positive number that leaves every hidden layer at least one "
            f"unit, got {factor!r}"
        )
    if not isinstance(n_hidden, int) or n_hidden < 1:
        raise ValueError(f"n_hidden is an integer of at least 1, got {n_hidden!r}")
    return tuple(round(factor * w) for w in (2 * width, *[width] * (n_hidden - 1)))

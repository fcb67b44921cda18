"""What a trained transformer makes of numbers and of pairs, as encoders (claim C26).

Not among the names of `modclock.encoders`, so that these do without JAX.
"""

from __future__ import annotations

from typing import ClassVar, Self

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from modclock.columns import check_integers, names_of_columns, numbered_names
from modclock.encoders.base import NumberEncoder
from modclock.networks.transformer import Transformer
from modclock.validation import CheckedParameters, Rule, one_of

_A_TRANSFORMER = Rule("a Transformer", lambda value: isinstance(value, Transformer))


class EmbeddingEncoder(NumberEncoder):
    """The embedding of numbers that a transformer has learned.

    Parameters
    ----------
    network : a trained Transformer.

    Examples
    --------
    >>> network = Transformer(7, layers=1, heads=2, width=8, mlp_width=16, layer_norm=False)
    >>> EmbeddingEncoder(network).fit_transform([[3], [3]]).shape
    (2, 8)
    """

    rules: ClassVar[dict[str, Rule]] = {"network": _A_TRANSFORMER}

    def __init__(self, network: Transformer) -> None:
        self.network = network

    def _range(self) -> int:
        return len(self.network.numbers)

    def _encode(self, numbers: NDArray[np.integer]) -> NDArray[np.float64]:
        return np.asarray(self.network.numbers, dtype=np.float64)[numbers]


class StateEncoder(TransformerMixin, CheckedParameters, BaseEstimator):
    """What a transformer holds at "=" in its last block, as the code of a pair.

    Parameters
    ----------
    network : a trained Transformer.
    stage : "attention", the state after attention is added, or "neurons", the hidden units
        of the perceptron after the ReLU.

    Attributes
    ----------
    n_features_in_ : 2.

    Raises
    ------
    ValueError : in `fit` and `transform`, for anything but an int array with two columns of
        numbers from 0 to p - 1.

    Examples
    --------
    >>> network = Transformer(7, layers=1, heads=2, width=8, mlp_width=16, layer_norm=False)
    >>> StateEncoder(network, "neurons").fit_transform([[3, 4], [4, 3], [6, 6]]).shape
    (3, 16)
    """

    n_features_in_: int
    rules: ClassVar[dict[str, Rule]] = {
        "network": _A_TRANSFORMER,
        "stage": one_of(["attention", "neurons"]),
    }

    def __init__(self, network: Transformer, stage: str = "neurons") -> None:
        self.network = network
        self.stage = stage

    def fit(self, X: ArrayLike, y: None = None) -> Self:
        """Check X, int array (n_samples, 2); there is nothing to learn."""
        self.check_parameters()
        self._check(X, reset=True)
        return self

    def transform(self, X: ArrayLike) -> NDArray[np.float32]:
        """Return the states, float32, shape (n_samples, width or mlp_width)."""
        check_is_fitted(self, "n_features_in_")
        pairs = self._check(X, reset=False)
        return np.asarray(_states(self.network, self.stage, jnp.asarray(pairs)))

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray[np.object_]:
        """Names of the states' values: the stage with their places."""
        check_is_fitted(self, "n_features_in_")
        names_of_columns(self, input_features)
        width = _states(self.network, self.stage, jnp.zeros((1, 2), dtype=int)).shape[1]
        return numbered_names(self.stage, width)

    def _check(self, X: ArrayLike, *, reset: bool) -> NDArray[np.integer]:
        pairs = check_integers(self, X, reset=reset, n_columns=2)
        p = len(self.network.numbers)
        if pairs.min() < 0 or pairs.max() >= p:
            wrong = pairs.min() if pairs.min() < 0 else pairs.max()
            raise ValueError(f"StateEncoder encodes 0..{p - 1}, but X holds {wrong}")
        return pairs


@eqx.filter_jit
def _states(network: Transformer, stage: str, pairs: Array) -> Array:
    return network.attended(pairs) if stage == "attention" else network.neurons(pairs)

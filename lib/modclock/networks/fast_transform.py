"""FastTransformClassifier: fixed fast mixing, trainable slopes between (claim C22)."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from modclock.validation import COUNT, NOT_NEGATIVE, POSITIVE, CheckedParameters, Rule


class FastTransformClassifier(ClassifierMixin, CheckedParameters, BaseEstimator):
    """A network of fixed fast Walsh-Hadamard transforms with trainable elementwise functions.

    A layer takes O(n log n) operations and has 2 n weights, where a dense one has n^2 of both.
    The function of a unit is a line through zero with one slope above and another below.
    Trained by AdamW on the cross-entropy.

    Parameters
    ----------
    n_layers : number of layers.
    width : units of a layer, a power of two; when None, the smallest that holds all features and
        classes.
    max_iter : most epochs; an epoch is as many steps as there are whole batches.
    batch_size : samples drawn for a step.
    learning_rate, weight_decay : of AdamW; the decay pulls the slopes to zero.
    n_iter_no_change : stop after as many epochs in which the loss did not fall by `tol`; never
        if None.
    tol : see `n_iter_no_change`, in nats.
    random_state : int, RandomState or None; draws the signs, the slopes and the batches.

    Attributes
    ----------
    classes_ : array (n_classes,).
    n_features_in_ : number of features.
    signs_ : float32 array (n_features,), fixed random signs of the features, so that not all of
        the first transform's sum falls on one unit.
    network_ : the trained FastTransformNetwork.
    weight_norm_ : Euclidean length of all slopes.
    loss_curve_ : list, mean training loss of every epoch.
    n_iter_ : epochs done.

    Raises
    ------
    ValueError : in `fit`, if the width is no power of two or too small.
    FloatingPointError : in `fit`, if the loss is no longer a finite number.

    Examples
    --------
    >>> X, y = np.eye(4), np.array([0, 1, 1, 0])
    >>> FastTransformClassifier(n_layers=2, random_state=0).fit(X, y).score(X, y)
    1.0
    """

    classes_: NDArray[Any]
    n_features_in_: int
    rules: ClassVar[dict[str, Rule]] = {
        "n_layers": COUNT,
        "width": COUNT.or_none(),
        "max_iter": COUNT,
        "batch_size": COUNT,
        "learning_rate": POSITIVE,
        "weight_decay": NOT_NEGATIVE,
        "n_iter_no_change": COUNT.or_none(),
        "tol": NOT_NEGATIVE,
    }

    def __init__(
        self,
        n_layers: int = 5,
        *,
        width: int | None = None,
        max_iter: int = 200,
        batch_size: int = 200,
        learning_rate: float = 1e-2,
        weight_decay: float = 1e-2,
        n_iter_no_change: int | None = None,
        tol: float = 1e-4,
        random_state: Any = None,
    ) -> None:
        self.n_layers = n_layers
        self.width = width
        self.max_iter = max_iter
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Train on X, float array (n_samples, n_features), and y, labels (n_samples,)."""
        self.check_parameters()
        import equinox as eqx
        import jax.numpy as jnp
        import optax

        from modclock.networks.optimizers import AdamW
        from modclock.networks.training import Examples, advance, draw_batches, take
        from modclock.networks.walsh_hadamard import FastTransformNetwork

        samples, y = validate_data(self, X, y, dtype=np.float32)
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        rng = check_random_state(self.random_state)
        self.signs_ = rng.choice([-1, 1], self.n_features_in_).astype(np.float32)
        network = FastTransformNetwork(
            self._checked_width(),
            n_layers=self.n_layers,
            n_classes=len(self.classes_),
            random_state=rng.randint(2**31),
        )
        examples = Examples(self._inputs(samples, network), jnp.asarray(labels))
        batch_size = min(self.batch_size, len(samples))
        batches = draw_batches(len(samples), batch_size, rng.randint(2**31))
        optimizer = AdamW(self.learning_rate, self.weight_decay, beta_2=0.999, warmup_steps=0)
        state = optimizer.init(eqx.filter(network, eqx.is_array))
        self.loss_curve_: list[float] = []
        while len(self.loss_curve_) < self.max_iter and not self._stopped_falling():
            epoch = take(examples, batches, len(samples) // batch_size)
            network, state, loss = advance(network, state, epoch, optimizer)
            self.loss_curve_.append(float(loss))
            if not np.isfinite(loss):
                raise FloatingPointError(
                    f"the training loss is {loss} in epoch {len(self.loss_curve_)}"
                )
        self.network_ = network
        self.weight_norm_ = float(optax.tree.norm(eqx.filter(network, eqx.is_array)))
        self.n_iter_ = len(self.loss_curve_)
        return self

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float32]:
        """Probabilities of the classes, shape (n_samples, n_classes)."""
        return np.asarray(softmax(self._logits(X), axis=1))

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The class with the highest logit."""
        best = self._logits(X).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def _logits(self, X: ArrayLike) -> NDArray[np.float32]:
        import equinox as eqx

        check_is_fitted(self)
        samples = validate_data(self, X, reset=False, dtype=np.float32)
        return np.asarray(eqx.filter_jit(self.network_)(self._inputs(samples, self.network_)))

    def _checked_width(self) -> int:
        least = max(self.n_features_in_, len(self.classes_))
        width = self.width or 1 << (least - 1).bit_length()
        if width & (width - 1) or width < least:
            raise ValueError(f"width is a power of two of at least {least}, got {width}")
        return width

    def _inputs(self, samples: NDArray[np.float32], network: Any) -> Any:
        """The features with their signs, and zeros up to the width of the network."""
        import jax.numpy as jnp

        missing = network.above.shape[1] - samples.shape[1]
        return jnp.asarray(np.pad(samples * self.signs_, ((0, 0), (0, missing))))

    def _stopped_falling(self) -> bool:
        patience, curve = self.n_iter_no_change, self.loss_curve_
        if patience is None or len(curve) <= patience:
            return False
        return min(curve[-patience:]) > min(curve[:-patience]) - self.tol

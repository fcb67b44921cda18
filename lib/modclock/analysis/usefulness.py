"""Scores that are to tell, before anything is trained, how useful an encoding is (claim C28)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from modclock.analysis.properties import measure_properties
from modclock.analysis.spectral import expected_test, spectrum

DEPTH = 5  # hidden layers of the thread's network (C01)
_RIDGE_OF_NETWORK = 1e-6  # next to none, as the network is trained without a penalty
_MOST_LANDMARKS = 1000  # and at most a quarter of the pairs
_RIDGE_OF_READOUT = 1.0  # scikit-learn's default, in units of the squared length of the codes

SCORES = {
    "similarity": "mean similarity (C17)",
    "width": "property 1: width (C14)",
    "directions": "property 1: directions (C14)",
    "constancy": "property 2: constancy (C15)",
    "neighbours": "property 3: neighbours (C16)",
    "alignment_linear": "alignment, linear kernel",
    "alignment_deep": "alignment, deep kernel",
    "learned_linear": "spectral theory, linear kernel",
    "learned_deep": "spectral theory, deep kernel",
}
"""What the scores are called in tables and figures."""


def usefulness_scores(codes: ArrayLike, answers: ArrayLike, n_train: int) -> dict[str, float]:
    """All scores of the codes of all pairs, for a task that `n_train` of them are shown of.

    Parameters
    ----------
    codes : float array-like, shape (n_pairs, width), of all pairs.
    answers : int array-like, shape (n_pairs,), values 0 to n_classes - 1, all present.
    n_train : how many of the pairs a learner would be trained on.

    Returns
    -------
    dict with the names in `SCORES`: the thread's properties; the centred kernel-target alignment of
    the linear kernel and of that of the thread's network at infinite width; and, for both, the
    share of the task that kernel regression learns on the other pairs (`expected_test`).

    Examples
    --------
    Four pairs whose code is their answer, of which two are shown:

    >>> codes = np.repeat(np.eye(2), 2, axis=0)
    >>> scores = usefulness_scores(codes, [0, 0, 1, 1], n_train=2)
    >>> round(scores["alignment_linear"], 3), scores["constancy"]
    (1.0, 1.0)
    """
    values = np.asarray(codes, dtype=np.float64)
    variance = float(((values - values.mean(axis=0)) ** 2).sum(axis=1).mean())
    ridges = {0: _RIDGE_OF_READOUT / max(variance, 1e-12), DEPTH: _RIDGE_OF_NETWORK}
    # Finer modes than these hold what is learned by heart, of which the theory knows less.
    n_landmarks = min(_MOST_LANDMARKS, max(2, len(values) // 4))
    scores = measure_properties(values, answers)
    for name, depth in (("linear", 0), ("deep", DEPTH)):
        found = spectrum(values, answers, depth=depth, n_landmarks=n_landmarks)
        expected = expected_test(found, n_train, len(values), ridges[depth])
        scores |= {f"alignment_{name}": found.alignment, f"learned_{name}": expected.learned}
    return scores

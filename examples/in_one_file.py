"""The study in one file, with NumPy and scikit-learn alone: which encodings let a network add?

    python examples/in_one_file.py

The task: two numbers i and j are given, (i + j) modulo 97 is the answer. A learner sees half of
all pairs with i >= j and is asked for the other half. Guessing gets 1 % of them right. From one
line of the table to the next only one thing changes: how the two numbers are shown to the learner.
All have the same budget, 25 passes over the training pairs. That is a budget, not a law: with 60
the same network gets about 0.4 of the test pairs right from the dense sum, 0.2 from the hands side
by side. The notebooks ask why (04, 05, 13, 20, 21).
"""

from __future__ import annotations

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import RidgeClassifier
from sklearn.neural_network import MLPClassifier

P = 97  # the modulus: 97 numbers, 97 answers
N_CLOCKS, N_WINNERS = 400, 133  # bits of a code, and how many of them are on
EPOCHS = 25
rng = np.random.default_rng(0)

# 1. The pairs, those with i = j among them. Half of them are for training.
pairs = np.array([(i, j) for i in range(P) for j in range(i + 1)])
answers = pairs.sum(axis=1) % P
is_test = rng.permutation(len(pairs)) % 2 == 0
is_equal = pairs[:, 0] == pairs[:, 1]

# 2. The clocks. Every clock starts somewhere and makes a full turn in 2 to 10 steps. The code of a
#    number is where the 400 hands stand after so many steps, in turns from 0 to 1.
starts = rng.uniform(size=N_CLOCKS)
periods = rng.uniform(2, 10, size=N_CLOCKS)
first = (starts + pairs[:, [0]] / periods) % 1
second = (starts + pairs[:, [1]] / periods) % 1


def winners(codes: np.ndarray) -> np.ndarray:
    """The largest values of each code become ones, all others zeros (k winners take all)."""
    bits = np.zeros_like(codes)
    np.put_along_axis(bits, np.argsort(-codes, axis=1, kind="stable")[:, :N_WINNERS], 1, axis=1)
    return bits


# 3. Five ways to make one input of two codes.
INPUTS = {
    # The thread's way: add the hands, keep the strongest third as bits. Each bit depends on both
    # numbers together, and pairs with the same answer tend to have similar bits.
    "overlap": winners(first + second),
    # The same without choosing winners. Each value is a plain sum: one part comes from i alone,
    # the other from j alone. A linear readout of such sums gets fewer right than guessing.
    "dense sum": first + second,
    # Side by side, as bits and as hands. Again each value comes from one number alone. The network
    # learns the training pairs of the bits by heart.
    "bits side by side": np.hstack([winners(first), winners(second)]),
    "hands side by side": np.hstack([first, second]),
    # Look at the column i = j of the overlap: equal numbers fail. The sum of two hands shows more
    # than their angle, namely how often they went round, and equal hands differ from all others in
    # that. With whole turns taken off, as angles are added, equal numbers work too.
    "overlap of angles": winners((first + second) % 1),
}


def accuracies(learner: MLPClassifier | RidgeClassifier, codes: np.ndarray) -> list[float]:
    """Train; the shares of right answers: training pairs, test pairs, test pairs with i = j."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it stops after EPOCHS on purpose
        learner.fit(codes[~is_test], answers[~is_test])
    right = learner.predict(codes) == answers
    groups = (~is_test, is_test & ~is_equal, is_test & is_equal)
    return [float(right[group].mean()) for group in groups]


# 4. Two learners: the thread's network, a quarter as wide, and a linear readout, which can only
#    add up what the single values say.
if __name__ == "__main__":
    print(f"{'input':<20}{'learner':<10}{'train':>8}{'test':>8}{'i = j':>8}")
    for name, codes in INPUTS.items():
        network = MLPClassifier((200, 100, 100, 100, 100), max_iter=EPOCHS, random_state=0)
        for kind, learner in {"network": network, "linear": RidgeClassifier()}.items():
            shares = "".join(f"{share:8.3f}" for share in accuracies(learner, codes))
            print(f"{name:<20}{kind:<10}{shares}", flush=True)
    print(f"{'chance':<20}{'':<10}{1 / P:8.3f}{1 / P:8.3f}{1 / P:8.3f}")

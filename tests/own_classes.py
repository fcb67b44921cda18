"""Encoders as a reader writes them, in a module beside the reader's own work."""

import numpy as np

from modclock.encoders.base import NumberEncoder


class Gray(NumberEncoder):
    def __init__(self, n_bits=7):
        self.n_bits = n_bits

    def _encode(self, numbers):
        gray = numbers ^ (numbers >> 1)
        return (gray[:, np.newaxis] >> np.arange(self.n_bits)) & 1


class Waves(NumberEncoder):
    def _encode(self, numbers):
        return np.cos(2 * np.pi * numbers[:, np.newaxis] / np.linspace(2, 10, 30))

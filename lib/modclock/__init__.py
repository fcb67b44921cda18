"""Why does the encoding of two numbers decide whether a small model learns (i + j) mod p?

The science half (`datasets`, `encoders`, `sdr`, `pairing`, `classifiers`, `analysis`; on JAX
`networks` and `grokking`) is a scikit-learn style library and can be imported alone. The study half
(`study`) runs it.
"""

import modclock._loaded  # noqa: F401  # first of all

__version__ = "0.1.0"

"""Why does the encoding of two numbers decide whether a small model learns (i + j) mod p?

The science half (`datasets`, `encoders`, `sdr`, `pairing`, `classifiers`, `analysis`) is a
scikit-learn style library and can be imported alone. The study half (`study`) runs it.
"""

__version__ = "0.1.0"

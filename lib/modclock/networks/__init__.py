"""Networks on JAX: the transformer, fast transforms, how they are trained.

XLA computes on one thread here, so that numbers do not depend on how many cores there are.
"""

import os

os.environ.setdefault("PJRT_NPROC", "1")

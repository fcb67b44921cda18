"""What only saves time: processes that start at once, and memory that is kept. No number changes.

On Linux, unless the environment variable MODCLOCK_FORK is 0, which turns all of it off. Measured
by `benchmarks/forking_speed.py` on two cores:

- `server`, `kernels`: a kernel with pandas and seaborn is ready in 0.6 s instead of 2.9 s; workers
  are forked from the same process.
- `memory`: a network trains in 0.40 s instead of 0.77 s.
- `startup`: nbformat is imported and used in 0.2 s instead of 1.8 s.
"""

import os
import sys

ON = sys.platform == "linux" and os.environ.get("MODCLOCK_FORK") != "0"

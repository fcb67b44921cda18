"""What only saves time: processes that start at once, and memory that is kept. No number changes.

On Linux, unless the environment variable MODCLOCK_FORK is 0, which turns all of it off.
"""

import os
import sys

ON = sys.platform == "linux" and os.environ.get("MODCLOCK_FORK") != "0"

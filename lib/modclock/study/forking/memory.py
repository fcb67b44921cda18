"""Imported by every process that trains: freed memory is kept for the next array.

Learners that allocate arrays in every step spend most of their time in page faults if freed memory
goes back at once, as Dask has it; keeping it makes an MLP about twice as fast. By a call and not by
the environment, so that it holds on any cluster, however its workers were started.
"""

from __future__ import annotations

import ctypes

from modclock.study.forking import ON

# The names that malloc.h of the GNU C library has for these; other C libraries lack the call.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3

if ON and hasattr(_libc := ctypes.CDLL(None), "mallopt"):
    _libc.mallopt(_M_TRIM_THRESHOLD, 2**30)
    _libc.mallopt(_M_MMAP_THRESHOLD, 2**25)

"""What a trial's numbers depend on beside code: the machine, and settings of numeric libraries.

They are part of every key. So numbers of two kinds of processor, or with another arithmetic, are
never mixed up in one store.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from functools import cache
from pathlib import Path

from modclock.study.errors import InputError

Surroundings = dict[str, str]

# Where trials run if that is not this machine: a run with a scheduler says it to its notebooks.
VARIABLE = "MODCLOCK_SURROUNDINGS"

# What the study fixes; whoever sets another value has other keys.
_FIXED = {"JAX_PLATFORMS": "cpu", "PJRT_NPROC": "1"}
# Some by what they set, some as they put another library in the place of one.
_NUMERIC = re.compile(
    r"(JAX|XLA|PJRT|NPY|OPENBLAS|MKL|BLIS|GOTO|FLEXIBLAS|VECLIB|ONEDNN|DNNL)_"
    r"|(FLEXIBLAS|LD_PRELOAD|GLIBC_TUNABLES)$"
)
# How many threads there are makes no difference to a trial, which runs on one; nor do caches.
_HARMLESS = re.compile(r".*_NUM_THREADS|JAX_COMPILATION_CACHE_.*|JAX_PERSISTENT_CACHE_.*")
_VECTOR_UNIT = re.compile(r"avx|fma|amx")

for _name, _value in _FIXED.items():
    os.environ.setdefault(_name, _value)


def here() -> Surroundings:
    """The surroundings of this process.

    Returns
    -------
    dict with python, platform, cpu, and every environment variable that can change how numeric
    libraries calculate.

    Examples
    --------
    >>> sorted(here())[-3:]
    ['cpu', 'platform', 'python']
    """
    settings = {
        name: value
        for name, value in os.environ.items()
        if _NUMERIC.match(name) and not _HARMLESS.fullmatch(name) and _FIXED.get(name) != value
    }
    return settings | {
        "python": platform.python_version(),
        "platform": _platform(),
        "cpu": cpu_type(),
    }


def of_trials() -> Surroundings:
    """The surroundings in which the trials of a run are computed: here, or those of its cluster.

    Raises
    ------
    InputError : if somebody else than a run has set them.
    """
    named = os.environ.get(VARIABLE)
    if not named:
        return here()
    try:
        found = json.loads(named)
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise InputError(f"{VARIABLE}: is what a run tells its own processes; unset it")
    return found


def unlike(first: Surroundings, second: Surroundings) -> str:
    """The first thing in which two surroundings differ, in words; empty if there is none.

    Examples
    --------
    >>> unlike({"cpu": "one", "python": "3.11.7"}, {"cpu": "another", "python": "3.11.7"})
    'cpu one and another'
    """
    names = sorted(first.keys() | second.keys())
    pairs = ((name, first.get(name, "unset"), second.get(name, "unset")) for name in names)
    return next((f"{name} {a} and {b}" for name, a, b in pairs if a != b), "")


@cache
def cpu_type() -> str:
    """The processor's name, and what decides how numeric libraries round: its vector units.

    `platform.processor()` is empty on many Linux systems.
    """
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    first = {
        name.strip(): text.strip() for name, _, text in (x.partition(":") for x in lines[::-1])
    }
    name = first.get("model name") or platform.processor() or platform.machine()
    units = sorted(flag for flag in first.get("flags", "").split() if _VECTOR_UNIT.match(flag))
    return f"{name} ({' '.join(units)})" if units else name


@cache
def _platform() -> str:
    """Operating system, architecture and C library, whose sines and exponentials are used."""
    return " ".join([sys.platform, platform.machine(), *platform.libc_ver()]).strip()

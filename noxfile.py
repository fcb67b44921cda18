"""The core on all supported versions of Python and scikit-learn: `nox`, or one: `nox -s lint`.

A version of Python that is not on this machine is skipped, and nox says so. What the study itself
runs on is pinned in requirements.lock; `make test` checks that.
"""

from __future__ import annotations

import nox

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
SCIKIT_LEARNS = ["1.6", "1.7", "newest"]
NO_WHEELS = {("3.14", "1.6")}
CORE_TESTS = [
    "tests/encoders",
    "tests/classifiers",
    "tests/test_pairing.py",
    "tests/test_sdr.py",
    "tests/test_datasets.py",
    "tests/test_estimators.py",
    "tests/analysis",
]

nox.options.error_on_missing_interpreters = False
nox.options.sessions = ["tests"]


@nox.session(python=PYTHONS)
@nox.parametrize("scikit_learn", SCIKIT_LEARNS, ids=SCIKIT_LEARNS)
def tests(session: nox.Session, scikit_learn: str) -> None:
    """The tests of the core, or those that are named after `--`, in an environment of its own."""
    if (session.python, scikit_learn) in NO_WHEELS:
        session.skip(f"scikit-learn {scikit_learn} was never built for Python {session.python}")
    chosen = "scikit-learn" if scikit_learn == "newest" else f"scikit-learn=={scikit_learn}.*"
    session.install(".", chosen, "filelock", "hypothesis", "pytest")
    session.run("pytest", *(session.posargs or CORE_TESTS))


@nox.session
def lint(session: nox.Session) -> None:
    """What `make lint` checks."""
    session.install("--requirement", "requirements.lock")
    session.install("--no-deps", "--editable", ".")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("lint-imports")
    session.run("deptry", "lib", "notebooks", "benchmarks")

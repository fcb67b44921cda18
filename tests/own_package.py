"""A package of a reader's own, `own_part`, and what counts for the keys of its trials."""

from __future__ import annotations

import sys
from pathlib import Path

from modclock._loaded import STAMPS
from modclock.study.trials import module_files, sources
from modclock.study.trials.sources import reached_from

TRIAL = """
from modclock.study.trials.base import BaseTrial
{imports}

class OwnTrial(BaseTrial):
    def run(self):
        return {{"value": {value}}}

class OtherTrial(BaseTrial):
    def run(self):
        return {{"value": -({value})}}
"""


def write_package(folder: Path) -> Path:
    """The package in a folder: several forms of import reach its module `deep.helper`."""
    package = folder / "own_part"
    (package / "deep").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "deep" / "__init__.py").write_text(
        "from own_part.deep.helper import number\nSIZE = 3\nfrom own_part.deep import data\n"
    )
    (package / "deep" / "helper.py").write_text("number = 3\n")
    (package / "deep" / "data.py").write_text("other = 1\n")
    (package / "unused.py").write_text("number = 4\n")
    return package


def write_trial(package: Path, imports: str, value: str = "0") -> None:
    """The module with the trials, which gets at the rest of the package by these imports."""
    (package / "trial.py").write_text(TRIAL.format(imports=imports, value=value))


def digests(*modules: str) -> dict[str, str]:
    """What a new process would find that the modules reach: those of the trials, or others."""
    forget()
    return reached_from(modules or ["own_part.trial"]).digests


def forget() -> None:
    """As in a new process: no module of a reader has been loaded."""
    for path in [path for path in STAMPS if "modclock" not in path.parts]:
        del STAMPS[path]
    sources._reached.cache_clear()
    for name in ("_found", "_file", "_is_beside", "data_files"):
        getattr(module_files, name).cache_clear()


def unload() -> None:
    """Leave no trace of the package in this process."""
    forget()
    for name in [name for name in sys.modules if name.partition(".")[0] == "own_part"]:
        del sys.modules[name]

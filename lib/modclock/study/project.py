"""Where things are: the study's folders and the output folder of a run."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from modclock.study.errors import InputError

OUTPUT_VARIABLE = "MODCLOCK_OUT"
PROFILES = ("smoke", "quick", "full")
_WITH = "-with-"
_LONGEST = 60  # characters of what a folder says of settings


def project_root() -> Path:
    """The folder with `notebooks/` and `params/`.

    It is the checkout that the package was installed from, so notebooks find it from any
    working directory; failing that, the nearest such folder above the working directory.
    """
    searched = (Path(__file__).resolve().parents[3], Path.cwd(), *Path.cwd().parents)
    for folder in searched:
        if (folder / "params" / "claims.yaml").is_file():
            return folder
    raise InputError(
        "no study found: run inside a checkout of modclock, a folder with params/claims.yaml, or "
        "install that checkout by pip install --editable "
        f"(searched: {', '.join(map(str, searched))})"
    )


def output_root() -> Path:
    """`outputs/` of the project, or the folder that `modclock run --out` chose."""
    return Path(os.environ.get(OUTPUT_VARIABLE) or project_root() / "outputs")


def run_folder(profile: str, settings: Mapping[str, Any] | None = None) -> Path:
    """Where a run writes: outputs/<profile>, or beside it if parameters were set by hand.

    Examples
    --------
    >>> run_folder("quick", {"p": 10, "n_seeds": 5}).name
    'quick-with-n_seeds=5,p=10'
    >>> run_folder("quick", {"encoder": "mine:Gray"}).name
    'quick-with-encoder=mine-Gray-798c41b7'
    """
    if not settings:
        return output_root() / profile
    as_set = ",".join(f"{name}={value}" for name, value in sorted(settings.items()))
    if not re.fullmatch(r"[\w=,+-]+(\.[\w=,+-]+)*", as_set, re.ASCII) or len(as_set) > _LONGEST:
        whole = hashlib.sha256(json.dumps(dict(settings), sort_keys=True).encode()).hexdigest()
        plain = re.sub(r"[^\w=,]+", "-", as_set, flags=re.ASCII)[:_LONGEST].strip("-")
        as_set = f"{plain}-{whole[:8]}"
    return output_root() / f"{profile}{_WITH}{as_set}"


def profile_of(folder: Path) -> str:
    """The profile of a run's folder.

    >>> profile_of(run_folder("quick", {"p": 10}))
    'quick'
    """
    return folder.name.partition(_WITH)[0]


def store_path() -> Path:
    """The trial store of the present output folder."""
    return output_root() / "trials.sqlite"


def notebook_files() -> list[Path]:
    """The notebooks of the study, in number order."""
    return notebooks_in(project_root() / "notebooks")


def notebooks_in(folder: Path) -> list[Path]:
    """Notebooks with a number in a folder, in its order, without copies that programs named.

    They add -Copy1, copy, (copy) or (1) to a name; in one of ours there is nothing of the kind.
    """
    found = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    return [path for path in found if re.fullmatch(r"\w+", path.stem)]

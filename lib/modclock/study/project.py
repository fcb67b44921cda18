"""Where things are: the study's folders and the output folder of a run."""

from __future__ import annotations

import os
import re
from pathlib import Path

from modclock.study.errors import InputError

OUTPUT_VARIABLE = "MODCLOCK_OUT"
PROFILES = ("smoke", "quick", "full")


def project_root() -> Path:
    """The folder with `notebooks/` and `params/`.

    It is the checkout that the package was installed from, so notebooks find it from any
    working directory; failing that, the nearest such folder above the working directory.
    """
    for folder in (Path(__file__).resolve().parents[3], Path.cwd(), *Path.cwd().parents):
        if (folder / "params" / "claims.yaml").is_file():
            return folder
    raise InputError(
        "no study found: run inside a checkout of modclock (a folder with params/claims.yaml)"
    )


def output_root() -> Path:
    """`outputs/` of the project, or the folder that `modclock run --out` chose."""
    return Path(os.environ.get(OUTPUT_VARIABLE) or project_root() / "outputs")


def store_path() -> Path:
    """The trial store of the present output folder."""
    return output_root() / "trials.sqlite"


def notebook_files() -> list[Path]:
    """The notebooks of the study, in number order."""
    return notebooks_in(project_root() / "notebooks")


def notebooks_in(folder: Path) -> list[Path]:
    """Notebooks with a number in a folder, in its order, without copies that JupyterLab named."""
    found = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    return [path for path in found if not re.search(r"-Copy\d+$", path.stem)]

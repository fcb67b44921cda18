"""study.html on paper, by the Chromium of this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from modclock.study.errors import InputError, MachineError

_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
_SECONDS = 300


def print_pdf(page: Path) -> Path:
    """Print a page into a PDF of the same name beside it.

    Parameters
    ----------
    page : an HTML file that needs no other one.

    Returns
    -------
    Path of the PDF.

    Raises
    ------
    InputError : if there is no Chromium.
    MachineError : if it is there and does not print.
    """
    browser = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if browser is None:
        raise InputError(
            f"--pdf: takes a Chromium or Chrome, and none of {', '.join(_NAMES)} is on the PATH; "
            f"any browser prints {page} as well"
        )
    made = page.with_suffix(".pdf")
    with tempfile.TemporaryDirectory() as own:
        command = [browser, "--headless", "--disable-gpu", "--no-pdf-header-footer"]
        command += [f"--user-data-dir={own}/profile", f"--print-to-pdf={own}/page.pdf"]
        if os.name == "posix" and os.geteuid() == 0:
            command.append("--no-sandbox")  # it refuses to run as root with it
        try:
            subprocess.run(
                [*command, page.resolve().as_uri()],
                check=True,
                capture_output=True,
                timeout=_SECONDS,
            )
            shutil.move(f"{own}/page.pdf", made)
        except (subprocess.SubprocessError, OSError) as error:
            raise MachineError(f"{browser} did not print {page}: {error}") from error
    return made

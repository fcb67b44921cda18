"""Notebooks in a real JupyterLab, as somebody who opens them there sees them."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import nbformat
import papermill
import pytest
from playwright.sync_api import Page, expect

from modclock.study.project import OUTPUT_VARIABLE
from support import ROOT, command_environment

# Cells that are out of sight would else be left out of the page.
EVERY_CELL = {"windowingMode": "none"}
MINUTES = 60_000  # milliseconds


@pytest.fixture(scope="module")
def lab(tmp_path_factory, smoke_run) -> Iterator[tuple[str, Path]]:
    """Address of a JupyterLab, and its folder: two notebooks with the smoke parameters."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(smoke_run.out, folder / "outputs")
    for path in (smoke_run.folder / "notebooks").glob("*.ipynb"):
        if path.stem[:2] in ("00", "24"):
            parameters = nbformat.read(path, as_version=4).metadata["papermill"]["parameters"]
            papermill.execute_notebook(
                Path("notebooks", path.name), folder / path.name, parameters, prepare_only=True
            )
    settings = folder / "settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text(json.dumps(EVERY_CELL))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "ServerApp.port": port,
        "ServerApp.root_dir": folder,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "IdentityProvider.token": "",
    }
    ours = {
        OUTPUT_VARIABLE: str(folder / "outputs"),
        "JUPYTERLAB_SETTINGS_DIR": str(settings.parents[1]),
    }
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "jupyterlab",
            *(f"--{name}={item}" for name, item in options.items()),
        ],
        env=command_environment(ROOT) | ours,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _when_it_answers(f"http://127.0.0.1:{port}"), folder
    finally:
        server.terminate()
        server.wait(30)


def _when_it_answers(address: str) -> str:
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{address}/api", timeout=5)
        except OSError:
            time.sleep(0.5)
        else:
            return address
    raise TimeoutError(f"no JupyterLab at {address}")


def run_all(page: Page, lab: tuple[str, Path], name: str) -> Path:
    """Open a notebook, run all its cells, save it; returns its path."""
    address, folder = lab
    page.set_default_timeout(MINUTES)
    page.set_viewport_size({"width": 1300, "height": 900})
    # A workspace of its own has nothing to restore; to reset one loads the page twice.
    with page.expect_websocket(lambda socket: "/channels" in socket.url) as channels:
        page.goto(f"{address}/lab/workspaces/{uuid4().hex}/tree/{name}.ipynb")
    # JupyterLab says "idle" before there is a kernel, and may then forget what it was to run.
    channels.value.wait_for_event("framereceived", lambda frame: b"kernel_info_reply" in frame)
    page.locator('[data-status="idle"]').first.wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    last = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").last
    expect(last).to_have_text(re.compile(r"\[\d+\]:"), timeout=3 * MINUTES)
    page.keyboard.press("Control+s")
    return folder / f"{name}.ipynb"


def outputs_when_saved(path: Path) -> list[nbformat.NotebookNode]:
    for _ in range(60):
        code = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
        if all(cell.execution_count for cell in code):
            return [output for cell in code for output in cell.outputs]
        time.sleep(0.5)
    raise TimeoutError(f"{path.name} was not saved after its run")


@pytest.mark.parametrize("name", ["00_start_here", "24_your_encoder"])
def test_run_all_ends_without_an_error_or_a_warning(page, lab, name):
    outputs = outputs_when_saved(run_all(page, lab, name))
    assert [output for output in outputs if output.output_type == "error"] == []
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    assert sum("text/html" in output.get("data", {}) for output in outputs) >= 3


def test_a_slider_redraws_the_codes(page, lab):
    run_all(page, lab, "24_your_encoder")
    picture = page.locator(".widget-html img")
    expect(picture).to_have_count(1)
    before = picture.get_attribute("src")
    page.locator(".widget-slider .noUi-handle").first.press("PageUp")
    expect(picture).not_to_have_attribute("src", before)

"""The commands of README and docs/cluster.md let in nobody whom they do not name, and work."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

import pytest

from support import ROOT, command_environment

PAGES = ("README.md", "docs/cluster.md")


def lines(page: str) -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text("utf-8"), flags=re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("page", PAGES)
def test_schedulers_and_workers_listen_on_loopback_or_ask_for_certificates(page):
    shown = [line for line in lines(page) if re.match(r"\S*dask (scheduler|worker)", line)]
    assert len(shown) >= 2
    for line in shown:
        assert "--no-dashboard" in line
        assert "--host 127.0.0.1" in line or "tls" in line


@pytest.mark.slow
def test_a_cluster_with_certificates_works_and_refuses_who_has_none(tmp_path):
    """The commands of docs/cluster.md, one after the other, with another port."""
    (*_, scheduler), (*_, worker), (*_, run) = (
        [line for line in lines("docs/cluster.md") if name in line]
        for name in ("dask scheduler", "dask worker", "modclock run --profile full --scheduler tls")
    )
    setting_up = [x for x in lines("docs/cluster.md") if re.match("openssl|chmod|export", x)]
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    environment = command_environment(ROOT)

    def started(command: str, *, keys: bool = True):
        command = command.replace("8786", "8797").replace("HOST", "127.0.0.1")
        command = command.replace(".venv/bin/dask", f"{sys.executable} -m dask")
        command = command.replace(".venv/bin/modclock", f"{sys.executable} -m modclock.study.cli")
        exports = "\n".join(x for x in setting_up if x.startswith("export")) if keys else ""
        return subprocess.Popen(
            ["bash", "-c", f"{exports}\nexec {command}"],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    for command in setting_up:
        if not command.startswith("export"):
            subprocess.run(shlex.split(command), cwd=tmp_path, check=True, capture_output=True)
    processes = [started(scheduler), started(worker)]
    try:
        run = run.replace("full", "smoke 01") + f" --out {tmp_path / 'out'}"
        _, errors = started(run).communicate(timeout=120)
        assert (tmp_path / "out" / "smoke" / "index.html").exists(), errors
        for address in ("tls", "tcp"):
            refused = started(run.replace("tls:", f"{address}:") + f"-{address}", keys=False)
            _, errors = refused.communicate(timeout=60)
            assert refused.returncode == 2, errors
            assert errors.startswith("modclock: error: --scheduler: no Dask scheduler answers")
            assert errors.count("\n") == 1
    finally:
        for process in processes:
            process.terminate()
            process.wait(60)

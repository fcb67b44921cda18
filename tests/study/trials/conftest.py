"""A package of a reader's own, for tests of what counts for keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from own_package import unload, write_package


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The package's folder, beside which modules can be imported, too."""
    monkeypatch.syspath_prepend(tmp_path)
    yield write_package(tmp_path)
    unload()

"""Imported first in every process of a run: keeps out what would take long to start."""

from __future__ import annotations

import sys

# jsonschema, which nbformat needs, imports it if it is there, and it compiles a grammar of web
# addresses then: a third of the start-up, for nothing that a notebook has.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: not to be found

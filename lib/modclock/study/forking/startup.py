"""Imported first in every process of a run: keeps out what would take long to start."""

from __future__ import annotations

import sys

from modclock.study.forking import ON

# jsonschema, which nbformat needs, imports it if it is there, and it compiles a grammar of web
# addresses then: a third of the start-up, for nothing that a notebook has.
if ON:
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # not to be found

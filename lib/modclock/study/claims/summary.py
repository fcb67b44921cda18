"""The answer in plain language, every figure in it filled in from judged claims."""

from __future__ import annotations

import re
from collections.abc import Sequence

import mistune

from modclock.study.claims.judgement import Judgement
from modclock.study.project import project_root

_FIGURE = re.compile(r"\{(\w+ \w+)\}")


def summary(claims: Sequence[Judgement]) -> str:
    """`params/summary.md` as Markdown, with the measures of a run.

    Parameters
    ----------
    claims : entries of a `claims.json`.

    Returns
    -------
    The paragraphs of which all figures were measured; none if none was.

    Examples
    --------
    >>> summary([])
    ''
    """
    measured = {
        f"{claim.id} {name}": str(item) for claim in claims for name, item in claim.measured.items()
    }
    text = (project_root() / "params" / "summary.md").read_text("utf-8")
    any_measured = any(found in measured for found in _FIGURE.findall(text))
    paragraphs = [
        _FIGURE.sub(lambda found: measured[found[1]], paragraph)
        for paragraph in text.strip().split("\n\n")
        if any_measured and all(found in measured for found in _FIGURE.findall(paragraph))
    ]
    return "\n\n".join(paragraphs)


def summary_html(claims: Sequence[Judgement]) -> str:
    """The same as HTML."""
    return str(mistune.html(summary(claims)))

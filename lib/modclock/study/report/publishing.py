"""Publish runs: `outputs/reference/`, and the results in the README, which show the full one.

`make reference` runs this module. A test compares the README with what it would write. Claims of
notebooks that were not run keep their measures, and are judged by today's criteria.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from html import unescape
from pathlib import Path
from typing import Any, get_args

from modclock.study.claims.criteria import Verdict, describe_criterion, load_claims
from modclock.study.claims.judgement import JudgedClaim, decide, read_claims
from modclock.study.claims.summary import summary
from modclock.study.claims.verify import reference_folder
from modclock.study.claims.words import Words, load_words
from modclock.study.errors import InputError
from modclock.study.figures.pictures import PICTURE_MIME
from modclock.study.files import write_json, write_text
from modclock.study.project import PROFILES, notebook_files, output_root, project_root
from modclock.study.records import read_records
from modclock.study.report.executed import executed_notebooks

_RESULTS = re.compile(r"(?<=<!-- results -->\n).*(?=<!-- end of results -->)", flags=re.DOTALL)
_SUMMARY = re.compile(r"(?<=<!-- summary -->\n).*(?=<!-- end of summary -->)", flags=re.DOTALL)
_OPENING = "compositions"  # the figure that the README begins with


def publish() -> None:
    """Publish claims, rows and provenance of every profile that was run.

    Notebooks that were not run stay published as they are. Of a full run, draw the figures and
    update the README, too.

    Raises
    ------
    InputError : if no profile was run, or a notebook of a run failed.
    """
    runs = [name for name in PROFILES if (output_root() / name / "claims.json").exists()]
    if not runs:
        raise InputError(f"{output_root()}: no run to publish; run `modclock run` first")
    for profile in runs:
        merge(output_root() / profile, reference_folder(profile))
    if "full" in runs:
        _show_results(output_root() / "full", reference_folder("full"))


def merge(run: Path, reference: Path) -> None:
    """Put what a run has of each of its notebooks in the place of what was published of it.

    Parameters
    ----------
    run, reference : folders with `claims.json`, `provenance.json` and `data/`.

    Raises
    ------
    InputError : if a notebook of the run failed, or ran with other parameters than those of
        the profile; nothing is published then.
    """
    records = _published(run / "provenance.json", read_records, {})
    if failed := [name for name, record in records.items() if record.error]:
        raise InputError(f"{run}: {', '.join(failed)} failed; run it again before publishing")
    if changed := [name for name, record in records.items() if record.settings]:
        raise InputError(f"{run}: {', '.join(changed)} ran with --set; run it without it first")
    kept = {path.stem for path in notebook_files()} - records.keys()
    before = _published(reference / "provenance.json", read_records, {})
    records |= {name: record for name, record in before.items() if name in kept}
    claims = [
        *_published(run / "claims.json", read_claims, []),
        *(judged_again(claim, before[claim.notebook].parameters)
          for claim in _published(reference / "claims.json", read_claims, [])
          if claim.notebook in kept),
    ]  # fmt: skip
    for data in (reference / "data").glob("*.csv"):
        if data.stem not in kept:
            data.unlink()
    for data in (run / "data").glob("*.csv"):
        write_text(reference / "data" / data.name, data.read_text("utf-8"))
    in_order = sorted(claims, key=lambda claim: claim.id)
    write_json(reference / "claims.json", [claim.model_dump() for claim in in_order])
    made = {name: record.model_dump(exclude={"trials"}) for name, record in sorted(records.items())}
    write_json(reference / "provenance.json", made)


def judged_again(claim: JudgedClaim, parameters: Mapping[str, Any]) -> JudgedClaim:
    """A published claim by today's criterion and in today's words; its measures stay.

    Parameters
    ----------
    claim : as it was published.
    parameters : of its notebook, some of which a conclusion may name.

    Returns
    -------
    JudgedClaim; the claim as it is, if today's criterion asks for what was not measured.
    """
    stated = load_claims().get(claim.id)
    if stated is None:
        return claim
    numbers = {name: value for name, value in parameters.items() if name not in claim.measured}
    words = load_words().get(claim.id, Words())
    try:
        verdict, conclusion = decide(stated, claim.measured, claim.id, numbers, words)
    except InputError:
        return claim
    return claim.model_copy(
        update={
            "claim": stated.claim,
            "source": stated.source,
            "thread_value": stated.thread_value,
            "criterion": describe_criterion(stated),
            "verdict": verdict,
            "conclusion": conclusion,
        }
    )


def _published(path: Path, read: Callable[[Path], Any], nothing: Any) -> Any:
    return read(path) if path.exists() else nothing


def _show_results(run: Path, reference: Path) -> None:
    """Put the pictures of a run, its summary and its results into the README."""
    for book in executed_notebooks(run):
        for picture in book.outputs(PICTURE_MIME):
            write_text(reference / "figures" / f"{picture['name']}.svg", picture["svg"])
    readme = project_root() / "README.md"
    claims = read_claims(reference / "claims.json")
    text = _RESULTS.sub(lambda _: results(claims), readme.read_text("utf-8"))
    write_text(readme, _SUMMARY.sub(lambda _: f"{summary(claims)}\n", text))


def results(claims: list[JudgedClaim]) -> str:
    """Scoreboard and published pictures as Markdown, for the README; but for the one on top."""
    folder = reference_folder("full") / "figures"
    pictures = sorted(path for path in folder.glob("*.svg") if path.stem != _OPENING)
    lines = [
        f"![{alt_text(path)}]({path.relative_to(project_root()).as_posix()})\n" for path in pictures
    ]
    for verdict in get_args(Verdict):
        members = [claim for claim in claims if claim.verdict == verdict]
        if members:
            lines += [
                f"**{verdict.capitalize()}** ({len(members)})\n",
                "| claim | thread | finding |",
            ]
            lines += ["|---|---|---|", *map(_row, members), ""]
    if not all(map(_is_of_today, claims)):
        lines.append("Claims judged by an earlier criterion wait for the next full run.\n")
    return "\n".join(lines)


def alt_text(picture: Path) -> str:
    """What a published picture says of itself."""
    return unescape(picture.read_text("utf-8").partition("<title>")[2].partition("</title>")[0])


def _row(claim: JudgedClaim) -> str:
    place = f"[{claim.id}](notebooks/{claim.notebook}.ipynb)"
    mark = "" if _is_of_today(claim) else " *(judged by an earlier criterion)*"
    return f"| {place} {claim.claim} | {claim.thread_value} | {claim.conclusion}{mark} |"


def _is_of_today(claim: JudgedClaim) -> bool:
    stated = load_claims().get(claim.id)
    return stated is not None and claim.criterion == describe_criterion(stated)


if __name__ == "__main__":
    try:
        publish()
    except InputError as error:
        sys.exit(f"modclock: error: {error}")

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from modclock.study.claims.criteria import load_claims
from modclock.study.claims.intervals import exact
from modclock.study.claims.verify import Difference, _of_claims, differences, made_alike
from modclock.study.running.notebooks import find_notebooks

NAMES = [book.name for book in find_notebooks()]


def copy_results(source: Path, target: Path) -> Path:
    """What is published of a run."""
    shutil.copytree(source / "data", target / "data")
    for name in ("claims.json", "provenance.json"):
        shutil.copy(source / name, target)
    return target


def changed_claims(folder: Path, claim_id: str, measure: str, by: float) -> None:
    claims = json.loads((folder / "claims.json").read_text())
    (claim,) = (claim for claim in claims if claim["id"] == claim_id)
    claim["measured"][measure]["mean"] += by
    (folder / "claims.json").write_text(json.dumps(claims))


def test_a_run_agrees_with_the_published_one(smoke_run, modclock):
    done = modclock("verify", "--profile", "smoke", "--out", str(smoke_run.out))
    assert done.returncode == 0, done.stdout
    assert f"{len(NAMES)} notebooks compared, 0 differences" in done.stdout


def test_a_changed_constant_of_an_encoder_is_found(smoke_run, study_copy, modclock):
    copy_results(smoke_run.folder, study_copy / "outputs" / "reference" / "smoke")
    cycle = study_copy / "lib" / "modclock" / "encoders" / "cycle.py"
    source = cycle.read_text()
    assert source.count("self.period_high, size") == 1
    for factor, status in (("", 0), ("1.01 * ", 1)):
        cycle.write_text(
            source.replace("self.period_high, size", f"{factor}self.period_high, size")
        )
        assert modclock("run", "03", "--profile", "smoke", study=study_copy).returncode == 0
        done = modclock("verify", "03", "--profile", "smoke", study=study_copy)
        assert "results must be equal" in done.stdout
        assert done.returncode == status, done.stdout
    assert "C01" in done.stdout
    assert "data/03_overlap_headline.csv, line 2\n    published: " in done.stdout


def test_equal_runs_have_no_differences(smoke_run, tmp_path):
    copy = copy_results(smoke_run.folder, tmp_path / "copy")
    assert made_alike(copy, smoke_run.folder, NAMES)
    assert differences(copy, smoke_run.folder, NAMES, exact=True) == []


def test_a_changed_row_is_named_by_its_line(smoke_run, tmp_path):
    copy = copy_results(smoke_run.folder, tmp_path / "copy")
    rows = copy / "data" / "03_overlap_headline.csv"
    lines = rows.read_text().splitlines()
    lines[2] = "something" + lines[2][lines[2].index(",") :]
    rows.write_text("\n".join(lines) + "\n")
    (found,) = differences(copy, smoke_run.folder, NAMES, exact=True)
    assert found.place == "data/03_overlap_headline.csv, line 3"
    assert found.found == "something"
    assert differences(copy, smoke_run.folder, NAMES, exact=False) == []


def test_a_row_too_few_is_found(smoke_run, tmp_path):
    copy = copy_results(smoke_run.folder, tmp_path / "copy")
    rows = copy / "data" / "03_overlap_headline.csv"
    lines = rows.read_text().splitlines()
    rows.write_text("\n".join(lines[:-1]) + "\n")
    (found,) = differences(copy, smoke_run.folder, NAMES, exact=True)
    assert found.place == f"data/03_overlap_headline.csv, line {len(lines)}"


@pytest.mark.parametrize(
    ("by", "exact", "count"), [(0.04, False, 0), (-0.06, False, 1), (1e-9, True, 1)]
)
def test_a_changed_measure_is_found_beyond_its_tolerance(smoke_run, tmp_path, by, exact, count):
    copy = copy_results(smoke_run.folder, tmp_path / "copy")
    changed_claims(copy, "C01", "test_accuracy", by)
    found = differences(copy, smoke_run.folder, NAMES, exact=exact)
    assert [item.place for item in found] == ["C01 test_accuracy"] * count


def test_other_parameters_and_missing_notebooks_are_no_agreement(smoke_run, tmp_path):
    copy = copy_results(smoke_run.folder, tmp_path / "copy")
    records = json.loads((copy / "provenance.json").read_text())
    del records["02_clock_encoders"]
    records["03_overlap_headline"]["parameters"]["k"] += 1
    (copy / "provenance.json").write_text(json.dumps(records))
    missing, other = differences(copy, smoke_run.folder, NAMES, exact=True)
    assert missing[::2] == ("02_clock_encoders", "no run")
    assert isinstance(other, Difference)
    assert other == ("03_overlap_headline: k", "20", "21", "equal")  # the one that differs


def test_another_cpu_is_another_machine(smoke_run, tmp_path):
    copy = copy_results(smoke_run.folder, tmp_path / "copy")
    records = json.loads((copy / "provenance.json").read_text())
    for record in records.values():
        record["cpu"] = "Another"
    (copy / "provenance.json").write_text(json.dumps(records))
    assert not made_alike(copy, smoke_run.folder, NAMES)


def test_nothing_to_compare_is_one_line(tmp_path, modclock):
    done = modclock("verify", "--profile", "smoke", "--out", str(tmp_path))
    assert done.returncode == 2
    assert "nothing to compare" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_claim_that_the_claims_file_has_lost_is_compared_as_it_is():
    stated = load_claims()
    ours, theirs = {"C99 share": exact(0.5)}, {"C99 share": exact(0.75)}
    assert list(_of_claims(ours, ours, stated)) == []
    (found,) = _of_claims(theirs, ours, stated)
    assert (found.place, found.allowed) == ("C99 share", "equal")

"""`modclock run --export DIR`: figures and tables as files."""

from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ET

from PIL import Image

from modclock.study.files import read_notebook
from support import copy_of_run

NAMES = ("02_clock_encoders", "03_overlap_headline")


def test_every_figure_is_written_as_svg_and_png_and_every_table_as_csv(
    smoke_run, modclock, tmp_path
):
    out, target = tmp_path / "outputs", tmp_path / "inside" / "figures"
    copy_of_run(smoke_run, out)
    done = modclock("run", *NAMES, "--profile", "smoke", "--out", str(out), "--export", str(target))
    assert done.returncode == 0, done.stderr
    written = {path.name for path in target.iterdir()}
    assert done.stdout.splitlines()[-1] == f"exported: {len(written)} files in {target}"
    expected = {"claims.csv"}
    for name in NAMES:
        cells = read_notebook(smoke_run.folder / "notebooks" / f"{name}.ipynb").cells
        pages = [
            o.get("data", {}).get("text/html", "") for c in cells for o in c.get("outputs", [])
        ]
        n_figures = sum(html.startswith("<img ") for html in pages)
        assert n_figures
        expected |= {f"{name}-{i + 1}.{kind}" for i in range(n_figures) for kind in ("svg", "png")}
        rows = smoke_run.folder / "data" / f"{name}.csv"
        assert (target / rows.name).read_bytes() == rows.read_bytes()
        expected.add(rows.name)
    assert written == expected
    for path in target.glob("*.png"):
        with Image.open(path) as image:
            assert min(image.size) > 300
        drawn = ET.parse(path.with_suffix(".svg")).getroot()
        assert drawn.tag.endswith("svg")
        shape = float(drawn.attrib["width"].rstrip("pt")) / float(
            drawn.attrib["height"].rstrip("pt")
        )
        assert abs(shape - image.width / image.height) < 0.05
    claims = json.loads((smoke_run.folder / "claims.json").read_text())
    wanted = [
        (claim["id"], name, item["mean"])
        for claim in claims
        if claim["notebook"] in NAMES
        for name, item in claim["measured"].items()
    ]
    with (target / "claims.csv").open() as lines:
        found = [(x["claim"], x["measure"], float(x["mean"])) for x in csv.DictReader(lines)]
    assert sorted(found) == sorted(wanted)


def claims_in(folder):
    with (folder / "claims.csv").open() as lines:
        return {row["notebook"] for row in csv.DictReader(lines)}


def test_a_later_export_keeps_claims_and_files_of_others(smoke_run, modclock, tmp_path):
    out, target = tmp_path / "outputs", tmp_path / "figures"
    copy_of_run(smoke_run, out)
    options = ("--profile", "smoke", "--out", str(out), "--export", str(target))
    assert modclock("run", "01", "03", *options).returncode == 0
    before = {path.name: path.read_bytes() for path in target.iterdir()}
    assert claims_in(target) == {"01_the_task", "03_overlap_headline"}
    assert modclock("run", "02", *options).returncode == 0
    assert claims_in(target) == {"01_the_task", "03_overlap_headline"}
    done = modclock("run", "02", "--set", "p=11", *options)
    assert done.returncode == 0, done.stderr
    folder = target / "smoke-with-p=11"
    assert done.stdout.splitlines()[-1].endswith(f"files in {folder}")
    assert (folder / "02_clock_encoders.csv").exists()
    for name, content in before.items():
        assert (target / name).read_bytes() == content

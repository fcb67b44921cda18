"""What counts for the key of a trial: all code that it can reach, however it is imported."""

from __future__ import annotations

import grimp
import pytest

from modclock.study.trials.keys import trial_key
from modclock.study.trials.module_files import source_file
from modclock.study.trials.sources import reached_from
from own_package import digests, forget, write_trial

# How the trial's module gets at `number`, which is defined in own_part.deep.helper.
FORMS = {
    "a name": ("from own_part.deep.helper import number", "number"),
    "a module of a package": ("from own_part.deep import helper", "helper.number"),
    "a module": ("import own_part.deep.helper", "own_part.deep.helper.number"),
    "a module by another name": ("import own_part.deep.helper as h", "h.number"),
    "a relative name": ("from .deep.helper import number", "number"),
    "a relative module": ("from .deep import helper as h", "h.number"),
    "everything": ("from own_part.deep.helper import *", "number"),
    "a re-export": ("from own_part.deep import number", "number"),
    "a package": ("import own_part.deep", "own_part.deep.number"),
    "by a call": (
        "import importlib\nh = importlib.import_module('own_part.deep.helper')",
        "h.number",
    ),
    "by a call of a name": (
        "from importlib import import_module as get\nh = get('.deep.helper', 'own_part')",
        "h.number",
    ),
    "by the built-in": (
        "h = __import__('own_part.deep.helper', fromlist=['number'])",
        "h.number",
    ),
    "by the table of modules": (
        "import sys\nimport own_part.deep\nh = sys.modules['own_part.deep.helper']",
        "h.number",
    ),
    "in a function": (
        "def get():\n    from .deep.helper import number\n    return number",
        "get()",
    ),
    "where it may fail": (
        "try:\n    from .deep.helper import number\nexcept ImportError:\n    pass",
        "number",
    ),
    "an attribute of an attribute": ("import own_part as o", "o.deep.helper.number"),
    "an attribute of a name": ("from own_part import deep", "deep.helper.number"),
    "a constant of a package": ("from own_part.deep import SIZE as number", "number"),
}


@pytest.mark.parametrize(("imports", "value"), FORMS.values(), ids=FORMS)
def test_an_edit_is_seen_through_every_form_of_import(own, imports, value):
    write_trial(own, imports, value)
    before = digests()
    file = own / "deep" / ("__init__.py" if "SIZE" in imports else "helper.py")
    file.write_text(file.read_text().replace("3", "5"))
    assert digests() != before
    after = digests()
    (own / "unused.py").write_text("number = 7\n")
    assert digests() == after


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("import importlib\nname = 'own'\nimportlib.import_module(name)", "trial.py, line 5"),
        ("import importlib.util\nimportlib.util.find_spec('own_part')", "find_spec"),
        ("import runpy\nrunpy.run_path('x.py')", "run_path"),
        ("import sys\nsys.modules[str(1)]", r"sys\.modules\[str\(1\)\]"),
        ("from importlib.util import find_spec as f\nf('own_part')", r"f\('own_part'\)"),
        ("from ....beyond import x", "leads out of its package"),
        ("from own_part.missing import x", "there is no module own_part.missing"),
        ("import sys\nsys.path.insert(0, '/elsewhere')", r"line 4: .* sys\.path\.insert"),
        ("exec(open('code.txt').read())", r"line 3: code that can't be followed: exec"),
        ("size = eval('3')", "line 3: code that can't be followed: eval"),
    ],
)
def test_an_import_that_cannot_be_resolved_is_an_error_that_names_it(own, code, named):
    write_trial(own, code)
    with pytest.raises(ValueError, match=named):
        digests()


def test_a_module_that_becomes_a_package_is_another_one(own):
    write_trial(own, "from own_part.deep.helper import number", "number")
    before = digests()
    (own / "deep" / "helper").mkdir()
    (own / "deep" / "helper" / "__init__.py").write_text("number = 30\n")
    assert digests() != before


def test_a_data_file_counts_in_a_package_and_beside_a_module_that_names_it(own):
    write_trial(own, "from own_part.deep.helper import number", "number")
    before = digests()
    (own / "deep" / "table.csv").write_text("1\n")
    within = digests()
    assert within != before
    (own / "deep" / "table.csv").write_text("2\n")
    assert digests() != within
    loose = own.parent / "own_loose.py"
    loose.write_text("from pathlib import Path\nPath(__file__).with_name('own.csv').read_text()\n")
    (own.parent / "own.csv").write_text("1\n")
    (own.parent / "of_somebody_else.csv").write_text("1\n")
    assert set(digests("own_loose")) == {"own_loose", "own_loose: own.csv"}


def test_data_in_a_folder_beside_a_module_counts_where_the_module_names_it(own):
    loose = own.parent / "own_loose.py"
    loose.write_text(
        "from pathlib import Path\nHERE = Path(__file__).parent\n"
        "(HERE / 'tables' / f'{3}.csv').read_text()\nopen('more/own.csv')\nup = '..'\n"
    )
    for place in ("tables", "tables/inner", "more", "of_somebody_else"):
        (own.parent / place).mkdir()
        (own.parent / place / "own.csv").write_text("1\n")
    found = digests("own_loose")
    assert len(found) == 4
    for place in ("tables", "tables/inner", "more"):
        (own.parent / place / "own.csv").write_text("2\n")
        assert digests("own_loose") != found
        found = digests("own_loose")
    (own.parent / "of_somebody_else" / "own.csv").write_text("2\n")
    assert digests("own_loose") == found


def test_two_classes_of_one_module_with_equal_fields_have_keys_of_their_own(own):
    write_trial(own, "")
    forget()
    from own_part.trial import OtherTrial, OwnTrial  # type: ignore[import-not-found]

    assert trial_key(OwnTrial()) != trial_key(OtherTrial())


def test_a_trial_of_a_notebook_has_no_source():
    with pytest.raises(ValueError, match="defined in a module, not in a notebook"):
        reached_from(["__main__"])


def test_every_import_that_grimp_finds_in_the_science_is_found_here():
    """An independent reader of imports: what it says a module imports is in the module's reach."""
    graph = grimp.build_graph("modclock", cache_dir=None)
    study = ("modclock.study", "modclock.__main__")
    science = [m for m in graph.modules if not m.startswith(study)]
    for module in science:
        reach = reached_from([module]).digests
        for imported in graph.find_modules_directly_imported_by(module):
            file = source_file(module)
            is_reexporting_package = file is not None and file.name == "__init__.py"
            assert imported in reach or is_reexporting_package, (module, imported)

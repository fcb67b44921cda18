"""Labels say what a trial is, and nothing else does: the order of a plan changes no claim."""

from __future__ import annotations

import random
from typing import Any

import matplotlib
import nbformat
import pytest
from IPython.display import display

from modclock.study.claims import judgement
from modclock.study.claims.judgement import Judgement, read_claims
from modclock.study.compute import run_trials as of_notebooks
from modclock.study.figures import pictures
from modclock.study.running.notebooks import find_notebooks
from modclock.study.trials.base import BaseTrial
from support import ROOT, printed


def shuffled(trials: dict[Any, BaseTrial]) -> dict[Any, BaseTrial]:
    return dict(random.Random(1).sample([*trials.items()], len(trials)))


def judged_in_another_order(notebook, monkeypatch) -> list[Judgement]:
    """The judgements of a notebook that is executed with all of its plans in another order."""
    judgements: list[Judgement] = []
    judge = judgement.judge

    def noted(claim_id: str, measured: Any, **named: Any) -> Judgement:
        judgements.append(judge(claim_id, measured, **named))
        return judgements[-1]

    monkeypatch.setattr(judgement, "judge", noted)
    namespace: dict[str, Any] = {"display": display}
    for cell in nbformat.read(notebook.path, as_version=4).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, f"{notebook.name}, {cell.id}", "exec"), namespace)
            tags = cell.metadata.get("tags", [])
            if "parameters" in tags:
                namespace |= notebook.parameters("smoke", {})
            elif "plan" not in tags:
                continue
            for name, value in namespace.items():
                if isinstance(value, dict) and any(
                    isinstance(trial, BaseTrial) for trial in value.values()
                ):
                    namespace[name] = shuffled(value)
    return judgements


@pytest.mark.parametrize("notebook", find_notebooks(), ids=lambda book: book.name)
def test_the_order_of_a_plan_changes_no_claim(notebook, smoke_run, monkeypatch):
    monkeypatch.setenv("MODCLOCK_OUT", str(smoke_run.out))
    monkeypatch.setattr(of_notebooks, "compute_trials", None)  # all of them are in the store
    monkeypatch.setattr(pictures, "svg", lambda figure: "")  # nobody looks at them
    matplotlib.use("agg")
    in_order = {claim.id: claim for claim in read_claims(smoke_run.folder / "claims.json")}
    for found in judged_in_another_order(notebook, monkeypatch):
        expected = in_order.pop(found.id)
        assert (found.verdict, found.conclusion) == (expected.verdict, expected.conclusion)
        for name, measure in found.measured.items():
            theirs = expected.measured[name]
            numbers = theirs.model_dump(exclude={"unit", "values"})
            ours = measure.model_dump(exclude={"unit", "values"})
            assert ours == pytest.approx(numbers, abs=1e-9)
            assert measure.values == pytest.approx(theirs.values, abs=1e-9)
    assert notebook.name not in {claim.notebook for claim in in_order.values()}


def test_plans_of_all_profiles_are_made_without_jax():
    code = """
    import sys
    from modclock.study.running.planning import plan_notebooks
    for profile in ("smoke", "quick", "full"):
        plan_notebooks([], profile, {})
    print("jax" in sys.modules)
    """
    assert printed(code, ROOT) == "False\n"

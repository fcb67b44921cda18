"""The `modclock` command. Heavy imports wait until a command needs them."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

import modclock.study.forking.startup  # before all else
from modclock.study.errors import InputError, MachineError, TrialError, input_errors
from modclock.study.forking import ON
from modclock.study.options import complete_notebook, out_option, profile_option, set_option
from modclock.study.project import PROFILES, run_folder


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="modclock")
def cli() -> None:
    """Why does the encoding decide whether a small model learns (i + j) mod 97?"""


@cli.command("list")
@profile_option
@out_option
def list_command(profile: str) -> int:
    """Show notebooks, their trials still to compute, how long they took last, and claims.

    Times are core-seconds: of the notebook and of its trials, also of those it shares.
    """
    from modclock.study.claims.criteria import load_claims
    from modclock.study.running.notebooks import find_notebooks
    from modclock.study.running.planning import plan_notebooks

    click.echo(f"profiles: {', '.join(PROFILES)} (shown: {profile})")
    broken = 0
    for notebook in find_notebooks():
        try:
            (book,) = plan_notebooks([notebook.name], profile, {})
            _ = book.trials
        except InputError as error:
            click.echo(f"{notebook.name:<30} {error}")
            broken += 1
            continue
        counts = f"{len(book.missing)} of {len(book.trials)} trials to compute"
        state = "up to date" if book.is_up_to_date() else "to run"
        last = f"last: {seconds:.0f} s" if (seconds := book.last_seconds()) else ""
        line = f"{book.notebook.name:<30} {state:<10}  {counts:<30} {last:<13}"
        click.echo(f"{line} {book.notebook.title}")
    click.echo("claims:")
    for claim_id, claim in load_claims().items():
        click.echo(f"  {claim_id}  {claim.claim}")
    return 1 if broken else 0


@cli.command()
@click.argument("notebooks", nargs=-1, shell_complete=complete_notebook)
@profile_option
@click.option("--jobs", type=click.IntRange(1, 1024), help="Trials at once; one a core by default.")
@click.option("--scheduler", metavar="ADDR", help="Run the trials on this Dask cluster.")
@set_option("Replace a notebook parameter; may be given several times.")
@click.option("--force", is_flag=True, help="Execute notebooks even if nothing has changed.")
@click.option("--open", "show", is_flag=True, help="Open the report in the browser.")
@click.option(
    "--export",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write figures as SVG and PNG and tables as CSV there; executes NOTEBOOKS again.",
)
@out_option
def run(
    notebooks: tuple[str, ...],
    profile: str,
    jobs: int | None,
    scheduler: str | None,
    settings: dict[str, Any],
    force: bool,
    show: bool,
    target: Path | None,
) -> int:
    """Run NOTEBOOKS and write the report.

    A notebook is given by its number, name or path; without any, all are run.
    """
    from modclock.study.report.terminal import print_conclusions, print_verdicts
    from modclock.study.runner import run_study
    from modclock.study.running.notebooks import find_notebooks

    if target is not None:  # whose imports take a second
        from modclock.study.figures.exported import EXPORT_VARIABLE
        from modclock.study.report.exported_files import export

        os.environ[EXPORT_VARIABLE] = "1"
    succeeded = run_study(
        notebooks,
        profile,
        settings=settings,
        workers=jobs,
        scheduler=scheduler,
        force=force or target is not None,
    )
    folder = run_folder(profile, settings)
    names = [book.name for book in find_notebooks(notebooks)]
    if notebooks:
        print_conclusions(folder, names)
    else:
        print_verdicts(folder)
    page = folder / "index.html"
    click.echo(f"report: {page}")
    if target is not None:
        files = export(folder, names, target)
        click.echo(f"exported: {len(files)} files in {files[-1].parent.resolve()}")
    if show:
        click.launch(str(page))
    return 0 if succeeded else 1


@cli.command()
@click.argument("encoders", metavar="MODULE:CLASS...", nargs=-1, required=True)
@profile_option
@set_option("A keyword of each class named.")
@click.option("--p", type=click.IntRange(2), help="Modulus; 97 in quick.")
@click.option(
    "--k",
    type=click.IntRange(1),
    help="Winners of the built-in codes; of yours the same share wins; 50 of 150 in quick.",
)
@click.option(
    "--n-seeds",
    type=click.IntRange(1),
    help="Seeds of your encoders; from 3 on with an interval; 1 in quick.",
)
@out_option
def score(
    encoders: tuple[str, ...],
    profile: str,
    settings: dict[str, Any],
    **given: int | None,
) -> int:
    """Compare encoders of your own with all others, in notebook 24.

    MODULE is a module or its file, module.py, below the working directory. The table at the end
    has those that were compared before, too.
    """
    from modclock.study.report.terminal import print_score, print_scores
    from modclock.study.runner import run_study
    from modclock.study.running.notebooks import find_notebooks
    from modclock.study.running.scoring import own_encoder, remember, remembered

    (notebook,) = find_notebooks(["24_your_encoder"])
    changed = {name: value for name, value in given.items() if value is not None}
    parameters = notebook.parameters(profile, changed)
    with input_errors():
        found = [own_encoder(text, settings, parameters["p"]) for text in encoders]
    for own in found:
        chosen = {"encoder": own.path, "encoder_params": own.parameters, **changed}
        if not run_study([notebook.name], profile, settings=chosen, force=True):
            return 1
        folder = run_folder(profile, chosen)
        rows = remember(own, folder, notebook.name)
        click.echo(f"\n{own.label}")
        print_score(rows, own.name, own.codes, parameters["p"])
        click.echo(f"report: {folder / 'html' / f'{notebook.name}.html'}")
    if profile == "smoke":
        click.echo("The smoke profile only tries everything out: its numbers mean nothing.")
    click.echo()
    print_scores(remembered(parameters), rows[rows.encoder != own.name])
    return 0


@cli.command()
@profile_option
@out_option
def predict(profile: str) -> None:
    """Fix what notebook 22 predicts, before the networks that judge it are trained.

    It writes predictions.csv. The notebook does so by itself where this was not called.
    """
    from modclock.study.runner import predict_outcomes

    click.echo(f"predictions: {predict_outcomes(profile)}")


@cli.command()
@profile_option
@set_option("Of a run with these.")
@click.option("--pdf", is_flag=True, help="Print it into study.pdf, too, with Chromium.")
@out_option
def report(profile: str, settings: dict[str, Any], pdf: bool) -> None:
    """Write the report again from the executed notebooks."""
    from modclock.study.report.pdf import print_pdf
    from modclock.study.report.write_report import write_report
    from modclock.study.running.planning import outdated_notebooks

    folder = run_folder(profile, settings)
    write_report(folder, outdated_notebooks(folder))
    click.echo(f"report: {folder / 'index.html'}")
    if pdf:
        click.echo(f"to print: {print_pdf(folder / 'study.html')}")


@cli.command()
@click.argument("notebooks", nargs=-1, shell_complete=complete_notebook)
@profile_option
@out_option
def verify(notebooks: tuple[str, ...], profile: str) -> int:
    """Compare the results of NOTEBOOKS (all by default) with the published ones.

    They must be equal if CPU type and package versions are, else within the tolerances of
    params/claims.yaml. The exit status is 1 if they are not, and the table shows where.
    """
    from modclock.study.claims.verify import (
        differences,
        made_alike,
        published,
        reference_folder,
        uncompared,
    )
    from modclock.study.report.terminal import print_differences
    from modclock.study.running.notebooks import find_notebooks
    from modclock.study.running.planning import outdated_notebooks

    run, reference = run_folder(profile), reference_folder(profile)
    names = [book.name for book in find_notebooks(notebooks)]
    if not notebooks and (own := sorted(set(names) - published(reference))):
        click.echo(f"not compared, as they are not published: {', '.join(own)}")
        names = [name for name in names if name not in own]
    exact = made_alike(run, reference, names)
    found = differences(run, reference, names, exact=exact)
    click.echo(
        "same CPU type and package versions: results must be equal"
        if exact
        else "another CPU type or other package versions: results must be within tolerance"
    )
    if not exact and (unsteady := uncompared(names, run)):
        click.echo(f"not compared, as other machines differ too much: {', '.join(unsteady)}")
    if found:
        print_differences(found)
    if old := [name for name in outdated_notebooks(run) if name in names]:
        found_now = f"what {', '.join(old)} would give now"
        click.echo(f"not looked at: {found_now}, as code, packages or machine have changed since")
    click.echo(f"{len(names)} notebooks compared, {len(found)} differences")
    return 1 if found else 0


def main(arguments: list[str] | None = None) -> None:
    """Run the command; exit status 0 all good, 1 something failed, 2 bad usage."""
    _leave_the_working_folder()
    status = _status(lambda: cli.main(arguments, standalone_mode=False))
    if ON:
        gc.freeze()  # else Python looks through all that was imported before it ends
    sys.exit(status)


def _leave_the_working_folder() -> None:
    """`python -m` puts it first where modules are looked for; nothing of a run comes from there."""
    ours = Path(modclock.__file__).parents[1]
    if sys.path and Path(sys.path[0]).resolve() == Path.cwd() != ours:
        del sys.path[0]


def _status(command: Callable[[], Any]) -> int:
    begin, status = "modclock: error: ", 1
    try:
        return int(command() or 0)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.ClickException as error:
        message, status = error.format_message(), 2
    except InputError as error:
        message, status = str(error), 2
    except (MachineError, TrialError, OSError) as error:  # a scheduler that is gone, a full disk
        message = str(error)
    except (click.Abort, KeyboardInterrupt):
        begin, message, status = "modclock: ", "stopped; finished trials are kept", 130
    except RuntimeError as error:
        if "home directory" not in str(error):
            raise
        message = "HOME is not set, and this user has no home folder"
    click.echo(begin + " ".join(message.split()), err=True)
    return status


if __name__ == "__main__":
    main()

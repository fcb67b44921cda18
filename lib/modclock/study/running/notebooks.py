"""Notebooks of the study: their parameters, checked, and the trials that they will want.

Two cell tags matter: `parameters` holds annotated assignments with the defaults; `plan`
builds the dict `plan` from them, trials by label, or whatever else can refuse them. Plans run
here as well, without a kernel, so a mistake in a parameter is told before anything is started,
and a run knows all its trials beforehand. A dict `later` holds trials that have to wait until
the notebook asks for them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from modclock.study.errors import InputError, in_words, input_errors
from modclock.study.files import read_notebook, read_yaml
from modclock.study.project import notebook_files, project_root
from modclock.study.running.parameters import Declared, checked_values, declared_parameters
from modclock.study.trials.import_path import own_sources
from modclock.study.trials.keys import digest
from modclock.study.trials.module_files import package_digest
from modclock.study.trials.packages import package_version

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from modclock.study.trials.base import BaseTrial

# What notebooks calculate and draw with.
_PACKAGES = (
    "equinox", "jax", "jaxlib", "matplotlib", "numpy", "optax", "pandas", "scikit-learn", "scipy",
    "seaborn", "threadpoolctl",
)  # fmt: skip


class Planned(NamedTuple):
    """The trials of a notebook.

    Attributes
    ----------
    plan : those that are trained before it runs.
    later : those that it has trained itself, after something else that it does.
    """

    plan: list[BaseTrial]
    later: list[BaseTrial]


@dataclass(frozen=True)
class StudyNotebook:
    """A stored notebook of the study."""

    path: Path

    @property
    def name(self) -> str:
        """NN_name, as in every file that belongs to it."""
        return self.path.stem

    @cached_property
    def title(self) -> str:
        """The first heading of the notebook."""
        lines = self._content.cells[0].source.splitlines()
        return str(lines[0].lstrip("# ")) if lines else self.name

    def parameters(self, profile: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The notebook's defaults, its params file and `--set`, each over the one before.

        A profile has a file for a notebook if it changes one of its defaults.

        Raises
        ------
        InputError : for a file that is not YAML, an unknown name, a wrong type.
        """
        changes = project_root() / self.source(profile)
        values = read_yaml(changes) if changes.suffix == ".yaml" else {}
        values = checked_values(self._declared, values, str(changes))
        return checked_values(self._declared, values | dict(settings), f"--set for {self.name}")

    def source(self, profile: str) -> str:
        """The file that says what a profile changes, or else the notebook with its defaults."""
        changes = f"params/{profile}/{self.name}.yaml"
        exists = (project_root() / changes).exists()
        return changes if exists else f"notebooks/{self.path.name}"

    def parameter_names(self) -> list[str]:
        """The names that the notebook's `parameters` cell assigns."""
        return list(self._declared)

    def defaults(self) -> dict[str, Any]:
        """The values that the notebook itself gives its parameters."""
        return {name: default for name, (_, default) in self._declared.items()}

    def plan(self, parameters: Mapping[str, Any], source: str) -> Planned:
        """Build the trials that the notebook will ask for with these parameters.

        Raises
        ------
        InputError : if a trial refuses the parameters; `source` says where they are from.
        """
        namespace: dict[str, Any] = self.defaults() | dict(parameters)
        try:
            with input_errors(source):
                exec(self._code("plan"), namespace)
        except InputError:
            raise
        except (Exception, SystemExit) as error:  # whatever the cell does, which readers change
            ours = f"notebooks/{self.path.name}"
            place = ours if source.startswith(ours) else f"{ours} with {source}"
            raise InputError(f"{place}, cells of the plan: {in_words(error)}") from error
        return Planned(*(list(namespace.get(name, {}).values()) for name in Planned._fields))

    def fingerprint(self, parameters: Mapping[str, Any]) -> str:
        """Digest of all that decides what the executed notebook shows, and its trials' keys."""
        return digest(
            {
                "notebook": self.path.read_text("utf-8"),
                "parameters": dict(parameters),
                "package": package_digest(),
                "own encoder": own_sources(parameters.get("encoder", "")),
                "claims": [
                    (project_root() / "params" / name).read_text("utf-8")
                    for name in ("claims.yaml", "words.yaml")
                ],
                "versions": {name: package_version(name) for name in _PACKAGES},
            }
        )

    @cached_property
    def _content(self) -> NotebookNode:
        return read_notebook(self.path)

    @cached_property
    def _declared(self) -> dict[str, Declared]:
        return declared_parameters(self._code("parameters"), f"{self.path}, cell of parameters")

    def _code(self, tag: str) -> str:
        """The code of the cells with a tag, without IPython's own commands."""
        cells = (c for c in self._content.cells if tag in c.metadata.get("tags", []))
        lines = (line for cell in cells for line in cell.source.splitlines())
        return "\n".join(line for line in lines if not line.startswith(("%", "!")))


def find_notebooks(names: Sequence[str] = ()) -> list[StudyNotebook]:
    """The named notebooks of the study, all when none is named, in number order.

    A name is NN_name, its number or its path.

    Raises
    ------
    InputError : for an unknown name.
    """
    by_name = {path.stem: path for path in notebook_files()}
    with input_errors():
        chosen = [_name_of(name, list(by_name)) for name in names]
    return [StudyNotebook(by_name[name]) for name in sorted(set(chosen or by_name))]


def _name_of(name: str, every: Sequence[str]) -> str:
    """The name of a notebook that is given by its name, its number or its path."""
    numbered = [stem for stem in every if name.isdecimal() and stem[:2] == name.zfill(2)]
    if len(numbered) > 1:
        raise ValueError(f"notebook: {name} is {' and '.join(numbered)}; give the whole name")
    folder = project_root() / "notebooks"
    searched, found = str(folder), name.removesuffix(".ipynb")
    if numbered:
        found = numbered[0]
    elif len(PurePath(name).parts) > 1:  # a path, which has to lead to one of these files
        searched = f"{Path.cwd()}, {folder}"
        is_ours = Path(name).resolve().parent == folder.resolve() and Path(name).is_file()
        found = Path(name).stem if is_ours else name
    if found not in every:
        if name.endswith(".ipynb") and (Path(name).is_file() or (folder / name).is_file()):
            raise ValueError(
                f"notebook: {name} is there, but one of the study is in {folder} and named as "
                f"30_{re.sub('[^a-z0-9]+', '_', PurePath(found).stem.lower()).strip('_')}.ipynb: "
                "two digits, then letters, digits and underscores"
            )
        near = get_close_matches(PurePath(found).stem, every, n=1, cutoff=0.5)
        hint = f", did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"notebook: there is no {name!r}{hint} (searched: {searched})")
    return found

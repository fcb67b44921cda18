"""Claims and their measures in everyday words, and the thread's own figures, for the report."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from modclock.study.errors import input_errors
from modclock.study.files import read_yaml
from modclock.study.project import project_root


class Words(BaseModel):
    """What `params/words.yaml` says of a claim.

    Attributes
    ----------
    in_words : the claim for whoever has not read the thread.
    measures : what its criterion looks at, by name; what says most comes first.
    thread : the thread's own figure, by the name of the measure that it is to be compared with.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    in_words: str = ""
    measures: dict[str, str] = {}
    thread: dict[str, float] = {}

    def of(self, name: str) -> str:
        """A measure in words.

        Examples
        --------
        >>> Words(measures={"worst_task": "the worst of six tasks"}).of("worst_task")
        'the worst of six tasks'
        >>> Words().of("test_accuracy")
        'test accuracy'
        """
        return self.measures.get(name, name.replace("_", " "))


def load_words(path: Path | None = None) -> dict[str, Words]:
    """Read and validate the words, `params/words.yaml` when no path is given.

    Raises
    ------
    InputError : if there is no such file, or it holds anything else.
    """
    path = path or project_root() / "params" / "words.yaml"
    with input_errors(str(path)):
        return TypeAdapter(dict[str, Words]).validate_python(read_yaml(path))

"""The tidy rows behind a notebook's figures, as an output of the notebook."""

from __future__ import annotations

from typing import Any

import pandas as pd

ROWS_MIME = "application/vnd.modclock.rows+csv"
_PREVIEW = 8  # rows and columns: as many as a page is wide
_FIRST = ("train_accuracy", "test_accuracy")  # what is shown in any case


def unnested(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row an entry of a column that holds lists of dicts.

    Parameters
    ----------
    rows : one row a trial.
    column : name of the column; rows without a list in it are left out.

    Returns
    -------
    DataFrame with the keys of the dicts as columns, beside the columns of the trial that hold
    no lists. Where both have a name, it is the entry's.

    Examples
    --------
    >>> runs = [[{"step": 0}, {"step": 5}], False, [{"step": 0}]]
    >>> unnested(pd.DataFrame({"seed": [0, 1, 2], "runs": runs}), "runs").to_dict("list")
    {'seed': [0, 0, 2], 'step': [0, 5, 0]}
    """
    has_list = rows[column].map(lambda value: isinstance(value, list))
    entries = rows.loc[has_list, column].explode().dropna()
    table = pd.DataFrame(entries.tolist(), index=entries.index)
    own = _without_lists(rows).drop(columns=table.columns, errors="ignore")
    return own.join(table, how="right").reset_index(drop=True)


def _without_lists(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(columns=[name for name in frame if frame[name].map(type).eq(list).any()])


def varying(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns that have more than one value; those that hold lists are left out.

    Examples
    --------
    >>> list(varying(pd.DataFrame({"p": [97, 97], "seed": [0, 1], "k": [3, None]})))
    ['seed']
    """
    plain = _without_lists(frame)
    return plain.loc[:, plain.nunique() > 1]


class Rows:
    """Shows a table's first rows and carries all of it as CSV.

    The run writes the CSV to `data/NN_name.csv`; a notebook that is run by hand carries it
    in the output of the cell.

    Parameters
    ----------
    frame : one row an observation; columns that hold lists are left out.

    Examples
    --------
    >>> print(Rows(pd.DataFrame({"seed": [0, 1], "predictions": [[3], [4]]})).csv())
    seed
    0
    1
    <BLANKLINE>
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = _without_lists(frame)

    def csv(self) -> str:
        """All rows as CSV, numbers with six digits: more than any of them deserves."""
        return self.frame.to_csv(index=False, lineterminator="\n", float_format="%.6g")

    def _shown(self) -> list[str]:
        """Columns for a preview, in their order: of those that vary the first, and accuracies."""
        varying = [name for name in self.frame if self.frame[name].nunique(dropna=False) > 1]
        measured = [name for name in varying if name in _FIRST]
        others = [name for name in varying if name not in _FIRST][: _PREVIEW - len(measured)]
        return [name for name in varying if name in {*measured, *others}]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        preview = self.frame[self._shown()].head(_PREVIEW)
        rows, columns = self.frame.shape
        caption = (
            f"The first {len(preview)} of {rows} rows, and {len(preview.columns)} of {columns} "
            "columns that are not the same everywhere"
        )
        html = preview.to_html(index=False, float_format="{:.4g}".format, border=0)
        return {
            ROWS_MIME: self.csv(),
            "text/html": html.replace("<thead>", f"<caption>{caption}</caption><thead>", 1),
            "text/plain": f"{preview.to_string(index=False)}\n{caption}",
        }

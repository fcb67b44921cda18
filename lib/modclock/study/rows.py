"""The tidy rows behind a notebook's figures, as an output of the notebook."""

from __future__ import annotations

from typing import Any

import pandas as pd

ROWS_MIME = "application/vnd.modclock.rows+csv"
_PREVIEW = 8


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
        lists = [name for name in frame if frame[name].map(type).eq(list).any()]
        self.frame = frame.drop(columns=lists)

    def csv(self) -> str:
        """All rows as CSV."""
        return self.frame.to_csv(index=False, lineterminator="\n")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        varying = [name for name in self.frame if self.frame[name].nunique(dropna=False) > 1]
        preview = self.frame[varying].head(_PREVIEW)
        caption = f"{len(self.frame)} rows; shown are the first {len(preview)} and what varies"
        html = preview.to_html(index=False, float_format="{:.4g}".format, border=0)
        return {
            ROWS_MIME: self.csv(),
            "text/html": html.replace("<thead>", f"<caption>{caption}</caption><thead>", 1),
            "text/plain": f"{preview.to_string(index=False)}\n{caption}",
        }

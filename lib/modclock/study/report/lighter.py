"""Takes out of a page what no reader needs: from all, to be light enough to mail, or from paper."""

from __future__ import annotations

import re

COLOURED = ("c1", "k", "kc", "kn", "ow", "s1", "s2", "sd")  # comments, keywords and strings
_KEPT = "|".join(COLOURED)
_PLAIN = re.compile(rf'<span class="(?!(?:{_KEPT})")\w+">([^<]*)</span>')
_RUN = re.compile(r'<span class="(\w+)">[^<]*</span>(?:<span class="\1">[^<]*</span>)+')
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_CELL = re.compile(r"""<(t[dhr])((?: (?:id|class|style)="[^"]*")+) ?>""")
_ANNOUNCED = re.compile(r"<p>(?=The rows behind the [a-z ]+:</p>)")
_FIRST_ROWS = re.compile(r'<table class="dataframe">(?=\s*<caption>)')
_BETWEEN = re.compile(r">\s+<")
_HEAD = re.compile(r"<th>\w+</th>")  # a name of a column, which may break at its underscores
_EMPTY_STYLE = re.compile(r'<style type="text/css">\s*</style>\s*')


def lighter_code(highlighted: str) -> str:
    """Highlighted code with colours for comments, keywords and strings alone.

    Examples
    --------
    >>> lighter_code('<span class="n">a</span><span class="s2">b</span><span class="s2">c</span>')
    'a<span class="s2">bc</span>'
    """
    return _RUN.sub(_as_one, _PLAIN.sub(r"\1", highlighted))


def _as_one(spans: re.Match[str]) -> str:
    return spans[0].replace(f'</span><span class="{spans[1]}">', "")


def lighter_tables(html: str) -> str:
    """Tables of pandas without the ids and classes of each cell, as far as no style names them.

    Examples
    --------
    >>> cell = '<td id="T_1_row0_col0" class="data" >1</td>'
    >>> lighter_tables(f'<table id="T_1"><tr>  {cell}</tr></table>')
    '<table id="T_1"><tr><td>1</td></tr></table>'
    """
    html = _EMPTY_STYLE.sub("", html)

    def lighter(found: re.Match[str]) -> str:
        table = found[0]
        name = re.search(r'id="(T_\w+)"', table)
        if name and f"#{name[1]}_" in html:
            return table
        table = _BETWEEN.sub("><", _CELL.sub(r"<\1>", table))
        return _HEAD.sub(lambda head: re.sub("(?<=[^_]_)(?!_)|(?<=__)", "<wbr>", head[0]), table)

    return _TABLE.sub(lighter, html)


def with_marked_rows(html: str) -> str:
    """Mark the first rows of a longer table, and the line that announces them: no use on paper.

    Examples
    --------
    >>> with_marked_rows("<p>The rows behind the figure:</p>")
    '<p class="rows">The rows behind the figure:</p>'
    """
    html = _ANNOUNCED.sub('<p class="rows">', html)
    return _FIRST_ROWS.sub('<table class="rows dataframe">', html)

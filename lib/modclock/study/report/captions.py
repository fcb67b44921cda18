"""Figures with a number and a caption that all readers see: what the picture says of itself."""

from __future__ import annotations

import re
from itertools import count

_PICTURE = re.compile(r'<img\b(?:[^>"]|"[^"]*")*>')
_ALT = re.compile(r'\balt="([^"]*)"')


def captioned(html: str, chapter: str) -> str:
    """Put each picture that has alt text into a figure.

    Parameters
    ----------
    html : body of a chapter.
    chapter : its number, with which those of the figures begin.

    Returns
    -------
    The body. Captions are hidden from screen readers, which read the same in the alt text.

    Examples
    --------
    >>> print(captioned('<img src="data:," alt="A line">', "03"))
    <figure id="figure-03-1"><img src="data:," alt="A line"><figcaption
    aria-hidden="true"><b>Figure 03.1.</b> A line</figcaption></figure>
    """
    numbers = count(1)

    def figure(picture: re.Match[str]) -> str:
        alt = _ALT.search(picture[0])
        if not (alt and alt[1]):
            return picture[0]
        number = next(numbers)
        return (
            f'<figure id="figure-{chapter}-{number}">{picture[0]}<figcaption\n'
            f'aria-hidden="true"><b>Figure {chapter}.{number}.</b> {alt[1]}</figcaption></figure>'
        )

    return _PICTURE.sub(figure, html)

"""A figure as it goes into a page or a file."""

from __future__ import annotations

import io
import re
from base64 import b64encode
from html import escape
from typing import Any
from urllib.parse import quote

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from PIL import Image

_PIXELS_PER_INCH = 100
_SMALL = 60_000  # characters; below it a PNG at 2x is seldom smaller, and takes long

_TAG = re.compile("<[^>]*>")
_DECIMALS = re.compile(r"(\.\d{3})\d+")
_OTHER_QUOTES = str.maketrans("\"'", "'\"")

PICTURE_MIME = "application/vnd.modclock.picture+json"


class Picture:
    """A figure as an `<img>` with alt text, in the smaller of two forms: SVG, or PNG at 2x.

    Parameters
    ----------
    figure : a matplotlib figure.
    alt : what the figure shows, for readers who do not see it.
    published_as : name of the file that a published run makes of it, for the README; an output
        beside the `<img>` carries it as SVG then.
    """

    def __init__(self, figure: Figure, alt: str, published_as: str | None = None) -> None:
        self.alt = alt
        self.width = round(figure.get_size_inches()[0] * _PIXELS_PER_INCH)
        drawn = svg(figure)
        self.published: dict[str, Any] = {}
        if published_as:
            svg_file = {"name": published_as, "svg": _with_title(drawn, alt)}
            self.published = {PICTURE_MIME: svg_file}
        self.source = _svg_uri(drawn)
        if len(self.source) > _SMALL:
            self.source = min(self.source, _png_uri(figure), key=len)

    def html(self) -> str:
        """The `<img>` element."""
        return f'<img src="{self.source}" width="{self.width}" alt="{escape(self.alt)}">'

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/html": self.html(), "text/plain": self.alt} | self.published


def svg(figure: Figure) -> str:
    """The figure as SVG with its text as text, the same in every run."""
    buffer = io.StringIO()
    style = plt.rc_context(
        {
            "svg.hashsalt": "modclock",
            "svg.fonttype": "none",
            "font.sans-serif": ["DejaVu Sans", "sans-serif"],
        }
    )
    without = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with style:
        figure.savefig(buffer, format="svg", metadata=without, bbox_inches=_laid_out(figure))
    return "\n".join(line.strip() for line in buffer.getvalue().splitlines()) + "\n"


def _with_title(drawn: str, alt: str) -> str:
    """An SVG that says by itself what it shows."""
    return re.sub(
        "(<svg [^>]*>\n)", lambda tag: f"{tag[1]}<title>{escape(alt)}</title>\n", drawn, count=1
    )


def _laid_out(figure: Figure) -> Bbox:
    """Lay a figure out for good; returns what it covers, in inches.

    Saving a figure with a layout or tight bounds draws it twice.
    """
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        with plt.rc_context({"figure.constrained_layout.use": False}):
            figure.set_layout_engine(None)
    return figure.get_tightbbox().padded(plt.rcParams["savefig.pad_inches"])


def _svg_uri(text: str) -> str:
    """Escapes no more than URLs and attributes need: a third smaller than base64.

    Examples
    --------
    >>> _svg_uri('<a x="1.23456">"0.12345"</a>')
    "data:image/svg+xml,<a x='1.234'>%220.12345%22</a>"
    """
    short = _TAG.sub(_shorter, text.replace("\n", " "))
    return "data:image/svg+xml," + quote(short, safe=" !$'()*+,/:;<=>?@[]^`{|}~")


def _shorter(tag: re.Match[str]) -> str:
    """Thousandths of a point are enough; a single quote needs no escape, a double one three."""
    return _DECIMALS.sub(r"\1", tag[0]).translate(_OTHER_QUOTES)


def _png_uri(figure: Figure) -> str:
    """In 128 colours: a third of the size, and looks the same."""
    drawn, buffer = io.BytesIO(), io.BytesIO()
    figure.savefig(
        drawn,
        format="png",
        dpi=2 * _PIXELS_PER_INCH,
        bbox_inches=_laid_out(figure),
        pil_kwargs={"compress_level": 0},  # it is opened again at once
    )
    with Image.open(drawn) as image:
        image.convert("RGB").quantize(128).save(buffer, format="png", optimize=True)
    return f"data:image/png;base64,{b64encode(buffer.getvalue()).decode()}"

"""Figures that carry their own files, SVG and PNG, beside what a page shows."""

from __future__ import annotations

import io
import os
from base64 import b64encode
from typing import Any

from matplotlib.figure import Figure

from modclock.study.figures.pictures import Picture, svg

EXPORT_MIME = "application/vnd.modclock.export+json"
EXPORT_VARIABLE = "MODCLOCK_EXPORT"  # where it is set, every figure is drawn both ways
_PIXELS_PER_INCH = 200


class ExportedPicture(Picture):
    """A `Picture` with an output beside it that holds the figure as SVG and as PNG."""

    def __init__(self, figure: Figure, alt: str, published_as: str | None = None) -> None:
        super().__init__(figure, alt, published_as)
        png = io.BytesIO()
        figure.savefig(png, format="png", dpi=_PIXELS_PER_INCH, bbox_inches="tight")
        self.files = {"svg": svg(figure), "png": b64encode(png.getvalue()).decode()}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return super()._repr_mimebundle_(include, exclude) | {EXPORT_MIME: self.files}


def picture(figure: Figure, alt: str, published_as: str | None) -> Picture:
    """The figure as a picture; in a run with --export, one that carries its files."""
    kind = ExportedPicture if os.environ.get(EXPORT_VARIABLE) else Picture
    return kind(figure, alt, published_as)

"""A drawing of the user's as a sample: what the window sends, and what the engine makes of it.

The workbench makes of the drawing what the network would get, had it been among the samples. That is what is carried to
the runner, so that a probe there has no more to do than for a sample of the test part.
"""

from typing import Annotated, NamedTuple

import msgspec

from playground.core.carried import Array, Watch
from playground.core.text import _

DRAWING = "drawing"  # in the place of a sample's number: in `Document.sample`, and in the option `sample` of a watch
SIDE = 128  # px of what the window sends
MOST_SIDE = 512  # that the engine takes

_AT_LEISURE = ("rows", "feature_maps")  # probes of many maps, which a hand that draws can wait for
PAPER = "#ffffff"  # below drawings in colour
PENS = {
    "#000000": _("black"), "#ffffff": _("white"), "#808080": _("grey"), "#b01e1e": _("red"), "#e07b1a": _("orange"),
    "#e8c21f": _("yellow"), "#2f8f3a": _("green"), "#2456c6": _("blue"), "#7fc4ef": _("sky blue"), "#7a4a24": _("brown"),
}  # fmt: skip

Chosen = int | str  # a sample of the test part by its number, or DRAWING

MOST_STROKES = 500
MOST_POINTS = 20_000  # of one stroke

_Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Point = tuple[_Share, _Share]


class Stroke(NamedTuple):
    """points: (x, y), 0 to 1 from the left and from above;  width: of the pen, as a share of the side
    color: "#rrggbb" for pictures in colour; else all is ink;  erases: takes ink away
    """

    points: Annotated[tuple[Point, ...], msgspec.Meta(min_length=1, max_length=MOST_POINTS)]
    width: Annotated[float, msgspec.Meta(gt=0, le=1)]
    color: Annotated[str, msgspec.Meta(pattern=r"^(#[0-9a-f]{6})?\Z")] = ""
    erases: bool = False


def is_of_drawing(watch: Watch) -> bool:
    """Whether it looks at the sample DRAWING."""
    return bool(watch.options.get("sample") == DRAWING)


def is_awaited(watch: Watch) -> bool:
    """Whether a hand that draws waits for it; many maps of the drawing may come later."""
    return is_of_drawing(watch) and watch.probe not in _AT_LEISURE


class FitDrawing(msgspec.Struct, frozen=True, tag=True):
    """What the network gets of a drawing. Answered by DrawingFitted.

    ink: uint8, (1, side, side), 0 where nothing is drawn and 255 where all is ink, or (3, side, side), red, green and
        blue on white paper
    """

    id: int
    project: str
    ink: Array


class DrawingFitted(msgspec.Struct, frozen=True, tag=True):
    """stored: (channels, height, width), as a sample of the data set is stored;  input: as the network gets it
    written: it was made as large as the samples are, put where they are, with strokes as thick; else only scaled
    """

    id: int
    stored: Array
    input: Array
    written: bool = False

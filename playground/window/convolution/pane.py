"""A picture of the room: what it holds, where it lies, where the window is on it."""

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPen

from playground.window.convolution import colors
from playground.window.theme import theme


class Pane(NamedTuple):
    """A picture. title, facts: above it;  values: (height, width);  lut: its colours;  signed: 0 is their middle
    rim: what padding adds around it, px: left, right, above, below
    """

    title: str
    facts: str
    values: np.ndarray
    lut: str
    signed: bool
    rim: tuple[int, int, int, int] = (0, 0, 0, 0)


class Spot(NamedTuple):
    """Where the window is. pane: that it lies on;  rows, columns: of its cells;  at: of the pixel in the next picture
    sources: the cells whose value comes from elsewhere in the picture: rows and columns; e.g. of a circular rim
    """

    pane: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    at: tuple[int, int]
    sources: tuple[tuple[int, int], ...] = ()


class Placed(NamedTuple):
    room: QRectF
    side: float


GRID_FROM, GRID_SHARE = 6, 0.25  # px of a pixel from which it has a grid; how much of that is seen


def picture_of(pane: Pane, side: float, ratio: float) -> QImage:
    """The picture with its grid. side: of a pixel, px;  ratio: device px in one px

    Where a pixel is no whole number of px, it has one px for each value, to be stretched.
    """
    whole = side * ratio
    if whole < 2 or whole != int(whole):
        return colors.image(levels(pane), pane.lut)
    step = int(whole)
    colored = theme().lut(pane.lut)[levels(pane)].repeat(step, axis=0).repeat(step, axis=1)
    if side >= GRID_FROM:
        ink = theme().color("text_quiet")
        line = np.array([ink.red(), ink.green(), ink.blue()], np.float32) * GRID_SHARE
        for lines in (colored[step::step], colored[:, step::step]):
            lines[:] = lines * (1 - GRID_SHARE) + line
    height, width = colored.shape[:2]
    made = QImage(colored.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    made = made.convertToFormat(QImage.Format.Format_RGB32)  # the window's own, which is copied and not converted
    made.setDevicePixelRatio(ratio)
    return made


def alike(one: Pane, other: Pane) -> bool:
    """Whether two look the same."""
    same = one.lut == other.lut and one.signed == other.signed and one.values.shape == other.values.shape
    return same and np.array_equal(one.values, other.values)


def levels(pane: Pane) -> np.ndarray:
    """Its values as 0 to 255 of its colours."""
    if pane.signed:
        return colors.signed(pane.values, colors.scale_of(pane.values))
    return colors.unsigned(pane.values, *colors.range_of(pane.values))


Block = tuple[str, str, float]  # role, text, height in px


def height_of(blocks: list[Block]) -> float:
    """All of them, one below the other, in px."""
    return sum(high for _role, _text, high in blocks)


def fact_font(role: str) -> QFont:
    """role: "quiet", "figure" or "small" """
    sizes = {"quiet": ("small", "regular"), "figure": ("heading", "semibold"), "small": ("small", "regular")}
    return theme().font(*sizes[role])


def ring(painter: QPainter, place: QRectF, token: str) -> None:
    """Apart from a ground of nearly the same colour."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(theme().color("surface"), 4), QPen(theme().color(token), 2)):
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(place)

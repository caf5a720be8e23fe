"""Strokes as pixels: those of the picture that is sent, and those on the screen."""

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from playground.core.drawing import PAPER, PENS, SIDE, Stroke
from playground.core.messages import Array

BLANK, INK = QColor(0, 0, 0), QColor(255, 255, 255)  # as levels: nothing, and all ink


class Sheet:
    """A square image that strokes are painted on, one upon the other.

    side: px;  ratio: device px in one px;  paper, ink: colours;  ink None paints each stroke in its own colour
    """

    def __init__(
        self, side: int, paper: QColor, ink: QColor | None, ratio: float = 1.0, kind: QImage.Format | None = None
    ) -> None:
        self._paper, self._ink = paper, ink
        whole = max(1, round(side * ratio))
        self.image = QImage(whole, whole, kind or QImage.Format.Format_RGB32)
        self.clear()

    def clear(self) -> None:
        self.image.fill(self._paper)

    def paint(self, strokes: Iterable[Stroke]) -> None:
        """Paint whole strokes as a hand has painted them, point by point: at once, their edges would be others, and the
        network's answer with them."""
        for stroke in strokes:
            self.extend(stroke._replace(points=stroke.points[:1]))
            if len(stroke.points) > 1:
                self.extend(stroke)

    def extend(self, more: Stroke) -> None:
        """Paint a stroke's first point, or from point to point what it has got more."""
        painter = QPainter(self.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self.image.width()
        pen = QPen(self._color(more), max(1.0, more.width * side))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        points = [QPointF(x * side, y * side) for x, y in more.points]
        if len(points) == 1:
            painter.drawPoint(points[0])
        for one, other in pairwise(points):
            painter.drawLine(one, other)
        painter.end()

    def _color(self, stroke: Stroke) -> QColor:
        if stroke.erases:
            return self._paper
        return self._ink if self._ink is not None else QColor(stroke.color or next(iter(PENS)))


def sent_sheet(channels: int) -> Sheet:
    """What is sent is painted on. channels: 1 of ink, 3 of colours on white paper"""
    if channels == 3:
        return Sheet(SIDE, QColor(PAPER), None, kind=QImage.Format.Format_RGB888)
    return Sheet(SIDE, BLANK, INK, kind=QImage.Format.Format_Grayscale8)


def sent(sheet: Sheet) -> Array:
    """As `core.drawing.FitDrawing.ink`."""
    image, side = sheet.image, sheet.image.width()
    if image.format() == QImage.Format.Format_Grayscale8:
        return Array("uint8", (1, side, side), bytes(image.constBits()))  # SIDE is a multiple of 4: lines have no rest
    pixels = bytes(image.constBits())
    return Array("uint8", (3, side, side), pixels[0::3] + pixels[1::3] + pixels[2::3])

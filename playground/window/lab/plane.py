"""A plane to draw functions on: numbers become pixels and the other way round; grid and bottom axis as in every plot."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPen

from playground.window.plots.graph import pg
from playground.window.theme import theme

_FAR_PX = 4_000.0  # beyond it nothing is seen, and Qt's numbers stay small
_WHOLE = 12.0  # times the middle of a curve: higher, it is drawn only around that middle
_X_APART, _Y_APART = 48, 32  # px between two ticks at least


class Plane(NamedTuple):
    """area: in px;  x, y: the lowest and the highest number of it"""

    area: QRectF
    x: tuple[float, float]
    y: tuple[float, float]

    def point(self, x: float, y: float) -> QPointF:
        """Where a point lies, px; never very far outside."""
        left = self.area.left() + (x - self.x[0]) / (self.x[1] - self.x[0]) * self.area.width()
        top = self.area.bottom() - (y - self.y[0]) / (self.y[1] - self.y[0]) * self.area.height()
        return QPointF(_near(left), _near(top))

    def x_at(self, left: float) -> float:
        """The x under a pixel, inside of the plane."""
        share = (left - self.area.left()) / max(1.0, self.area.width())
        return self.x[0] + min(1.0, max(0.0, share)) * (self.x[1] - self.x[0])

    def y_at(self, top: float) -> float:
        """The y under a pixel, inside of the plane."""
        share = (self.area.bottom() - top) / max(1.0, self.area.height())
        return self.y[0] + min(1.0, max(0.0, share)) * (self.y[1] - self.y[0])

    def path(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> QPainterPath:
        """A curve; broken where it is not finite, and where it leaves above and comes back from below."""
        finite = np.isfinite(x) & np.isfinite(y)
        left = self.area.left() + (x - self.x[0]) / (self.x[1] - self.x[0]) * self.area.width()
        top = self.area.bottom() - (y - self.y[0]) / (self.y[1] - self.y[0]) * self.area.height()
        left, top = np.where(finite, left, 0.0), np.where(finite, top, 0.0)
        side = np.where(top < self.area.top(), -1, np.where(top > self.area.bottom(), 1, 0))
        joined = finite.copy()
        joined[:-1] &= finite[1:] & (side[:-1] * side[1:] >= 0)
        joined[-1:] = False
        near = np.clip(left, -_FAR_PX, _FAR_PX), np.clip(top, -_FAR_PX, _FAR_PX)
        return pg.arrayToQPath(*near, connect=joined.astype(np.int32))


def _near(pixel: float) -> float:
    return min(_FAR_PX, max(-_FAR_PX, pixel)) if math.isfinite(pixel) else _FAR_PX


def unit_of(span: float, most: float) -> float:
    """The smallest of 1, 2, 5, 10 … (of any power of ten) that goes into a span at most so often."""
    least = span / max(1.0, most)
    power = 10.0 ** math.floor(math.log10(least)) if least > 0 else 1.0
    return next(nice * power for nice in (1, 2, 5, 10) if nice * power >= least * (1 - 1e-9))


def ticks(low: float, high: float, most: float) -> tuple[list[float], int]:
    """Round numbers inside, and with how many digits behind the point they are written."""
    unit = unit_of(high - low, most)
    first = math.ceil(low / unit - 1e-9)
    found = [round(number * unit, 12) for number in range(first, math.floor(high / unit + 1e-9) + 1)]
    return found, max(0, -math.floor(math.log10(unit) + 1e-9))


def tick_text(value: float, digits: int) -> str:
    """As a tick prints it."""
    return f"{value:,.{digits}f}".replace("-", "−")


def heights_of(*curves: NDArray[np.float64], around: float = 0.08) -> tuple[float, float]:
    """The range of y that shows curves well: all of them, or their middle where they have a pole."""
    finite = np.concatenate([one[np.isfinite(one)] for one in curves] or [np.empty(0)])
    if not finite.size:
        return -1.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    inner_low, inner_high = (float(one) for one in np.quantile(finite, (0.1, 0.9)))
    middle = inner_high - inner_low
    if middle > 0 and high - low > _WHOLE * middle:
        low, high = max(low, inner_low - 0.25 * middle), min(high, inner_high + 0.25 * middle)
    if high - low < 1e-9 * max(1.0, abs(low)):
        low, high = low - 1.0, high + 1.0
    room = around * (high - low)
    return low - room, high + room


def paint_grid(painter: QPainter, plane: Plane, below: str = "", beside: str = "", drop: float = 5) -> None:
    """Hairlines with their numbers, and the bottom axis. below, beside: names of the axes;  drop: px to its numbers"""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setFont(theme().font("tick"))
    area = plane.area
    found, digits = ticks(*plane.y, area.height() / _Y_APART)
    for value in found:
        top = round(plane.point(plane.x[0], value).y())
        painter.setPen(QPen(theme().color("plot_grid"), 1))
        painter.drawLine(QPointF(area.left(), top), QPointF(area.right(), top))
        painter.setPen(theme().color("text_quiet"))
        room = QRectF(0, top - 8, area.left() - 6, 16)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick_text(value, digits))
    painter.setPen(QPen(theme().color("line_strong"), 1))
    painter.drawLine(area.bottomLeft(), area.bottomRight())
    painter.setPen(theme().color("text_quiet"))
    found, digits = ticks(*plane.x, area.width() / _X_APART)
    for value in found:
        left = plane.point(value, plane.y[0]).x()
        room = QRectF(left - 30, area.bottom() + drop, 60, 16)
        painter.drawText(room, Qt.AlignmentFlag.AlignHCenter, tick_text(value, digits))
    if below:
        painter.setPen(theme().color("text_secondary"))
        room = QRectF(area.right() + 14, area.bottom() + drop, 30, 16)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, below)
    if beside:
        painter.setPen(theme().color("text_secondary"))
        painter.drawText(QRectF(0, area.top() - 20, area.left() - 6, 16), Qt.AlignmentFlag.AlignRight, beside)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def left_margin(y: tuple[float, float], height: float) -> float:
    """Room for the numbers of the left axis, px."""
    return _margin(y, height, theme().text_scale)


@lru_cache(maxsize=64)  # asked several times for every paint
def _margin(y: tuple[float, float], height: float, _scale: float) -> float:
    found, digits = ticks(*y, height / _Y_APART)
    metrics = QFontMetrics(theme().font("tick"))
    return 10.0 + max((metrics.horizontalAdvance(tick_text(value, digits)) for value in found), default=0)


def halo_text(painter: QPainter, room: QRectF, flags: Qt.AlignmentFlag, text: str, token: str) -> None:
    """Text over curves: the surface behind it keeps it readable."""
    ground = theme().color("surface")
    ground.setAlphaF(0.85)
    painter.fillRect(painter.boundingRect(room, flags, text).adjusted(-2, 0, 2, 0), ground)
    painter.setPen(theme().color(token))
    painter.drawText(room, flags, text)


def tangent_line(plane: Plane, x: float, y: float, slope: float) -> QPainterPath:
    """A straight line through a point, over the whole plane."""
    left, right = plane.x
    if slope:  # a steep one ends where it leaves the plane: further away its pixels are cut off
        room = plane.y[1] - plane.y[0]
        ends = sorted((x + (plane.y[0] - room - y) / slope, x + (plane.y[1] + room - y) / slope))
        left, right = max(left, ends[0]), min(right, ends[1])
    path = QPainterPath(plane.point(left, y + slope * (left - x)))
    path.lineTo(plane.point(right, y + slope * (right - x)))
    return path

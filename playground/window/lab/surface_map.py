"""A surface from above, in lines of equal height, and the optimizers' ways down it from one start."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen

from playground.core.lab.told import Races
from playground.core.text import _
from playground.session.history import numbers
from playground.window.lab.contours import levels, lines
from playground.window.lab.ground import DraggedPlot
from playground.window.lab.marks import color_of, paint_mark, runners
from playground.window.lab.plane import Plane, halo_text, left_margin, paint_grid, unit_of
from playground.window.plots.axis import figure_text
from playground.window.plots.graph import pg
from playground.window.plots.labels import APART, spread
from playground.window.plots.strokes import stroke
from playground.window.theme import theme

_TOP, _AXIS, _RIGHT = 24, 24, 24  # px of room around the plane
_FINE, _COARSE = 300, 60  # steps of the hand, and of an arrow key, over an axis
_KEYS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
_LABEL = 90  # px of a name


class SurfaceMap(DraggedPlot):
    """start_chosen: x and y where a person wants the race to begin"""

    start_chosen = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self.races: Races | None = None
        self.position: int | None = None
        self._start, self._axes = (0.0, 0.0), ("x", "y")
        self._x = self._y = np.empty(0)
        self._heights = np.empty((0, 0))
        self._paths: list[np.ndarray] = []
        self._runners: list[tuple[str, int]] = []
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setToolTip(_("Drag to begin elsewhere; the arrow keys move the start by a step, with Shift by ten"))

    def show_start(self, start: tuple[float, float], axes: tuple[str, str]) -> None:
        """The start goes where the page says at once. axes: names of the two numbers"""
        if (start, axes) != (self._start, self._axes):
            self._start, self._axes = start, axes
            self.update()

    def show_races(self, races: Races) -> None:
        """What PyTorch told."""
        if self.races is None or (races.heights, races.x, races.y) != (self.races.heights, self.races.x, self.races.y):
            self._x, self._y, self._heights = numbers(races.x), numbers(races.y), numbers(races.heights)
            self.renew_ground()
        self.races = races
        self._runners = runners(races)
        self._paths = [numbers(one.path) for one in races.races]
        ends = [
            _("{name} ends at height {loss}").format(name=name, loss=figure_text(float(numbers(one.losses)[-1]), 4))
            for one, (name, _number) in zip(races.races, self._runners, strict=True)
        ]
        self.setAccessibleName(_("The surface from above") + ": " + "; ".join(ends))
        self.update()

    def show_position(self, position: int | None) -> None:
        """How many steps of every way are drawn; None for all."""
        self.position = position
        self.update()

    def plane(self) -> Plane:
        """Where it is drawn."""
        x = (float(self._x[0]), float(self._x[-1])) if self._x.size else (-3.0, 3.0)
        y = (float(self._y[0]), float(self._y[-1])) if self._y.size else (-3.0, 3.0)
        height = max(10.0, self.height() - _TOP - _AXIS)
        left = left_margin(y, height)
        return Plane(QRectF(left, _TOP, max(10.0, self.width() - left - _RIGHT), height), x, y)

    # Painting -------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plane = self.plane()
        painter.drawPixmap(0, 0, self.ground(lambda ground: self._paint_ground(ground, plane), self._axes))
        if self.races is not None:
            painter.save()
            painter.setClipRect(plane.area)
            for (_name, number), path in zip(self._runners, self._paths, strict=True):
                drawn = self._taken(path)
                pen = QPen(color_of(number), 1.75)
                stroke(painter, plane.path(drawn[:, 0], drawn[:, 1]), pen)
                if len(drawn) <= 60:
                    painter.setBrush(pen.color())
                    painter.setPen(Qt.PenStyle.NoPen)
                    for one in drawn:
                        painter.drawEllipse(plane.point(*one), 1.75, 1.75)
            painter.restore()
            self._paint_lowest(painter, plane)
            self._paint_ends(painter, plane)
        here = plane.point(*self._start)
        painter.setPen(QPen(theme().color("accent"), 2))
        painter.setBrush(theme().color("surface"))
        painter.drawEllipse(here, 6, 6)
        painter.setFont(theme().font("small", "medium"))
        room = QRectF(here.x() - 30, here.y() - 24, 60, 16)
        halo_text(painter, room, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, _("start"), "text")
        self.paint_focus(painter)
        painter.end()

    def _taken(self, path: np.ndarray) -> np.ndarray:
        return path if self.position is None else path[: self.position + 1]

    def _paint_ground(self, painter: QPainter, plane: Plane) -> None:
        """Shade and lines of the surface, which stay while ways change."""
        if self._heights.size:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(plane.area, _shade(self._heights))
        paint_grid(painter, plane, below=self._axes[0], beside=self._axes[1])
        if self._heights.size:
            self._paint_contours(painter, plane)

    def _paint_contours(self, painter: QPainter, plane: Plane) -> None:
        pen = QPen(theme().color("text_quiet"), 1)
        color = pen.color()
        color.setAlphaF(0.55)
        pen.setColor(color)
        painter.setPen(pen)
        painter.setClipRect(plane.area)
        scale = np.array(
            [plane.area.width() / (plane.x[1] - plane.x[0]), -plane.area.height() / (plane.y[1] - plane.y[0])]
        )
        corner = np.array([plane.area.left(), plane.area.bottom()])
        pieces = lines(self._x, self._y, self._heights, levels(self._heights))
        pixels = ((pieces - [plane.x[0], plane.y[0]]) * scale + corner).reshape(-1, 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(pg.arrayToQPath(pixels[:, 0].copy(), pixels[:, 1].copy(), connect="pairs"))
        painter.setClipping(False)

    def _paint_lowest(self, painter: QPainter, plane: Plane) -> None:
        """A cross where the surface is lowest."""
        assert self.races is not None
        painter.setPen(QPen(theme().color("text"), 1.5))
        for x, y in self.races.lowest:
            at = plane.point(x, y)
            if plane.area.contains(at):
                painter.drawLine(at + QPointF(-5, 0), at + QPointF(5, 0))
                painter.drawLine(at + QPointF(0, -5), at + QPointF(0, 5))

    def _paint_ends(self, painter: QPainter, plane: Plane) -> None:
        """Where every optimizer is, with its shape and, beside all of them, its name."""
        assert self.races is not None
        found = []
        for (name, number), path in zip(self._runners, self._paths, strict=True):
            at = plane.point(*self._taken(path)[-1])
            if plane.area.contains(at):
                found.append((at, number, name))
                paint_mark(painter, number, at)
        found.sort(key=lambda one: one[0].y())
        painter.setFont(theme().font("small"))
        places = _beside(found, plane.area)
        for (at, number, name), place in zip(found, places, strict=True):
            painter.setPen(QPen(color_of(number), 1))
            painter.drawLine(at, place)
            room = QRectF(place.x() + 4, place.y() - 8, _LABEL, 16)
            halo_text(painter, room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name, "text")

    # Hand and keyboard ------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose_at(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _KEYS:
            super().keyPressEvent(event)
            return
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        units = [unit_of(high - low, _COARSE) for low, high in (self.plane().x, self.plane().y)]
        moved = [
            now + way * unit * far
            for now, way, unit in zip(self._start, _KEYS[Qt.Key(event.key())], units, strict=True)
        ]
        self._choose(moved, units)

    def _choose_at(self, at: QPointF) -> None:
        plane = self.plane()
        units = [unit_of(high - low, _FINE) for low, high in (plane.x, plane.y)]
        self._choose([plane.x_at(at.x()), plane.y_at(at.y())], units)

    def _choose(self, wanted: Sequence[float], units: Sequence[float]) -> None:
        plane, found = self.plane(), []
        for value, unit, (low, high) in zip(wanted, units, (plane.x, plane.y), strict=True):
            found.append(round(round(min(high, max(low, value)) / unit) * unit, 12))
        if tuple(found) != self._start:
            self.start_chosen.emit(*found)

    def sizeHint(self) -> QSize:
        return QSize(500, 400)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 200)


def _beside(found: Sequence[tuple[QPointF, int, str]], area: QRectF) -> list[QPointF]:
    """Places of the names: in a column right of all ends (left of them where there is no room), none on another."""
    if not found:
        return []
    right = max(at.x() for at, _number, _name in found) + 18
    left = min(right, area.right() - _LABEL)
    heights = spread([at.y() for at, _number, _name in found], area.top() + 8, area.bottom() - 8, APART + 2)
    return [QPointF(left, height) for height in heights]


def _shade(heights: np.ndarray) -> QImage:
    """Deeper is more of the accent's tint; by rank, so that a steep wall does not hide what lies below."""
    flat = np.where(np.isfinite(heights), heights, np.inf).ravel()
    ranks = np.empty(len(flat))
    ranks[np.argsort(flat, kind="stable")] = np.linspace(0, 1, len(flat))
    depth = (1 - ranks.reshape(heights.shape)[::-1, :, None]) ** 1.5
    deep, high = (_rgb(theme().color(token)) for token in ("accent_tint", "surface"))
    pixels = np.empty((*heights.shape, 4), np.uint8)
    pixels[..., :3] = (high + depth * (deep - high))[..., ::-1].round()
    pixels[..., 3] = 255
    return QImage(pixels.tobytes(), heights.shape[1], heights.shape[0], QImage.Format.Format_RGB32).copy()


def _rgb(color: QColor) -> np.ndarray:
    return np.array([color.red(), color.green(), color.blue()], np.float64)

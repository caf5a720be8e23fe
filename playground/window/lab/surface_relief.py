"""A surface as hills and valleys, and the optimizers' ways down it. Dragging turns it."""

import math
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF

from playground.core.lab.told import Races
from playground.core.text import _
from playground.session.history import numbers
from playground.window.lab.ground import DraggedPlot
from playground.window.lab.marks import color_of, paint_mark, runners
from playground.window.plots.graph import pg
from playground.window.plots.strokes import stroke
from playground.window.theme import theme

_DEEP = 0.4  # share of the accent in the lowest cells
_CELLS = 30  # of a side
_HIGH = 0.55  # height of the relief in sides of its ground
_WALL = 20.0  # times the middle height: a surface that is higher is drawn by the logarithm of its heights
_TURN, _TILT = 0.4, 0.3  # degrees a px
_TILTS = (15.0, 75.0)  # degrees: from the side, and nearly from above
_KEYS = {Qt.Key.Key_Left: (-5, 0), Qt.Key.Key_Right: (5, 0), Qt.Key.Key_Up: (0, 5), Qt.Key.Key_Down: (0, -5)}


class Look(NamedTuple):
    """From where it is seen. turn, tilt: degrees;  width, height: of the widget, px"""

    turn: float
    tilt: float
    width: float
    height: float

    def pixels(self, x: np.ndarray, y: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """x, y: -0.5 to 0.5 of the ground;  z: 0 to 1 of the height"""
        turn, tilt = math.radians(self.turn), math.radians(self.tilt)
        across = x * math.cos(turn) - y * math.sin(turn)
        deep = self.depth(x, y)
        up = deep * math.sin(tilt) + (z - 0.5) * _HIGH * math.cos(tilt)
        side = min(self.width / 1.5, self.height / (1.42 * math.sin(tilt) + _HIGH * math.cos(tilt)) * 0.92)
        return self.width / 2 + side * across, self.height / 2 - side * up

    def depth(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """How far behind the middle."""
        turn = math.radians(self.turn)
        found: np.ndarray = x * math.sin(turn) + y * math.cos(turn)
        return found


class SurfaceRelief(DraggedPlot):
    """is_log: whether the heights are drawn by their logarithm"""

    def __init__(self) -> None:
        super().__init__()
        self.races: Races | None = None
        self.position: int | None = None
        self.turn, self.tilt = 30.0, 40.0
        self.is_log = False
        self._x = self._y = np.empty(0)
        self._heights = np.empty((0, 0))
        self._axes = ("x", "y")
        self._low = self._scale = self._top = 1.0
        self._ways: list[np.ndarray] = []
        self._dragged_from = QPointF()
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip(_("Drag to turn and tilt it, or use the arrow keys"))
        self.setAccessibleName(_("The surface in relief"))

    def show_races(self, races: Races, axes: tuple[str, str]) -> None:
        """What PyTorch told. axes: names of the two numbers"""
        self._axes = axes
        if self.races is None or (races.heights, races.x, races.y) != (self.races.heights, self.races.x, self.races.y):
            self._x, self._y, self._heights = numbers(races.x), numbers(races.y), numbers(races.heights)
            self._measure()
            self.renew_ground()
        self.races = races
        self._ways = [np.column_stack([numbers(one.path), numbers(one.losses)]) for one in races.races]
        self.update()

    def show_position(self, position: int | None) -> None:
        """How many steps of every way are drawn; None for all."""
        self.position = position
        self.update()

    def _measure(self) -> None:
        finite = self._heights[np.isfinite(self._heights)]
        self._low = float(finite.min()) if finite.size else 0.0
        highest = float(finite.max()) - self._low if finite.size else 1.0
        middle = float(np.median(finite)) - self._low if finite.size else 1.0
        self.is_log = highest > _WALL * max(middle, 1e-12) or highest > 100
        self._scale = max(middle, 1e-12) / 10
        self._top = float(self._raised(np.array(highest + self._low))) or 1.0

    def _raised(self, heights: np.ndarray) -> np.ndarray:
        above = np.maximum(heights - self._low, 0.0)
        return np.log1p(above / self._scale) if self.is_log else above

    def _share(self, heights: np.ndarray) -> np.ndarray:
        """0 at the lowest of the surface, 1 at its highest."""
        found: np.ndarray = np.clip(self._raised(np.nan_to_num(heights, posinf=1e300)) / self._top, 0.0, 1.0)
        return found

    # Painting -------------------------------------------------------------------------------------------------------

    def _look(self) -> Look:
        return Look(self.turn, self.tilt, self.width(), self.height())

    def _on_ground(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """-0.5 to 0.5 over the axes."""
        return (x - self._x[0]) / (self._x[-1] - self._x[0]) - 0.5, (y - self._y[0]) / (self._y[-1] - self._y[0]) - 0.5

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self.ground(self._paint_relief, self.turn, self.tilt))
        if self.races is not None:
            for (_name, number), way in zip(runners(self.races), self._ways, strict=True):
                self._paint_way(painter, number, way if self.position is None else way[: self.position + 1])
        self.paint_focus(painter)
        painter.end()

    def _paint_relief(self, painter: QPainter) -> None:
        """The cells from the farthest to the nearest, each with a shade of its height."""
        if not self._heights.size:
            return
        chosen = np.linspace(0, len(self._x) - 1, _CELLS + 1).round().astype(int)
        x, y = self._on_ground(*np.meshgrid(self._x[chosen], self._y[chosen]))
        shares = self._share(self._heights[np.ix_(chosen, chosen)])
        look = self._look()
        left, top = look.pixels(x, y, shares)
        depth = look.depth(x, y)
        cells = (depth[1:, 1:] + depth[:-1, :-1]).ravel().argsort()[::-1]
        self._paint_floor(painter, look)
        colors = _shades()
        line = theme().color("line_strong")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for cell in cells.tolist():
            row, column = divmod(cell, _CELLS)
            corners = ((row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column))
            level = sum(float(shares[one]) for one in corners) / 4
            painter.setBrush(colors[min(len(colors) - 1, int(level * len(colors)))])
            painter.setPen(QPen(line, 0.5))
            painter.drawPolygon(QPolygonF([QPointF(left[one], top[one]) for one in corners]))
        self._paint_axes(painter, look)

    def _paint_floor(self, painter: QPainter, look: Look) -> None:
        """The rectangle below, and how far the corners of the surface stand above it."""
        painter.setPen(QPen(theme().color("line_strong"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        sides = np.array([-0.5, 0.5, 0.5, -0.5]), np.array([-0.5, -0.5, 0.5, 0.5])
        corners = self._share(self._heights[[0, 0, -1, -1], [0, -1, -1, 0]])
        low, high = look.pixels(*sides, np.zeros(4)), look.pixels(*sides, corners)
        painter.drawPolygon(QPolygonF([QPointF(*at) for at in zip(*low, strict=True)]))
        for bottom, top in zip(zip(*low, strict=True), zip(*high, strict=True), strict=True):
            painter.drawLine(QPointF(*bottom), QPointF(*top))

    def _paint_axes(self, painter: QPainter, look: Look) -> None:
        """The names of the axes at their ends, and how the heights are drawn."""
        painter.setFont(theme().font("small"))
        painter.setPen(theme().color("text_secondary"))
        first, second = self._axes
        ends = (
            (-0.5, -0.58, f"{first} {self._x[0]:g}"), (0.5, -0.58, f"{first} {self._x[-1]:g}"),
            (-0.6, -0.4, f"{second} {self._y[0]:g}"), (-0.6, 0.5, f"{second} {self._y[-1]:g}"),
        )  # fmt: skip
        for x, y, text in ends:
            left, top = look.pixels(np.array(x), np.array(y), np.array(0.0))
            painter.drawText(QPointF(float(left) - 12, float(top) + 4), text.replace("-", "−"))
        said = _("Height: logarithm of the loss above its lowest") if self.is_log else _("Height: the loss")
        painter.drawText(QPointF(8, 16), said)

    def _paint_way(self, painter: QPainter, number: int, way: np.ndarray) -> None:
        x, y = self._on_ground(way[:, 0], way[:, 1])
        inside = (np.abs(x) <= 0.5) & (np.abs(y) <= 0.5)
        left, top = self._look().pixels(x, y, self._share(way[:, 2]))
        if not inside.any():
            return
        joined = (inside & np.append(inside[1:], False)).astype(np.int32)
        stroke(painter, pg.arrayToQPath(left.copy(), top.copy(), connect=joined), QPen(color_of(number), 1.75))
        if inside[-1]:
            paint_mark(painter, number, QPointF(float(left[-1]), float(top[-1])))

    # Hand and keyboard ------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            way = event.position() - self._dragged_from
            self._dragged_from = event.position()
            self.turn_by(-_TURN * way.x(), _TILT * way.y())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _KEYS:
            self.turn_by(*_KEYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def turn_by(self, turn: float, tilt: float) -> None:
        """degrees"""
        self.turn = (self.turn + turn) % 360
        self.tilt = min(_TILTS[1], max(_TILTS[0], self.tilt + tilt))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(500, 400)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 200)


def _shades(count: int = 24) -> list[QColor]:
    """From the lowest to the highest."""
    accent, high = theme().color("accent"), theme().color("surface")
    found = []
    for number in range(count):
        share = (number / (count - 1)) ** 0.7
        ends = ((accent.red(), high.red()), (accent.green(), high.green()), (accent.blue(), high.blue()))
        found.append(QColor(*(round(top + _DEEP * (1 - share) * (low - top)) for low, top in ends)))
    return found

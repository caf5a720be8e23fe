"""Points of two classes in the plane of two features, and the line w·x + b = 0 that a hand, or training, moves.

Between two answers of the workbench the line follows the hand; what stands beside it as a number is always PyTorch's.
"""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF

from playground.core.lab.told import BoundaryTold
from playground.core.text import _
from playground.session.history import numbers
from playground.window.lab.ground import DraggedPlot
from playground.window.lab.neuron.arrows import paint_arrow
from playground.window.lab.neuron.halves import Line, Point, foot, moved, scaled, side, turned_by, turned_to
from playground.window.lab.plane import Plane, halo_text, left_margin, paint_grid
from playground.window.plots.graph import pg
from playground.window.theme import theme

_TOP, _AXIS, _RIGHT = 24, 24, 40  # px of room around the plane
_STEP, _FAR = 0.05, 10  # of an arrow key, in standard deviations; times that with Shift
_TURN, _SCALE = 5.0, 1.1  # degrees, and times, of a key
_GRAB = 15  # px around a handle
_KEYS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
_TURNS = {Qt.Key.Key_PageUp: _TURN, Qt.Key.Key_PageDown: -_TURN}
_SCALES = {Qt.Key.Key_Plus: _SCALE, Qt.Key.Key_Equal: _SCALE, Qt.Key.Key_Minus: 1 / _SCALE}


class LinePlane(DraggedPlot):
    """line_chosen: where a person wants the line;  line: that is drawn;  position: step of the walk that is looked at"""

    line_chosen = Signal(object)  # Line

    def __init__(self) -> None:
        super().__init__()
        self.line, self.told = Line(1.0, 0.0, 0.0), None
        self.position = 0
        self._points, self._labels = np.empty((0, 2)), np.empty(0)
        self._wrong = np.zeros(0, np.bool_)
        self._drag: tuple[str, Point, Line] | None = None  # what is dragged, from where, and the line then
        self._pivot: Point | None = None  # what it was turned around last
        self.setMouseTracking(True)
        self.setToolTip(
            _("Drag the line to move it, its open handle to turn it. Arrow keys move it, with Shift ten steps; "
              "Page Up and Page Down turn it; + and − make w longer and shorter")
        )  # fmt: skip

    told: BoundaryTold | None

    # What it shows --------------------------------------------------------------------------------------------------

    def show_line(self, line: Line) -> None:
        """The line goes where the page, or the walk, says at once."""
        if line != self.line:
            self.line = line
            self.update()

    def show_told(self, told: BoundaryTold, position: int) -> None:
        """What PyTorch told. position: of the walk"""
        if self.told is None or (told.points, told.labels) != (self.told.points, self.told.labels):
            self._points, self._labels = numbers(told.points), numbers(told.labels)
            self.renew_ground()
        self.told, self.position = told, position
        self._wrong = numbers(told.right)[position] == 0
        right = int((~self._wrong).sum())
        said = _("Points of two classes and the line z = 0; {right} of {all} lie on their side of it")
        self.setAccessibleName(said.format(right=right, all=len(self._wrong)))
        self.update()

    @property
    def reach(self) -> float:
        """How far the plane goes up and down."""
        return max(2.0, float(np.ceil(2 * 1.05 * np.abs(self._points).max()) / 2)) if self._points.size else 3.0

    def plane(self) -> Plane:
        """Where it is drawn; a unit is as long in both directions."""
        height = max(10.0, self.height() - _TOP - _AXIS)
        y = self.reach
        left = left_margin((-y, y), height)
        width = max(10.0, self.width() - left - _RIGHT)
        x = y * width / height
        if x < y:  # narrow: then it is the height that has more
            x, y = y, y * height / width
        return Plane(QRectF(left, _TOP, width, height), (-x, x), (-y, y))

    def handles(self) -> tuple[Point, Point] | None:
        """Where the line is moved and turned; None where w is 0."""
        if not self.line.length:
            return None
        plane, pivot = self.plane(), self._pivot
        inner = [(0.94 * plane.x[end], 0.94 * plane.y[up]) for end, up in ((0, 0), (1, 0), (1, 1), (0, 1))]
        kept = pivot is not None and abs(self.line.z(pivot)) < 0.01 * self.line.length
        middle = pivot if kept and pivot is not None else foot(self.line, (0.0, 0.0))
        if not all(low <= one <= high for one, (low, high) in zip(middle, (plane.x, plane.y), strict=True)):
            ends = _on_edge(self.line, inner)
            if ends is None:
                return None
            middle = (ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2
        normal, far = self.line.normal, 0.42 * min(plane.x[1], plane.y[1])
        return middle, (middle[0] - far * normal[1], middle[1] + far * normal[0])

    # Painting -------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme().color("surface"))
        plane = self.plane()
        halves = self._paint_halves(painter, plane)
        painter.drawPixmap(0, 0, self.ground(lambda ground: self._paint_ground(ground, plane), clear=True))
        self._paint_wrong(painter, plane)
        self._paint_line(painter, plane)
        self._paint_names(painter, plane, halves)
        self.paint_focus(painter)
        painter.end()

    def _paint_halves(self, painter: QPainter, plane: Plane) -> dict[bool, list[Point]]:
        """Both sides are shaded; what the neuron says there is written on them."""
        corners = [(plane.x[0], plane.y[0]), (plane.x[1], plane.y[0]), (plane.x[1], plane.y[1]), (plane.x[0], plane.y[1])]  # fmt: skip
        found = {positive: side(self.line, corners, positive) for positive in (False, True)}
        if not self.line.length:
            found = {positive: corners if (self.line.bias > 0) == positive else [] for positive in (False, True)}
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # the line lies on their edge
        for positive, polygon in found.items():
            if polygon:
                painter.setBrush(theme().color("accent_tint" if positive else "sunken"))
                painter.drawPolygon(QPolygonF([plane.point(*corner) for corner in polygon]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        return found

    def _paint_ground(self, painter: QPainter, plane: Plane) -> None:
        """Axes and points, which stay while the line moves. First class: open circles; second: filled squares."""
        paint_grid(painter, plane, below="x₁", beside="x₂")
        colors = theme().layer_lines()
        for (x, y), label in zip(self._points.tolist(), self._labels.tolist(), strict=True):
            at = plane.point(x, y)
            if label:
                painter.setPen(QPen(theme().color("surface"), 1))
                painter.setBrush(colors[0])
                painter.drawRect(QRectF(at.x() - 3.5, at.y() - 3.5, 7, 7))
            else:
                painter.setPen(QPen(colors[2], 1.75))
                painter.setBrush(theme().color("surface"))
                painter.drawEllipse(at, 3.5, 3.5)

    def _paint_wrong(self, painter: QPainter, plane: Plane) -> None:
        """A cross through points on the wrong side."""
        if len(self._wrong) != len(self._points) or not self._wrong.any():
            return
        corner = np.array([plane.area.left(), plane.area.bottom()])
        scale = np.array([plane.area.width() / (plane.x[1] - plane.x[0]), -plane.area.height() / (plane.y[1] - plane.y[0])])  # fmt: skip
        middles = (self._points[self._wrong] - [plane.x[0], plane.y[0]]) * scale + corner
        ends = (middles[:, None] + [(-5, -5), (5, 5), (-5, 5), (5, -5)]).reshape(-1, 2)  # two strokes of each
        painter.setPen(QPen(theme().color("error"), 1.75))
        painter.drawPath(pg.arrayToQPath(ends[:, 0].copy(), ends[:, 1].copy(), connect="pairs"))

    def _paint_line(self, painter: QPainter, plane: Plane) -> None:
        """The line, w on it as an arrow to where z grows, and its handles."""
        handles = self.handles()
        if handles is None:
            return
        painter.save()
        painter.setClipRect(plane.area)
        (x, y), turn = handles
        middle, handle = plane.point(x, y), plane.point(*turn)
        way = handle - middle
        path = [middle - way * 40, middle + way * 40]
        line = QPen(theme().color("text"), 2)
        painter.setPen(line)
        painter.drawLine(*path)
        normal = self.line.normal
        tip = plane.point(x + 0.3 * plane.y[1] * normal[0], y + 0.3 * plane.y[1] * normal[1])
        painter.setPen(QPen(theme().color("text"), 1.5))
        paint_arrow(painter, middle, tip)
        at = tip + (tip - middle) * (12 / max(1.0, float(np.hypot((tip - middle).x(), (tip - middle).y()))))
        painter.setFont(theme().font("small", "semibold"))
        halo_text(painter, QRectF(at.x() - 8, at.y() - 8, 16, 16), Qt.AlignmentFlag.AlignCenter, "w", "text")
        painter.setPen(QPen(theme().color("accent"), 2))
        painter.setBrush(theme().color("accent"))
        painter.drawEllipse(middle, 6, 6)
        painter.setBrush(theme().color("surface"))
        painter.drawEllipse(handle, 6, 6)
        painter.restore()

    def _paint_names(self, painter: QPainter, plane: Plane, halves: dict[bool, list[Point]]) -> None:
        """What the neuron says on each side, in the corner of it that is farthest from the line; and the points' shapes."""
        classes = self.told.classes if self.told is not None else ("0", "1")
        painter.setFont(theme().font("small", "semibold"))
        scale = theme().text_scale
        for positive, polygon in halves.items():
            if not polygon:
                continue
            x, y = max(polygon, key=lambda corner: abs(self.line.z(corner)))
            at = plane.point(x, y)
            left, top = at.x() < plane.area.center().x(), at.y() < plane.area.center().y()
            wide, high = 220 * scale, 18 * scale
            room = QRectF(
                at.x() + 8 if left else at.x() - wide - 8, at.y() + 6 if top else at.y() - high - 6, wide, high
            )
            flags = Qt.AlignmentFlag.AlignVCenter | (
                Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
            )
            said = _("z > 0: {name}") if positive else _("z < 0: {name}")
            halo_text(painter, room, flags, said.format(name=classes[positive]), "text")
        painter.setFont(theme().font("small"))
        painter.setPen(theme().color("text_secondary"))
        room = QRectF(plane.area.left(), 0, plane.area.width(), _TOP - 6)
        said = _("○ {first}    ■ {second}    × on the wrong side").format(first=classes[0], second=classes[1])
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, said)

    # Hand and keyboard ------------------------------------------------------------------------------------------------

    def _at(self, event: QMouseEvent) -> Point:
        plane = self.plane()
        return plane.x_at(event.position().x()), plane.y_at(event.position().y())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        handles = self.handles()
        if event.button() != Qt.MouseButton.LeftButton or not self.line.length:
            return
        if handles is not None and self._on_handle(event.position()):
            self._pivot = handles[0]
            self._drag = "turn", handles[0], self.line
        else:
            self._pivot = None
            self._drag = "move", self._at(event), self.line

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            over = self._on_handle(event.position())
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.SizeAllCursor)
            return
        kind, began, line = self._drag
        here = self._at(event)
        if kind == "move":
            self._choose(moved(line, (here[0] - began[0], here[1] - began[1])))
        else:
            self._choose(turned_to(line, began, here))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = None

    def _on_handle(self, at: QPointF) -> bool:
        handles = self.handles()
        if handles is None:
            return False
        way = self.plane().point(*handles[1]) - at
        return bool(np.hypot(way.x(), way.y()) <= _GRAB)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if not self.line.length:
            super().keyPressEvent(event)
        elif key in _KEYS:
            far = _STEP * (_FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
            right, up = _KEYS[key]
            self._pivot = None
            self._choose(moved(self.line, (right * far, up * far)))
        elif key in _TURNS:
            handles = self.handles()
            self._pivot = handles[0] if handles is not None else foot(self.line, (0.0, 0.0))
            self._choose(turned_by(self.line, self._pivot, _TURNS[key]))
        elif key in _SCALES:
            self._choose(scaled(self.line, _SCALES[key]))
        else:
            super().keyPressEvent(event)

    def _choose(self, line: Line) -> None:
        if line != self.line and max(abs(one) for one in line) <= 1e6 and line.length > 1e-6:
            self.line_chosen.emit(line)

    def sizeHint(self) -> QSize:
        return QSize(520, 380)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 180)


def _on_edge(line: Line, corners: list[Point]) -> tuple[Point, Point] | None:
    """The two points in which the line crosses a rectangle; None where it passes it by."""
    found = [corner for corner in side(line, corners, True) if abs(line.z(corner)) < 1e-9 * max(1.0, line.length)]
    return (found[0], found[-1]) if len(found) > 1 else None

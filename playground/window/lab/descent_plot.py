"""Gradient descent on a function of one number: the curve, the path along it, and the step that is looked at."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF

from playground.core.lab.told import Path, Step
from playground.core.text import _
from playground.session.history import numbers
from playground.window.lab.descent_exit import Exit, exit_of, paint_exit
from playground.window.lab.ground import DraggedPlot
from playground.window.lab.plane import Plane, halo_text, heights_of, left_margin, paint_grid, tangent_line, unit_of
from playground.window.plots.axis import figure_text
from playground.window.plots.strokes import stroke
from playground.window.theme import theme

_TOP, _AXIS, _RIGHT = 28, 28, 28  # px of room around the plane
_FINE, _COARSE = 300, 60  # steps of the hand, and of an arrow key, over the axis
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1}


class DescentPlot(DraggedPlot):
    """start_chosen: where a person wants the path to begin"""

    start_chosen = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.path: Path | None = None
        self.position = 0
        self._start = 0.0
        self._x = self._y = np.empty(0)
        self._range = (-1.0, 1.0)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setToolTip(_("Drag to begin elsewhere; ← and → move the start by a step, with Shift by ten"))

    def show_start(self, start: float) -> None:
        """The start goes where the page says at once."""
        if start != self._start:
            self._start = start
            self.update()

    def show_path(self, path: Path) -> None:
        """What PyTorch told."""
        curve, before = path.curve, self.path.curve if self.path is not None else None
        if (
            curve.x is not None
            and curve.y is not None
            and (before is None or (curve.x, curve.y) != (before.x, before.y))
        ):
            self._x, self._y = numbers(curve.x), numbers(curve.y)
            self._range = heights_of(self._y)
            self.renew_ground()
        self.path = path
        self.show_position(self.position)
        self.update()

    def show_position(self, position: int) -> None:
        """How many of the steps are taken; the last of them is the one that is looked at."""
        self.position = position
        step = self.step
        if step is not None:
            said = _("Step {n}: from w = {w}, where the slope is {slope}, to w = {after}")
            said = said.format(
                n=max(1, position),
                w=figure_text(step.w),
                slope=figure_text(step.slope),
                after=figure_text(step.w_after),
            )
            gone = self.exit
            self.setAccessibleName(f"{said}. {gone.text}" if gone is not None else said)
        self.update()

    @property
    def step(self) -> Step | None:
        """The one that is looked at: the last taken, or the first that could be."""
        if self.path is None or not self.path.steps:
            return None
        return self.path.steps[min(max(0, self.position - 1), len(self.path.steps) - 1)]

    @property
    def exit(self) -> Exit | None:
        """Where w is by now, if that is not in the picture."""
        step = self.step
        if step is None:
            return None
        w, loss = (step.w_after, step.loss_after) if self.position else (step.w, step.loss)
        return exit_of(self.plane(), w, loss)

    def plane(self) -> Plane:
        """Where it is drawn."""
        y = self._range
        left = left_margin(y, self.height() - _TOP - _AXIS)
        width, height = self.width() - left - _RIGHT, self.height() - _TOP - _AXIS
        x = (float(self._x[0]), float(self._x[-1])) if self._x.size else (-3.0, 3.0)
        return Plane(QRectF(left, _TOP, max(10.0, width), max(10.0, height)), x, y)

    # Painting -------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plane = self.plane()
        painter.drawPixmap(0, 0, self.ground(lambda ground: self._paint_ground(ground, plane)))
        if self._x.size and self.path is not None:
            painter.save()
            painter.setClipRect(plane.area.adjusted(-6, -6, 6, 1))
            self._paint_path(painter, plane)
            painter.restore()
            self._paint_step(painter, plane)
        self.paint_focus(painter)
        painter.end()

    def _paint_ground(self, painter: QPainter, plane: Plane) -> None:
        """Grid and curve, which stay while the path changes."""
        paint_grid(painter, plane, below="w", beside="J", drop=9)
        if self._x.size:
            painter.setClipRect(plane.area.adjusted(0, -2, 0, 0))
            stroke(painter, plane.path(self._x, self._y), QPen(theme().color("text"), 1.5))

    def _paint_path(self, painter: QPainter, plane: Plane) -> None:
        """The steps taken in the accent, those to come hollow and grey."""
        assert self.path is not None
        steps = self.path.steps
        points = [plane.point(step.w, step.loss) for step in steps]
        if steps:
            points.append(plane.point(steps[-1].w_after, steps[-1].loss_after))
        accent, quiet = theme().color("accent"), theme().color("text_quiet")
        taken = min(self.position, len(steps))
        faint = QPen(quiet, 1)
        faint.setDashPattern(theme().tokens["dash"]["reference"])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen, part in ((faint, points[taken:]), (QPen(accent, 1), points[: taken + 1])):
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF(part))
        for number, point in enumerate(points):
            done = number <= taken
            painter.setPen(QPen(accent if done else quiet, 1.25))
            painter.setBrush(accent if done else theme().color("surface"))
            painter.drawEllipse(point, 3, 3)

    def _paint_step(self, painter: QPainter, plane: Plane) -> None:
        """Tangent, the way along w, and down (or up) to the new loss."""
        step = self.step
        if step is None or not self._agrees:
            self._paint_handle(painter, plane)
            return
        accent = theme().color("accent")
        here, there = plane.point(step.w, step.loss), plane.point(step.w_after, step.loss_after)
        seen = plane.area.adjusted(-1, -1, 1, 1)
        painter.save()
        painter.setClipRect(plane.area)
        pen = QPen(accent, 1.5)
        pen.setDashPattern(theme().tokens["dash"]["test_curve"])
        painter.setPen(pen)
        painter.drawPath(tangent_line(plane, step.w, step.loss, step.slope))
        painter.restore()
        for point in (here, there):
            dots = QPen(theme().color("text_quiet"), 1)
            dots.setDashPattern([2, 2])
            painter.setPen(dots)
            if seen.contains(point):
                painter.drawLine(point, QPointF(point.x(), plane.area.bottom()))
        painter.setFont(theme().font("small"))
        if self.position and seen.contains(here):
            corner = QPointF(min(seen.right(), max(seen.left(), there.x())), here.y())
            painter.setPen(QPen(accent, 2))
            painter.drawLine(here, corner)
            if seen.contains(there):
                self._paint_arrow(painter, corner, there)
            self._paint_words(painter, plane, step, here, there)
        if seen.contains(here):
            painter.setPen(QPen(accent, 2))
            painter.setBrush(theme().color("surface"))
            painter.drawEllipse(here, 6, 6)
        else:  # it is out already, or comes back
            gone = self.exit
            if gone is not None:
                paint_exit(painter, plane, step.w_after, gone)
        self._paint_handle(painter, plane)

    def _paint_arrow(self, painter: QPainter, corner: QPointF, there: QPointF) -> None:
        painter.drawLine(corner, there)
        if abs(there.y() - corner.y()) > 12:
            up = 1 if there.y() > corner.y() else -1
            tip = QPointF(there.x(), there.y() - up * 5)
            painter.drawPolyline(QPolygonF([tip + QPointF(-4, -6 * up), tip, tip + QPointF(4, -6 * up)]))
        painter.setBrush(theme().color("accent"))
        painter.drawEllipse(there, 4, 4)

    def _paint_exit(self, painter: QPainter, plane: Plane, step: Step, here: QPointF) -> None:
        """Where the step leaves the picture: to which w."""
        ahead = 1 if step.w_after > step.w else -1
        edge = plane.area.right() if ahead > 0 else plane.area.left()
        side = Qt.AlignmentFlag.AlignRight if ahead > 0 else Qt.AlignmentFlag.AlignLeft
        text = f"w {figure_text(step.w_after)} →" if ahead > 0 else f"← w {figure_text(step.w_after)}"
        room = QRectF(edge - 160 if ahead > 0 else edge, here.y() + 4, 160, 16)
        halo_text(painter, room, side | Qt.AlignmentFlag.AlignVCenter, text, "text")

    def _paint_words(self, painter: QPainter, plane: Plane, step: Step, here: QPointF, there: QPointF) -> None:
        """How far it goes, and the two w, where there is room for them."""
        moved = step.w_after - step.w
        right, left, flat = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignVCenter
        middle = (here.x() + min(plane.area.right(), max(plane.area.left(), there.x()))) / 2
        painter.setFont(theme().font("small", "semibold"))
        text = ("+" if moved > 0 else "") + figure_text(moved)
        halo_text(
            painter, QRectF(middle - 60, here.y() - 21, 120, 16), Qt.AlignmentFlag.AlignHCenter | flat, text, "accent"
        )
        painter.setFont(theme().font("small"))
        to_left = moved > 0
        room = QRectF(here.x() - 112 if to_left else here.x() + 12, here.y() - 8, 100, 16)
        text = f"w {figure_text(step.w)}"
        wide = painter.fontMetrics().horizontalAdvance(text) + 14
        if (here.x() - wide < 0) if to_left else (here.x() + wide > self.width()):  # no room there: below, inside
            to_right = here.x() < plane.area.center().x()
            room = QRectF(here.x() + 10 if to_right else here.x() - 110, here.y() + 8, 100, 16)
            halo_text(painter, room, (left if to_right else right) | flat, text, "text")
        else:
            halo_text(painter, room, (right if to_left else left) | flat, text, "text")
        if not plane.area.adjusted(-1, -1, 1, 1).contains(there):
            self._paint_exit(painter, plane, step, here)
        if plane.area.contains(there) and abs(there.x() - here.x()) > 40:
            room = QRectF(there.x() + 10 if to_left else there.x() - 110, there.y() - 20, 100, 16)
            halo_text(painter, room, (left if to_left else right) | flat, f"w {figure_text(step.w_after)}", "text")

    def _paint_handle(self, painter: QPainter, plane: Plane) -> None:
        """The mark on the axis that is dragged."""
        foot = plane.point(self._start, plane.y[0])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("accent"))
        mark = [(-5, -3), (5, -3), (5, 4), (0, 9), (-5, 4)]
        painter.drawPolygon(QPolygonF([foot + QPointF(right, down) for right, down in mark]))

    @property
    def _agrees(self) -> bool:
        """Whether what was told begins where the page does; a hand may be further by now."""
        return self.path is not None and bool(self.path.steps) and self.path.steps[0].w == self._start

    # Hand and keyboard ------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose_at(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose_at(event.position().x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plane, key = self.plane(), event.key()
        unit = unit_of(plane.x[1] - plane.x[0], _COARSE)
        if key in _KEYS:
            far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self._choose(self._start + _KEYS[Qt.Key(key)] * unit * far, unit)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._choose(plane.x[0] if key == Qt.Key.Key_Home else plane.x[1], unit)
        else:
            super().keyPressEvent(event)

    def _choose_at(self, left: float) -> None:
        plane = self.plane()
        self._choose(plane.x_at(left), unit_of(plane.x[1] - plane.x[0], _FINE))

    def _choose(self, start: float, unit: float) -> None:
        plane = self.plane()
        wanted = round(round(min(plane.x[1], max(plane.x[0], start)) / unit) * unit, 12)
        if wanted != self._start:
            self.start_chosen.emit(wanted)

    def sizeHint(self) -> QSize:
        return QSize(500, 360)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 180)

"""One function with the tangent that a hand drags along it.

Between two answers of the workbench the tangent follows the hand along the curve that was told already; what stands there
as a number is always PyTorch's.
"""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)

from playground.core.lab.told import Curve
from playground.core.lab.topics import Slopes
from playground.core.text import _
from playground.session.history import numbers
from playground.window.lab.ground import DraggedPlot
from playground.window.lab.plane import Plane, halo_text, heights_of, left_margin, paint_grid, tangent_line, unit_of
from playground.window.plots.axis import figure_text
from playground.window.plots.labels import APART, spread
from playground.window.plots.strokes import stroke
from playground.window.theme import theme

_HEIGHT, _LEAST = 240, 200  # px
_TOP, _AXIS, _FIGURES, _RIGHT, _NAMES = 8, 28, 24, 14, 26  # px of room around the plane; _NAMES of the lines
_FINE, _COARSE = 300, 60  # steps of the hand, and of an arrow key, over the axis
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1}


_ZOOMS = {Qt.Key.Key_Plus: -1, Qt.Key.Key_Equal: -1, Qt.Key.Key_Minus: 1}
_ZOOM, _SHORTEST, _LONGEST = 1.25, 1e-6, 1e9  # times, and lengths of an axis


class SlopePlot(DraggedPlot):
    """x_chosen: where a person wants the tangent;  told_x: where it was when the numbers were told
    range_chosen: from where to where a person wants the axis
    """

    x_chosen = Signal(float)
    range_chosen = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self.curve: Curve | None = None
        self._state, self.told_x = Slopes(), 0.0
        self._derivative = False
        self._x = self._y = self._slopes = np.empty(0)
        self._ranges: dict[bool, tuple[float, float]] = {}  # without and with the derivative -> of y
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setToolTip(
            _(
                "Drag to move the tangent; ← and → move it by a step, with Shift by ten. "
                "The wheel over the axis, or + and −, show less or more of it"
            )
        )

    # What it shows --------------------------------------------------------------------------------------------------

    def show_state(self, state: Slopes, derivative: bool) -> None:
        """The tangent goes where the page says at once. derivative: whether f′ is drawn, too"""
        if (state, derivative) != (self._state, self._derivative):
            self._state, self._derivative = state, derivative
            self.update()

    def show_curve(self, curve: Curve, x: float) -> None:
        """What PyTorch told. x: where the tangent was when it was asked"""
        self.told_x = x
        if self.curve is None or curve.x != self.curve.x or curve.y != self.curve.y:
            none = np.empty(0)
            self._x, self._y, self._slopes = (
                none if one is None else numbers(one) for one in (curve.x, curve.y, curve.slopes)
            )
            self._ranges = {}
            self.renew_ground()
        self.curve = curve
        if curve.at is not None:
            said = _("{title}: at x = {x}, y = {y} and the slope is {slope}")
            self.setAccessibleName(said.format(title=curve.title, **self._figures(curve.at)))
        self.update()

    @property
    def at(self) -> tuple[float, float, float] | None:
        """x, y and slope of the tangent that is drawn; None where there is none."""
        if self.curve is None or self.curve.at is None or not self._x.size:
            return None
        if self._state.x == self.told_x:
            return (self.told_x, *self.curve.at)
        x = self._state.x
        return x, float(np.interp(x, self._x, self._y)), float(np.interp(x, self._x, self._slopes))

    def plane(self) -> Plane:
        """Where it is drawn."""
        if self._derivative not in self._ranges:
            shown = (self._y, self._slopes) if self._derivative else (self._y,)
            self._ranges[self._derivative] = heights_of(*shown)
        y = self._ranges[self._derivative]
        below = _AXIS + _FIGURES
        left = left_margin(y, self.height() - _TOP - below)
        right = _NAMES if self._derivative else _RIGHT
        area = QRectF(left, _TOP, max(10.0, self.width() - left - right), max(10.0, self.height() - _TOP - below))
        low, high = (float(self._x[0]), float(self._x[-1])) if self._x.size else (self._state.low, self._state.high)
        return Plane(area, (low, high if high > low else low + 1), y)

    def _figures(self, at: tuple[float, float]) -> dict[str, str]:
        return {"x": figure_text(self.told_x), "y": figure_text(at[0]), "slope": figure_text(at[1])}

    # Painting -------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plane = self.plane()
        painter.drawPixmap(0, 0, self.ground(lambda ground: self._paint_ground(ground, plane), self._derivative))
        at = self.at
        if at is not None and np.isfinite(at).all():
            self._paint_tangent(painter, plane, at)
            self._paint_figures(painter, plane)
        elif at is not None:
            painter.setFont(theme().font("small"))
            painter.setPen(theme().color("text_secondary"))
            said = _("At x = {x} it has no finite value or slope").format(x=figure_text(at[0]))
            painter.drawText(QPointF(0, self.height() - 8), said)
        self.paint_focus(painter)
        painter.end()

    def _paint_ground(self, painter: QPainter, plane: Plane) -> None:
        """Grid and curves, which stay while the tangent moves."""
        paint_grid(painter, plane, drop=9)
        if self._x.size:
            painter.save()
            painter.setClipRect(plane.area.adjusted(0, -2, 0, 0))
            if self._derivative:
                pen = QPen(theme().color("text_secondary"), 1.5)
                pen.setDashPattern(theme().tokens["dash"]["test_curve"])
                stroke(painter, plane.path(self._x, self._slopes), pen)
            stroke(painter, plane.path(self._x, self._y), QPen(theme().color("text"), 1.5))
            painter.restore()
            if self._derivative:
                self._paint_names(painter, plane)

    def _paint_names(self, painter: QPainter, plane: Plane) -> None:
        """f and f′ at the right ends of their curves."""
        ends = [(text, values[np.isfinite(values)]) for text, values in (("f", self._y), ("f′", self._slopes))]
        low, high = plane.area.top() + 6, plane.area.bottom() - 6
        wanted = sorted(
            (min(high, max(low, plane.point(0, float(values[-1])).y())), text) for text, values in ends if values.size
        )
        painter.setFont(theme().font("tick", "medium"))
        painter.setPen(theme().color("text"))
        for (_end, text), top in zip(wanted, spread([top for top, _text in wanted], low, high, APART), strict=True):
            painter.drawText(QRectF(plane.area.right() + 5, top - 8, _NAMES, 16), Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_tangent(self, painter: QPainter, plane: Plane, at: tuple[float, float, float]) -> None:
        x, y, slope = at
        accent, quiet = theme().color("accent"), theme().color("text_secondary")
        painter.save()
        painter.setClipRect(plane.area.adjusted(0, -4, 0, 0))
        self._paint_secant(painter, plane, x, y)
        painter.setPen(QPen(accent, 1.75))
        painter.drawPath(tangent_line(plane, x, y, slope))
        corner, top = (
            plane.point(x + self._state.width, y),
            plane.point(x + self._state.width, y + slope * self._state.width),
        )
        painter.setPen(QPen(quiet, 1))
        painter.drawPolyline(QPolygonF([plane.point(x, y), corner, top]))
        painter.restore()
        dots = QPen(accent, 1)
        dots.setDashPattern([2, 2])
        painter.setPen(dots)
        foot, here = plane.point(x, plane.y[0]), plane.point(x, y)
        seen = plane.area.adjusted(-1, -1, 1, 1).contains(here)
        painter.drawLine(here if seen else QPointF(foot.x(), plane.area.top()), foot)
        self._paint_rise(painter, plane, corner, slope * self._state.width)
        if seen:
            painter.setPen(QPen(accent, 2))
            painter.setBrush(theme().color("surface"))
            painter.drawEllipse(here, 5, 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        left, bottom = foot.x(), plane.area.bottom()
        mark = [(-5, -3), (5, -3), (5, 4), (0, 9), (-5, 4)]
        painter.drawPolygon(QPolygonF([QPointF(left + right, bottom + down) for right, down in mark]))

    def _paint_secant(self, painter: QPainter, plane: Plane, x: float, y: float) -> None:
        """The line through x and x + h, dashed, where PyTorch told of it for this x."""
        if self.curve is None or not self.curve.quotients or x != self.told_x:
            return
        first = self.curve.quotients[0]
        end = y + first.value * first.h
        if not np.isfinite(end):
            return
        pen = QPen(theme().color("text_secondary"), 1.25)
        pen.setDashPattern(theme().tokens["dash"]["reference"])
        painter.setPen(pen)
        painter.drawPath(tangent_line(plane, x, y, first.value))
        painter.setPen(QPen(theme().color("text_secondary"), 1.5))
        painter.setBrush(theme().color("surface"))
        there = plane.point(x + first.h, end)
        painter.drawRect(QRectF(there.x() - 3.5, there.y() - 3.5, 7, 7))

    def _paint_rise(self, painter: QPainter, plane: Plane, corner: QPointF, rise: float) -> None:
        """How far the tangent goes up over the triangle's width, beside it."""
        at = self.curve.at if self.curve is not None else None
        top = plane.point(0, plane.y_at(corner.y())).y() - rise / (plane.y[1] - plane.y[0]) * plane.area.height()
        wide = corner.x() - plane.point(self._state.x, 0).x()
        if at is None or self._state.x != self.told_x or abs(top - corner.y()) < 14 or wide < 16:
            return
        middle = min(plane.area.bottom() - 8, max(plane.area.top() + 8, (top + corner.y()) / 2))
        room = QRectF(corner.x() + 5, middle - 8, plane.area.right() - corner.x() - 5, 16)
        text = ("+" if rise > 0 else "") + figure_text(rise)
        painter.setFont(theme().font("tick"))
        if painter.fontMetrics().horizontalAdvance(text) < room.width():
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            halo_text(painter, room, flags, text, "text_secondary")

    def _paint_figures(self, painter: QPainter, plane: Plane) -> None:
        """x, y and slope as PyTorch told them."""
        if self.curve is None or self.curve.at is None:
            return
        found = self._figures(self.curve.at)
        known = self.curve.derivative if len(self.curve.derivative) <= 12 else ""
        parts = [("x", found["x"], "text"), ("y", found["y"], "text")]
        parts.append((f"{_('slope')} {known} =" if known else f"{_('slope')} =", found["slope"], "accent"))
        left, bottom = 2.0, QRectF(0, self.height() - _FIGURES, self.width(), _FIGURES)
        for name, value, token in parts:
            for text, weight, color in ((name, "regular", "text_secondary"), (value, "semibold", token)):
                painter.setFont(theme().font("small", weight))
                painter.setPen(theme().color(color))
                painter.drawText(bottom.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
                left += painter.fontMetrics().horizontalAdvance(text) + (5 if color == "text_secondary" else 0)
            left += 14

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
            self._choose(self._state.x + _KEYS[Qt.Key(key)] * unit * far, unit)
        elif key in _ZOOMS:
            self._zoom(_ZOOMS[Qt.Key(key)], self._state.x)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._choose(plane.x[0] if key == Qt.Key.Key_Home else plane.x[1], unit)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Over the axis it is made longer or shorter; elsewhere the page scrolls."""
        plane, turned = self.plane(), event.angleDelta().y()
        if event.position().y() < plane.area.bottom() or not turned:
            super().wheelEvent(event)
            return
        self._zoom(-1 if turned > 0 else 1, plane.x_at(event.position().x()))
        event.accept()

    def _zoom(self, longer: int, around: float) -> None:
        """The axis longer (1) or shorter (−1) by a step, with `around` where it is, on round numbers."""
        low, high = self._state.low, self._state.high
        around = min(high, max(low, around))
        factor = _ZOOM**longer
        unit = unit_of((high - low) * factor, _FINE)
        ends = [round(round((around + (end - around) * factor) / unit) * unit, 12) for end in (low, high)]
        if _SHORTEST < ends[1] - ends[0] < _LONGEST:
            self.range_chosen.emit(*ends)

    def _choose_at(self, left: float) -> None:
        plane = self.plane()
        self._choose(plane.x_at(left), unit_of(plane.x[1] - plane.x[0], _FINE))

    def _choose(self, x: float, unit: float) -> None:
        plane = self.plane()
        wanted = round(round(min(plane.x[1], max(plane.x[0], x)) / unit) * unit, 12)
        if wanted != self._state.x:
            self.x_chosen.emit(wanted)

    def sizeHint(self) -> QSize:
        return QSize(300, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, _LEAST)

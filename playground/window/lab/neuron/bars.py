"""Scores as bars that a hand drags, and beside them their softmax: the shares, which add up to 1."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen

from playground.core.text import _
from playground.window.lab.ground import DraggedPlot
from playground.window.lab.neuron.arrows import paint_arrow
from playground.window.lab.plane import Plane, halo_text, left_margin, paint_grid
from playground.window.lab.tensors.words import figure
from playground.window.theme import theme

_TOP, _AXIS, _BETWEEN = 44, 44, 76  # px of room around the bars, and between the two halves
_WIDEST, _SHARE = 72.0, 0.62  # px of a bar at most, and of its column
_REACH, _FAR = 4.0, 1e6
_STEP = 0.1  # of an arrow key; ten times that with Shift
_GRAB = 0.05  # a drag goes in steps of this


class Bars(DraggedPlot):
    """score_given: of which class, and which number;  target_chosen: the right class;  chosen: the bar of the keyboard"""

    score_given = Signal(int, float)
    target_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.scores: tuple[float, ...] = ()
        self.shares = np.empty(0)
        self.target = self.chosen = 0
        self.reach = _REACH
        self._dragged: int | None = None
        self.setMouseTracking(True)
        self.setToolTip(
            _("Drag a score. ← and → choose one, ↑ and ↓ change it by 0.1, with Shift by 1; Enter makes it the right class")
        )  # fmt: skip

    # What it shows --------------------------------------------------------------------------------------------------

    def show_scores(self, scores: tuple[float, ...], target: int) -> None:
        """The bars go where the page says at once."""
        before = (len(self.scores), self.target, self.reach)
        changed = scores != self.scores
        self.scores, self.target = scores, target
        self.chosen = min(self.chosen, max(0, len(scores) - 1))
        if self._dragged is None:  # the axis stands still below a hand
            self._fit()
        self._tell()
        if (len(scores), target, self.reach) != before:
            self.update()
        elif changed:
            self.update(self._half(0))  # the shares follow with the answer

    def show_shares(self, shares: np.ndarray) -> None:
        """What PyTorch told."""
        self.shares = shares
        self._tell()
        self.update(self._half(1))

    def _fit(self) -> None:
        reach = _REACH
        while reach < max((abs(one) for one in self.scores), default=0.0) and reach < 2 * _FAR:
            reach *= 2
        if reach != self.reach:
            self.reach = reach
            self.renew_ground()

    def _tell(self) -> None:
        if self.chosen < len(self.scores):
            share = figure(float(self.shares[self.chosen])) if self.chosen < len(self.shares) else "–"
            said = _("Scores as bars; class {n} has {score}, its share is {share}")
            if self.chosen == self.target:
                said = _("Scores as bars; class {n}, the right one, has {score}, its share is {share}")
            self.setAccessibleName(said.format(n=self.chosen, score=figure(self.scores[self.chosen]), share=share))

    # Geometry -------------------------------------------------------------------------------------------------------

    def planes(self) -> tuple[Plane, Plane]:
        """Of the scores, and of the shares; x is the number of a class."""
        scale = theme().text_scale
        top, height = _TOP * scale, max(20.0, self.height() - (_TOP + _AXIS) * scale)
        left = left_margin((-self.reach, self.reach), height)
        between = _BETWEEN * scale
        half = max(40.0, (self.width() - left - between - 8) / 2)
        x = (-0.5, max(1, len(self.scores)) - 0.5)
        scores = Plane(QRectF(left, top, half, height), x, (-self.reach, self.reach))
        return scores, Plane(QRectF(left + half + between, top, half, height), x, (0.0, 1.0))

    def _half(self, number: int) -> QRect:
        """The part of the picture with the scores (0), or with the shares (1)."""
        middle = round(self.planes()[0].area.right() + 0.4 * _BETWEEN * theme().text_scale)
        left, right = ((0, middle), (middle, self.width()))[number]
        return QRect(left, 0, right - left, self.height())

    def bar(self, plane: Plane, place: int, value: float) -> QRectF:
        """From 0 to the value."""
        apart = plane.area.width() / max(1, len(self.scores))
        wide = min(_WIDEST, _SHARE * apart)
        end, zero = plane.point(place, value), plane.point(place, 0.0)
        top, bottom = sorted((end.y(), zero.y()))
        return QRectF(end.x() - wide / 2, top, wide, max(1.0, bottom - top))

    # Painting -------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scores, shares = self.planes()
        painter.drawPixmap(0, 0, self.ground(lambda ground: self._paint_ground(ground, scores, shares), self.reach, len(self.scores)))  # fmt: skip
        if event.rect().intersects(self._half(0)):
            self._paint_bars(painter, scores, self.scores, handles=True)
            self._paint_names(painter, scores)
            self._paint_chosen(painter, scores)
        if event.rect().intersects(self._half(1)):
            if len(self.shares) == len(self.scores):
                self._paint_bars(painter, shares, self.shares.tolist())
            self._paint_names(painter, shares)
        self.paint_focus(painter)
        painter.end()

    def _paint_ground(self, painter: QPainter, scores: Plane, shares: Plane) -> None:
        """The axes, what the two halves are, and the arrow between them."""
        scale = theme().text_scale
        paint_grid(painter, scores._replace(x=(2.0, 2.4)), drop=10_000)  # classes are named below, by hand
        painter.save()
        shift = shares.area.left() - left_margin(shares.y, shares.area.height())
        painter.translate(shift, 0)
        paint_grid(painter, Plane(shares.area.translated(-shift, 0), (2.0, 2.4), shares.y), drop=10_000)
        painter.restore()
        for plane, text in ((scores, _("Scores")), (shares, _("Shares, by softmax"))):
            painter.setFont(theme().font("base", "semibold"))
            painter.setPen(theme().color("text"))
            room = QRectF(plane.area.left(), 0, plane.area.width(), 20 * scale)
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(QPen(theme().color("text_secondary"), 1.5))
        begin = QPointF(scores.area.right() + 8, scores.area.center().y())
        paint_arrow(painter, begin, begin + QPointF(24 * scale, 0))
        painter.setPen(QPen(theme().color("line_strong"), 1))
        zero = scores.point(0, 0).y()
        painter.drawLine(QPointF(scores.area.left(), zero), QPointF(scores.area.right(), zero))

    def _paint_bars(self, painter: QPainter, plane: Plane, values: Sequence[float], handles: bool = False) -> None:
        """The right class is filled, the others are outlined on a tint."""
        for place, value in enumerate(values):
            if value != value:
                continue
            right = place == self.target
            room = self.bar(plane, place, max(plane.y[0], min(plane.y[1], value)))
            accent = theme().color("accent")
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.fillRect(room, accent if right else theme().color("accent_tint"))
            painter.setPen(QPen(accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(room)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            end = plane.point(place, max(plane.y[0], min(plane.y[1], value)))
            if handles:
                painter.setPen(QPen(accent, 2))
                painter.setBrush(theme().color("surface"))
                painter.drawRoundedRect(QRectF(end.x() - 12, end.y() - 4, 24, 8), 4, 4)
            painter.setFont(theme().font("base", "semibold"))
            high = 20 * theme().text_scale
            above = end.y() - high - 6 if value >= 0 else end.y() + 6
            text = QRectF(end.x() - 50, above, 100, high)
            halo_text(painter, text, Qt.AlignmentFlag.AlignCenter, figure(value), "text")

    def _paint_names(self, painter: QPainter, plane: Plane) -> None:
        """Classes below the bars, and which is the right one."""
        scale = theme().text_scale
        for place in range(len(self.scores)):
            at = plane.point(place, plane.y[0])
            right = place == self.target
            painter.setFont(theme().font("small", "semibold" if right else "regular"))
            painter.setPen(theme().color("text" if right else "text_secondary"))
            room = QRectF(at.x() - 60, plane.area.bottom() + 6, 120, 18 * scale)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self._class(place, plane))
            if right:
                painter.setPen(theme().color("accent"))
                painter.drawText(room.translated(0, 16 * scale), Qt.AlignmentFlag.AlignCenter, _("target"))

    def _paint_chosen(self, painter: QPainter, scores: Plane) -> None:
        """Where the keyboard is."""
        if self.hasFocus() and self.chosen < len(self.scores):
            value = max(scores.y[0], min(scores.y[1], self.scores[self.chosen]))
            room = self.bar(scores, self.chosen, value).adjusted(-6, -10, 6, 10)
            painter.setPen(QPen(theme().color("accent"), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(room.intersected(QRectF(self.rect())), 4, 4)

    def _class(self, place: int, plane: Plane) -> str:
        """Its name, in as many letters as there is room for."""
        apart = plane.area.width() / max(1, len(self.scores))
        return _("class {n}").format(n=place) if apart > 56 * theme().text_scale else str(place)

    # Hand and keyboard ------------------------------------------------------------------------------------------------

    def _class_at(self, at: QPointF) -> int | None:
        """In whose column of the scores a point lies."""
        plane, _shares = self.planes()
        if not plane.area.adjusted(0, -_TOP, 0, _AXIS).contains(at) or not self.scores:
            return None
        return min(len(self.scores) - 1, max(0, round(plane.x_at(at.x()))))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._class_at(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self._dragged = self.chosen = found
            self._drag_to(event.position())
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self._drag_to(event.position())
            return
        over = self._class_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.SizeVerCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None
        self._fit()
        self.update()

    def _drag_to(self, at: QPointF) -> None:
        assert self._dragged is not None
        value = self.planes()[0].y_at(at.y())
        unit = _GRAB * self.reach / _REACH
        self._give(self._dragged, round(round(value / unit) * unit, 6))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = event.key(), len(self.scores) - 1
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if not self.scores:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.chosen = min(last, max(0, self.chosen + (1 if key == Qt.Key.Key_Right else -1)))
            self._tell()
            self.update()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            way = 1 if key == Qt.Key.Key_Up else -1
            self._give(self.chosen, round(self.scores[self.chosen] + way * far * _STEP, 6))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.target_chosen.emit(self.chosen)
        else:
            super().keyPressEvent(event)

    def _give(self, place: int, value: float) -> None:
        value += 0.0  # no −0
        if abs(value) <= _FAR and value != self.scores[place]:
            self.score_given.emit(place, value)

    def sizeHint(self) -> QSize:
        return QSize(620, 380)

    def minimumSizeHint(self) -> QSize:
        return QSize(360, 200)

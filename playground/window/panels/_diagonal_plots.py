"""Square plots with a diagonal: the ROC curve of two classes, and numbers predicted against true."""

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.core.messages import Histogram
from playground.core.text import _
from playground.window.data import drawing
from playground.window.data.bars import HistogramBars
from playground.window.data.scatter import stamp, ticks
from playground.window.panels._drawing import Drawing, Portion, portion
from playground.window.theme import theme

_LEFT, _BOTTOM, _TOP, _RIGHT = 56, 36, 8, 16  # px
_POINT, _NEAR = 4.0, 8.0  # px: a point, and from how far it is pointed at


class DiagonalPlot(QWidget):
    """Both axes have the same span. Drawn once into a picture. names: of the axis across and of the one up"""

    def __init__(self, names: tuple[str, str]) -> None:
        super().__init__()
        self.names = names
        self._span = (0.0, 1.0)
        self._xs = self._ys = np.empty(0)
        self.drawing = Drawing(self, self._portions)
        self.setMouseTracking(True)
        self.setMinimumSize(140, 110)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(320, 320)

    @property
    def room(self) -> QRectF:
        """The square between the axes."""
        whole = QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)
        side = max(20.0, min(whole.width(), whole.height()))
        return QRectF(whole.x() + max(0.0, (whole.width() - side) / 2), whole.y(), side, side)

    def places(self) -> tuple[np.ndarray, np.ndarray]:
        """The points in px."""
        room, (low, high) = self.room, self._span
        across, up = ((values - low) / (high - low) for values in (self._xs, self._ys))
        return room.x() + across * room.width(), room.bottom() - up * room.height()

    def point_at(self, position: QPointF) -> int:
        """The nearest point, -1 where none is near."""
        if not len(self._xs):
            return -1
        left, top = self.places()
        distances = np.hypot(left - position.x(), top - position.y())
        nearest = int(distances.argmin())
        return nearest if distances[nearest] <= _NEAR else -1

    def words_of(self, point: int) -> str:
        values = (float(self._xs[point]), float(self._ys[point]))
        return "\n".join(f"{name}  {drawing.value_text(one)}" for name, one in zip(self.names, values, strict=True))

    def _show(self, xs: np.ndarray, ys: np.ndarray, span: tuple[float, float]) -> None:
        self._xs, self._ys, self._span = xs, ys, span
        self.drawing.follow()

    def _draw_data(self, painter: QPainter) -> None:
        """Lines, drawn above the axes."""

    def _stamp_data(self, picture: QImage) -> None:
        """Points, drawn at last."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.drawing.paint(painter)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = self.point_at(event.position())
        if point < 0:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPosition().toPoint(), self.words_of(point), self)

    def _portions(self) -> Iterator[Portion]:
        yield portion(self._draw_axes)
        yield portion(self._draw_diagonal)
        yield portion(self._draw_data)
        yield lambda _painter, image: self._stamp_data(image)

    def _draw_diagonal(self, painter: QPainter) -> None:
        room, pen = self.room, QPen(theme().color("text_quiet"), 1)
        pen.setDashPattern(theme().tokens["dash"]["reference"])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        painter.drawLine(room.bottomLeft(), room.topRight())

    def _draw_axes(self, painter: QPainter) -> None:
        room, (low, high) = self.room, self._span
        painter.setFont(theme().font("tick"))
        line = painter.fontMetrics().height()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value in ticks(low, high, 5 if room.width() > 160 else 3):
            share = (value - low) / (high - low)
            x, y = room.x() + share * room.width(), room.bottom() - share * room.height()
            painter.setPen(theme().color("plot_grid"))
            painter.drawLine(QLineF(x, room.top(), x, room.bottom()))
            painter.drawLine(QLineF(room.left(), y, room.right(), y))
            painter.setPen(theme().color("text_quiet"))
            text = drawing.value_text(round(value, 10))
            painter.drawText(QRectF(x - 40, room.bottom() + 2, 80, line), Qt.AlignmentFlag.AlignHCenter, text)
            painter.drawText(QRectF(room.left() - 60, y - line / 2, 54, line), right, text)
        painter.setPen(theme().color("line_strong"))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        painter.setPen(theme().color("text_secondary"))
        below = QRectF(0, room.bottom() + line + 2, self.width() - 4, line)
        across = theme().elided(self.names[0], below.width(), "tick")[0]
        width = painter.fontMetrics().horizontalAdvance(across)
        below.moveLeft(min(max(2.0, room.center().x() - width / 2), max(2.0, self.width() - width - 4.0)))
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, across)
        self._draw_name_up(painter, line)

    def _draw_name_up(self, painter: QPainter, line: int) -> None:
        room = self.room
        painter.save()
        painter.translate(max(line / 2 + 2.0, room.left() - 48), room.center().y())
        painter.rotate(-90)
        up = theme().elided(self.names[1], room.height(), "tick")[0]
        painter.drawText(QRectF(-room.height() / 2, -line / 2, room.height(), line), Qt.AlignmentFlag.AlignHCenter, up)
        painter.restore()


class RocPlot(DiagonalPlot):
    """True positive rate over false positive rate; the diagonal is what guessing gives."""

    def __init__(self) -> None:
        super().__init__((_("false positive rate"), _("true positive rate")))

    def show_curve(self, curve: np.ndarray) -> None:
        """curve: (2, m) false positive rate, true positive rate"""
        xs, ys = curve.astype(np.float64)
        self._show(xs, ys, (0.0, 1.0))

    def _draw_data(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color("accent"), theme().tokens["line_width"]["curve_main"]))
        left, top = self.places()
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in zip(left.tolist(), top.tolist(), strict=True)]))
        painter.setPen(theme().color("text_quiet"))
        painter.setFont(theme().font("tick"))
        room = self.room
        below = QRectF(room.x(), room.center().y() + 8, room.width() - 4, 40)
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, _("guessing"))


class PairsPlot(DiagonalPlot):
    """Numbers predicted against true; on the diagonal they are equal."""

    def __init__(self) -> None:
        super().__init__((_("true"), _("predicted")))

    def show_pairs(self, true: np.ndarray, predicted: np.ndarray, name: str) -> None:
        """name: of what is predicted, with its unit"""
        finite = np.isfinite(true) & np.isfinite(predicted)
        xs, ys = true[finite].astype(np.float64), predicted[finite].astype(np.float64)
        both = np.concatenate([xs, ys])
        low, high = (float(both.min()), float(both.max())) if both.size else (0.0, 1.0)
        around = 0.05 * (high - low) or 0.5
        self.names = (_("true {name}").format(name=name) if name else _("true"), _("predicted"))
        self._show(xs, ys, (low - around, high + around))

    def _stamp_data(self, picture: QImage) -> None:
        ratio = self.devicePixelRatioF()
        left, top = self.places()
        stamp(picture, left * ratio, top * ratio, _POINT * ratio, theme().color("accent"), False)


class ResidualBars(HistogramBars):
    """How far off predictions are, with a line at 0."""

    def show_residuals(self, counts: np.ndarray, edges: np.ndarray) -> None:
        self._low, self._high = float(edges[0]), float(edges[-1])
        self.show_histogram(Histogram(tuple(map(float, edges)), tuple(map(int, counts))), False)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._histogram is None or not self._low < 0 < self._high:
            return
        painter, room = QPainter(self), self._room()
        pen = QPen(theme().color("text_secondary"), 1)
        pen.setDashPattern(theme().tokens["dash"]["reference"])
        painter.setPen(pen)
        x = room.x() - self._low / (self._high - self._low) * room.width()
        painter.drawLine(QLineF(x, room.top(), x, room.bottom()))
        painter.end()

    _low = _high = 0.0

"""Bars: how many samples each class has, and how often each value comes."""

import math

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.core.messages import Histogram
from playground.core.text import _
from playground.window.data import drawing
from playground.window.theme import theme

_LINE, _BAR = 22, 12  # px
_AXIS = 20


class ClassBars(QWidget):
    """One line a class: its name, a bar, its samples in each part."""

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._counts: dict[str, tuple[int, ...]] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(self, names: tuple[str, ...], counts: dict[str, tuple[int, ...]]) -> None:
        """counts: heading of a part -> samples of each class; the first one is drawn as bars"""
        self._names, self._counts = names, counts
        self.setAccessibleName(", ".join(f"{name} {count}" for name, count in self._first()))
        self.updateGeometry()
        self.update()

    def _first(self) -> list[tuple[str, int]]:
        first = next(iter(self._counts.values()), ())
        return list(zip(self._names, first, strict=False))

    def sizeHint(self) -> QSize:
        return QSize(320, _LINE * (len(self._names) + 1) + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics = painter.fontMetrics()
        widest = max((metrics.horizontalAdvance(name) for name in self._names), default=0)
        left = 16 + min(widest + 16, max(60, self.width() // 3))
        number = 76
        right = self.width() - 16 - number * len(self._counts)
        self._draw_heads(painter, right, number)
        most = max((count for _name, count in self._first()), default=0)
        for line, (name, count) in enumerate(self._first()):
            top = _LINE * (line + 1)
            if top > event.rect().bottom() or top + _LINE < event.rect().top():
                continue
            painter.setPen(theme().color("text"))
            room = QRectF(16, top, left - 24, _LINE)
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
            width = (right - left) * count / most if most else 0
            bar = QRectF(left, top + (_LINE - _BAR) / 2, max(1.0, width), _BAR)
            painter.fillRect(bar, theme().color("accent_line"))
            painter.setPen(theme().color("text_secondary"))
            for place, counts in enumerate(self._counts.values()):
                cell = QRectF(right + place * number, top, number, _LINE)
                text = f"{counts[line]:,}" if line < len(counts) else "–"
                painter.drawText(cell, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)

    def _draw_heads(self, painter: QPainter, right: int, number: int) -> None:
        painter.save()
        painter.setFont(theme().font("tick"))
        painter.setPen(theme().color("text_quiet"))
        for place, title in enumerate(self._counts):
            cell = QRectF(right + place * number, 0, number, _LINE)
            painter.drawText(cell, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, title)
        painter.restore()


class HistogramBars(QWidget):
    """Counts of a histogram over its values. logarithmic: heights are logarithms of the counts"""

    def __init__(self) -> None:
        super().__init__()
        self._histogram: Histogram | None = None
        self.logarithmic = False
        self.setMinimumHeight(100)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)

    def show_histogram(self, histogram: Histogram, logarithmic: bool) -> None:
        self._histogram, self.logarithmic = histogram, logarithmic
        self.update()

    def heights(self) -> np.ndarray:
        """Of the bars, 0 to 1."""
        counts = np.asarray(self._histogram.counts if self._histogram else (0,), np.float64)
        figures = np.log10(counts + 1) if self.logarithmic else counts
        return figures / figures.max() if figures.max() > 0 else figures

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(16, 4, -16, -_AXIS)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._histogram is None:
            return
        painter = QPainter(self)
        room, heights = self._room(), self.heights()
        pitch = room.width() / len(heights)
        gap = 1 if pitch >= 4 else 0
        for place, height in enumerate(heights):
            high = room.height() * height
            bar = QRectF(room.x() + place * pitch, room.bottom() - high, max(1.0, pitch - gap), high)
            painter.fillRect(bar, theme().color("accent_line"))
        painter.setPen(theme().color("line_strong"))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        self._draw_axis(painter, room)

    def _draw_axis(self, painter: QPainter, room: QRectF) -> None:
        assert self._histogram is not None
        painter.setFont(theme().font("tick"))
        painter.setPen(theme().color("text_quiet"))
        scale = drawing.scale_of(self._histogram)
        edges = self._histogram.edges
        whole = scale.low != edges[0] and edges[0] % 1 == 0.5
        flags = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
        middle = math.floor((scale.low + scale.high) / 2) if whole else (scale.low + scale.high) / 2
        below = QRectF(room.x(), room.bottom() + 3, room.width(), _AXIS - 3)
        for value, flag in zip((scale.low, middle, scale.high), flags, strict=True):
            painter.drawText(below, flag | Qt.AlignmentFlag.AlignTop, drawing.value_text(value))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self._histogram is not None:
            room, counts = self._room(), self._histogram.counts
            place = math.floor((event.pos().x() - room.x()) / room.width() * len(counts))
            if 0 <= place < len(counts):
                low, high = self._histogram.edges[place : place + 2]
                whole = high - low == 1 and low % 1 == 0.5
                span = (
                    drawing.value_text(low + 0.5)
                    if whole
                    else f"{drawing.value_text(low)} – {drawing.value_text(high)}"
                )
                QToolTip.showText(
                    event.globalPos(), _("{span}: {count:,}").format(span=span, count=counts[place]), self
                )
            return True
        return super().event(event)

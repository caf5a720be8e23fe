"""The storage of a tensor: one row of numbers, with arcs for the steps that its strides make through it."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.lab.told import Cells, TensorFacts
from playground.core.text import _
from playground.session.history import numbers
from playground.window.lab.tensors import places
from playground.window.lab.tensors.painting import (
    Look,
    Stamp,
    Tint,
    cell_height,
    cell_width,
)
from playground.window.lab.tensors.words import figure
from playground.window.theme import theme

_EDGE, _ARC = 3, 34  # px around the row; below it, for the arcs and what they say
_DOT = 2.5


class StorageRow(QWidget):
    """chosen: a place in the storage that was clicked"""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._facts: TensorFacts | None = None
        self._values: np.ndarray = np.empty(0, np.float32)
        self._place: places.Place = ()
        self._walk: list[int] = []
        self._tint = Tint(0)
        self._width = 36
        self._first = 0
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(120)

    @property
    def walked(self) -> Sequence[int]:
        """Places in the storage that the arcs go through."""
        return self._walk

    def show_storage(self, facts: TensorFacts, cells: Cells, place: places.Place) -> None:
        """place: the chosen cell"""
        self._facts, self._values, self._place = facts, numbers(cells.storage), place
        self._walk = places.walk(facts, place)
        self._width = cell_width(self._values, small=True)
        self._tint = Tint.of(facts)
        self.setVisible(bool(self._values.size))
        at = places.index(facts, place) if places.is_in(facts, place) else -1
        said = _("Storage of {label}: {numbers}").format(
            label=facts.label, numbers=", ".join(figure(one) for one in self._values[:32].tolist())
        )
        if at >= 0:
            said += _("; the chosen cell is number {place}").format(place=at)
        self.setAccessibleName(said)
        self._scroll()
        self.update()

    def dress(self) -> None:
        self._tint = Tint.of(self._facts)
        self._width = cell_width(self._values, small=True)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(200, cell_height(True) + 2 * _EDGE + round(_ARC * theme().text_scale))

    def _room(self) -> int:
        """Cells that can be seen."""
        return max(1, (self.width() - 2 * _EDGE) // self._width)

    def _scroll(self) -> None:
        """Let as much of the walk be seen as there is room for."""
        room, size = self._room(), len(self._values)
        first = self._first
        if size <= room:
            first = 0
        elif self._walk:
            at = self._walk[0]
            if not first <= at < first + room or self._walk[-1] >= first + room:
                first = min(at, size - room)
        self._first = max(0, min(first, size - room))

    def resizeEvent(self, event: object) -> None:
        self._scroll()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = int((event.position().x() - _EDGE) // self._width) + self._first
        if 0 <= at < len(self._values) and event.position().y() < cell_height(True) + 2 * _EDGE:
            self.chosen.emit(at)

    # Painting -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._facts is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        at = places.index(self._facts, self._place) if places.is_in(self._facts, self._place) else -1
        last = min(len(self._values), self._first + self._room() + 1)
        walked = frozenset(self._walk)
        stamp = Stamp(painter, self._tint, self._width, cell_height(True))
        for number, value in enumerate(self._values[self._first : last].tolist(), self._first):
            look = Look(chosen=number == at, line=number in walked)
            stamp(_EDGE + (number - self._first) * self._width, _EDGE, value, look)
        painter.setFont(theme().font("tick"))
        self._paint_arcs(painter)
        self._paint_rest(painter, last)

    def _rect(self, number: int) -> QRectF:
        return QRectF(_EDGE + (number - self._first) * self._width, _EDGE, self._width, cell_height(True))

    def _paint_arcs(self, painter: QPainter) -> None:
        top = cell_height(True) + 2 * _EDGE + 1
        depth = 13 * theme().text_scale
        color = theme().color("accent")
        for one, next_one in zip(self._walk, self._walk[1:], strict=False):
            left, right = self._rect(one).center().x(), self._rect(next_one).center().x()
            if max(left, right) < 0 or min(left, right) > self.width():
                continue
            path = QPainterPath(QPointF(left, top))
            path.cubicTo(QPointF(left, top + depth), QPointF(right, top + depth), QPointF(right, top))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color, 1.25))
            painter.drawPath(path)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            for x in (left, right):
                painter.drawEllipse(QPointF(x, top), _DOT, _DOT)
            self._paint_step(painter, next_one - one, (left + right) / 2, top + 0.75 * depth)

    def _paint_step(self, painter: QPainter, step: int, middle: float, y: float) -> None:
        text = f"{step:+d}".replace("-", "−")
        wide = painter.fontMetrics().horizontalAdvance(text)
        if wide > abs(step) * self._width and step:
            return  # no room between two neighbours
        painter.setPen(theme().color("text_secondary"))
        place = QRectF(middle - 30, y, 60, 16 * theme().text_scale)
        painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)

    def _paint_rest(self, painter: QPainter, last: int) -> None:
        """How much of the storage is not seen."""
        facts = self._facts
        if facts is None or (self._first == 0 and last >= facts.storage):
            return
        painter.setPen(theme().color("text_secondary"))
        text = _("numbers {first} to {last} of {n}").format(
            first=self._first, last=min(last, self._first + self._room()) - 1, n=f"{facts.storage:,}"
        )
        place = QRectF(self.rect()).adjusted(0, 0, -4, -1)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, text)

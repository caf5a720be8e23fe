"""One value of the bench, small: its name, what it is, its first cells, and which of them are the number in hand."""

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.lab.told import Cells, TensorFacts
from playground.core.text import _
from playground.session.history import numbers
from playground.window.lab.tensors import places
from playground.window.lab.tensors.painting import Look, Stamp, Tint, cell_font, cell_height, cell_width
from playground.window.lab.tensors.words import and_list, sizes
from playground.window.theme import theme

MOST_ROWS, MOST_COLUMNS = 4, 6
_SIDE, _GAP = 12, 4
_LINE = 18  # px of a line of text


class Shown(NamedTuple):
    """chosen: whether it is the one that is looked at;  same: mask of the cells that are the number in hand
    changed: cells that the newest line changed
    """

    facts: TensorFacts
    cells: Cells | None
    chosen: bool
    same: np.ndarray
    changed: frozenset[places.Place]


class Card(QWidget):
    """wanted: the label of the value that shall be looked at, and a place in it, () for any"""

    wanted = Signal(str, tuple)

    def __init__(self) -> None:
        super().__init__()
        self.shown: Shown | None = None
        self._width = 26
        self._size = QSize()
        self._tint = Tint(0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_value(self, shown: Shown) -> None:
        """Paints only what is another than before."""
        before = self.shown
        if before is not None and _alike(before, shown):
            return
        self._take(shown)

    def _take(self, shown: Shown) -> None:
        self.shown = shown
        self._tint = Tint.of(shown.facts)
        self._width = cell_width(self._values(), small=True)
        self.setAccessibleName(self.words())
        if self.sizeHint() != self._size:
            self._size = self.sizeHint()
            self.updateGeometry()
        self.update()

    def dress(self) -> None:
        if self.shown is not None:
            self._take(self.shown)

    def words(self) -> str:
        """What it says, for screen readers."""
        if self.shown is None:
            return ""
        facts = self.shown.facts
        said = [facts.label, self._what(facts), self._shares(facts)]
        return ", ".join(filter(None, [*said, _("looked at") if self.shown.chosen else ""]))

    def _values(self) -> np.ndarray:
        cells = self.shown.cells if self.shown else None
        return numbers(cells.values)[:MOST_ROWS, :MOST_COLUMNS] if cells is not None else np.empty((0, 0), np.float32)

    @staticmethod
    def _what(facts: TensorFacts) -> str:
        if facts.kind in ("tensor", "array"):
            kind = _("NumPy, ") if facts.kind == "array" else ""
            return f"{kind}{sizes(facts.shape)} · {facts.dtype}"
        return facts.text

    @staticmethod
    def _shares(facts: TensorFacts) -> str:
        return _("shares memory with {others}").format(others=and_list(facts.shares, 2)) if facts.shares else ""

    # Size, paint --------------------------------------------------------------------------------------------------

    def _line(self) -> int:
        return round(_LINE * theme().text_scale)

    def sizeHint(self) -> QSize:
        if self.shown is None:
            return QSize(80, 60)
        facts, rows, columns = self.shown.facts, *self._values().shape
        texts = ((facts.label, "base"), (self._what(facts), "small"), (self._shares(facts), "small"))
        words = max(theme().elided(text, 260, size, "medium")[1] for text, size in texts)
        cells = columns * self._width + (14 if self._is_cut() else 0)
        lines = 2 + bool(facts.shares)
        high = lines * self._line() + (rows * cell_height(True) + 6 if rows else 0)
        return QSize(max(words + 4, cells, 96) + 2 * _SIDE, high + 2 * _GAP + 8)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _is_cut(self) -> bool:
        cells = self.shown.cells if self.shown else None
        return cells is not None and (
            cells.rows > MOST_ROWS
            or cells.columns > MOST_COLUMNS
            or len(self.shown.facts.shape if self.shown else ()) > 2
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.shown is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        facts, frame = self.shown.facts, QRectF(self.rect()).adjusted(1, 1, -1, -1)
        ring = self.hasFocus()
        edge = theme().color("accent" if self.shown.chosen or ring else "line")
        painter.setPen(QPen(edge, 2 if ring or self.shown.chosen else 1))
        painter.setBrush(theme().color("accent_tint" if self.shown.chosen else "surface"))
        painter.drawRoundedRect(frame, 6, 6)
        y = _GAP + 4.0
        for text, size, weight, token in (
            (facts.label, "base", "semibold", "text"),
            (self._what(facts), "small", "regular", "text_secondary"),
            (self._shares(facts), "small", "medium", "accent"),
        ):
            if text:
                painter.setFont(theme().font(size, weight, mono=token == "text"))
                painter.setPen(theme().color(token))
                cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, self.width() - 2 * _SIDE)
                painter.drawText(
                    QRectF(_SIDE, y, self.width() - 2 * _SIDE, self._line()), Qt.AlignmentFlag.AlignVCenter, cut
                )
                y += self._line()
        self._paint_cells(painter, y + 2)

    def _paint_cells(self, painter: QPainter, top: float) -> None:
        assert self.shown is not None
        values, shown, high = self._values(), self.shown, cell_height(True)
        stamp = Stamp(painter, self._tint, self._width, high)
        leading = shown.cells.leading if shown.cells is not None else ()
        same = shown.same.tolist() if shown.same.size else []
        for row, line in enumerate(values.tolist()):
            for column, value in enumerate(line):
                changed = bool(shown.changed) and places.place_of(shown.facts, leading, row, column) in shown.changed
                look = Look(same=bool(same) and same[row][column], changed=changed)
                stamp(_SIDE + column * self._width, top + row * high, value, look)
        painter.setFont(cell_font(small=True))
        if self._is_cut():
            painter.setPen(theme().color("text_secondary"))
            corner = QPointF(_SIDE + values.shape[1] * self._width + 2, top + values.shape[0] * high - 4)
            painter.drawText(corner, "…")

    # The hand -----------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.shown is None or event.button() != Qt.MouseButton.LeftButton:
            return
        values, high = self._values(), cell_height(True)
        top = _GAP + 6 + (2 + bool(self.shown.facts.shares)) * self._line()
        column, row = int((event.position().x() - _SIDE) // self._width), int((event.position().y() - top) // high)
        place: tuple[int, ...] = ()
        if 0 <= row < values.shape[0] and 0 <= column < values.shape[1] and self.shown.cells is not None:
            place = places.place_of(self.shown.facts, self.shown.cells.leading, row, column)
        self.wanted.emit(self.shown.facts.label, place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.shown is not None:
            self.wanted.emit(self.shown.facts.label, ())
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self.focusPreviousChild()
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: object) -> None:
        self.update()

    def focusOutEvent(self, event: object) -> None:
        self.update()


def _alike(one: Shown, other: Shown) -> bool:
    plain = (one.facts, one.cells, one.chosen, one.changed) == (other.facts, other.cells, other.chosen, other.changed)
    return plain and np.array_equal(one.same, other.same)

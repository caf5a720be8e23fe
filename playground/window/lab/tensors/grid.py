"""The cells of one matrix of a tensor: large ones are seen through a window that scrolls; the keyboard walks in it."""

import math
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QLineEdit, QSizePolicy

from playground.core.lab.told import Cells, TensorFacts
from playground.core.text import _
from playground.session.history import numbers
from playground.window.lab.tensors.painting import Look, Stamp, Tint, cell_font, cell_height, cell_width
from playground.window.lab.tensors.words import figure, sizes
from playground.window.theme import theme

_BAR = 10  # px of a bar for scrolling
_EDGE = 3  # px around the cells, for the ring of the keyboard
_WHOLE = 240  # px, a matrix up to which is not cut
_FETCHED_AHEAD = 8  # rows and columns beyond what is seen
_STARTS = "-+.0123456789"
_STEPS = {
    Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
}  # fmt: skip


class Grid(QAbstractScrollArea):
    """chosen: row and column that a person went to;  pointed: where the pointer is, (-1, -1) outside
    number_given: row, column and the number that was typed there;  window_wanted: other cells are to be seen
    """

    chosen = Signal(int, int)
    pointed = Signal(int, int)
    number_given = Signal(int, int, float)
    window_wanted = Signal()

    def __init__(self, purpose: str, most_rows: int = 12, small: bool = False) -> None:
        """purpose: for screen readers;  most_rows: that are seen at once"""
        super().__init__()
        self._purpose, self._most_rows, self._small = purpose, most_rows, small
        self.facts: TensorFacts | None = None
        self.cells: Cells | None = None
        self._values: np.ndarray = np.empty((0, 0), np.float32)
        self._shown: tuple[Any, ...] = ()  # what was shown last: only what is another is painted
        self._width = 36
        self._tint = Tint(0)
        self._same: np.ndarray = np.zeros((0, 0), np.bool_)
        self._changed: frozenset[tuple[int, int]] = frozenset()
        self._lines: tuple[int, int] = (-1, -1)  # a row and a column in hand
        self._dashed = (False, False)
        self.place: tuple[int, int] | None = None  # the chosen cell, where it is in this matrix
        self.is_editable = True
        self._field: QLineEdit | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(purpose)
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(self._on_scrolled)

    # What is shown ------------------------------------------------------------------------------------------------

    def show_cells(
        self,
        facts: TensorFacts,
        cells: Cells,
        *,
        place: tuple[int, int] | None = None,
        same: np.ndarray | None = None,
        changed: frozenset[tuple[int, int]] = frozenset(),
        dashed: tuple[bool, bool] = (False, False),
    ) -> None:
        """place: the chosen cell;  same: mask of the cells that are its memory;  changed: cells of other numbers than before
        dashed: whether rows, columns beyond the first are not stored
        """
        same = same if same is not None else np.zeros(cells.values.shape, np.bool_)
        news = (facts, cells, place, changed, dashed)
        if news == self._shown and np.array_equal(same, self._same):
            return
        self._shown = news
        values = numbers(cells.values)
        wide = cell_width(values, self._small)
        shape = (cells.rows, cells.columns)
        grown = self.cells is None or shape != (self.cells.rows, self.cells.columns) or wide != self._width
        keeps = self.facts is not None and self.facts.label == facts.label and shape == self.shape
        self._width = max(wide, self._width) if keeps else wide  # nothing shrinks while one scrolls
        self.facts, self.cells, self._values, self.place = facts, cells, values, place
        self._same = same
        self._changed, self._dashed = changed, dashed
        self._tint = Tint.of(facts)
        if grown:
            self.updateGeometry()
            self._measure()
        self._tell()
        self.viewport().update()

    @property
    def shape(self) -> tuple[int, int]:
        return (self.cells.rows, self.cells.columns) if self.cells is not None else (0, 0)

    def mark_lines(self, row: int, column: int) -> None:
        """Tint a row and a column; -1 for none."""
        if (row, column) != self._lines:
            self._lines = (row, column)
            self.viewport().update()

    def dress(self) -> None:
        """Colours and fonts of the theme."""
        self._tint = Tint.of(self.facts)
        self._width = cell_width(self._values, self._small)
        self.updateGeometry()
        self._measure()
        self.viewport().update()

    def wanted(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """First row and column, and how many, that are to be fetched."""
        first = (self.verticalScrollBar().value(), self.horizontalScrollBar().value())
        high, wide = self._seen()
        first = (max(0, first[0] - _FETCHED_AHEAD), max(0, first[1] - _FETCHED_AHEAD))
        return first, (high + 2 * _FETCHED_AHEAD, wide + 2 * _FETCHED_AHEAD)

    def _value(self, row: int, column: int) -> Any:
        """None where it was not fetched."""
        if self.cells is None:
            return None
        down, across = row - self.cells.first[0], column - self.cells.first[1]
        rows, columns = self._values.shape
        return self._values[down, across].item() if 0 <= down < rows and 0 <= across < columns else None

    # Size ---------------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        rows, columns = self.shape
        high = min(max(rows, 1), self._most_rows) * cell_height(self._small) + 2 * _EDGE
        wide = max(columns, 1) * self._width + 2 * _EDGE
        return QSize(min(wide, 2000), high + (_BAR if self._overflows() else 0))

    def minimumSizeHint(self) -> QSize:
        """A small matrix is seen whole, of a wide one some columns."""
        least = max(3 * self._width, _WHOLE) + 2 * _EDGE
        return QSize(min(self.sizeHint().width(), least), self.sizeHint().height())

    def _overflows(self) -> bool:
        return self.shape[1] * self._width + 2 * _EDGE > self.width() > 100

    def _seen(self) -> tuple[int, int]:
        """Rows and columns that there is room for."""
        room, bar = self.maximumViewportSize(), _BAR
        high, wide = self.shape[0] * cell_height(self._small) + 2 * _EDGE, self.shape[1] * self._width + 2 * _EDGE
        across = wide > room.width()
        down = high > room.height() - bar * across
        across = wide > room.width() - bar * down
        return (
            max(1, (room.height() - bar * across - 2 * _EDGE) // cell_height(self._small)),
            max(1, (room.width() - bar * down - 2 * _EDGE) // self._width),
        )

    def _measure(self) -> None:
        bars = (self.verticalScrollBar(), self.horizontalScrollBar())
        for bar, seen, size in zip(bars, self._seen(), self.shape, strict=True):
            bar.setRange(0, max(0, size - seen))
            bar.setPageStep(seen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()
        self._on_scrolled()

    def _on_scrolled(self, *_value: int) -> None:
        self._close_field()
        self.viewport().update()
        if self.cells is None:
            return
        first, seen = (self.verticalScrollBar().value(), self.horizontalScrollBar().value()), self._seen()
        last = [min(begin + count, size) - 1 for begin, count, size in zip(first, seen, self.shape, strict=True)]
        if self.shape[0] and self.shape[1] and (self._value(*first) is None or self._value(*last) is None):
            self.window_wanted.emit()

    # Painting -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(cell_font(self._small))
        self._paint_cells(painter)
        if not all(self.shape):
            painter.setPen(theme().color("text_secondary"))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, _("empty"))
        if self.hasFocus() and self.place is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme().color("accent"), 2))
            painter.drawRoundedRect(self._rect(*self.place).adjusted(-2, -2, 1, 1), 4, 4)

    def _paint_cells(self, painter: QPainter) -> None:
        if self.cells is None:
            return
        top, left = self.verticalScrollBar().value(), self.horizontalScrollBar().value()
        (high, wide), tall, dashed = self._seen(), cell_height(self._small), self._dashed
        values, same, (first_row, first_column) = self._values.tolist(), self._same.tolist(), self.cells.first
        stamp = Stamp(painter, self._tint, self._width, tall, small=self._small)
        for row in range(top, min(top + high + 1, self.shape[0])):
            y, down = _EDGE + (row - top) * tall, row - first_row
            for column in range(left, min(left + wide + 1, self.shape[1])):
                x, across = _EDGE + (column - left) * self._width, column - first_column
                if not (0 <= down < len(values) and 0 <= across < len(values[down])):  # it was not fetched
                    painter.fillRect(QRectF(x + 1, y + 1, self._width - 2, tall - 2), theme().color("sunken"))
                    continue
                line = row == self._lines[0] or column == self._lines[1]
                is_dashed = (dashed[0] and row > 0) or (dashed[1] and column > 0)
                at = (row, column)
                look = Look(at == self.place, same[down][across], at in self._changed, line, is_dashed)
                stamp(x, y, values[down][across], look)

    def _rect(self, row: int, column: int) -> QRectF:
        high = cell_height(self._small)
        x = _EDGE + (column - self.horizontalScrollBar().value()) * self._width
        y = _EDGE + (row - self.verticalScrollBar().value()) * high
        return QRectF(x, y, self._width, high)

    def rect_of(self, row: int, column: int) -> QRectF:
        """Where a cell is seen, in the grid's own px."""
        return self._rect(row, column).translated(QPointF(self.viewport().pos()))

    # The hand -----------------------------------------------------------------------------------------------------

    def _at(self, point: QPointF) -> tuple[int, int] | None:
        column = int((point.x() - _EDGE) // self._width) + self.horizontalScrollBar().value()
        row = int((point.y() - _EDGE) // cell_height(self._small)) + self.verticalScrollBar().value()
        inside = 0 <= row < self.shape[0] and 0 <= column < self.shape[1]
        return (row, column) if inside else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position())
        if at is not None and event.button() == Qt.MouseButton.LeftButton:
            self._close_field()
            self.chosen.emit(*at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position())
        if at is not None:
            self.edit(*at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointed.emit(*(self._at(event.position()) or (-1, -1)))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.pointed.emit(-1, -1)
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self._go(step)
        elif self.place is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.edit(*self.place)
        elif self.place is not None and event.text() and event.text() in _STARTS:
            self.edit(*self.place, typed=event.text())
        else:
            event.ignore()

    def _go(self, step: tuple[int, int]) -> None:
        before = self.place or (-step[0] if step[0] > 0 else 0, -step[1] if step[1] > 0 else 0)
        row, column = (min(max(one + by, 0), size - 1) for one, by, size in zip(before, step, self.shape, strict=True))
        if row < 0 or column < 0:
            return
        for bar, at, seen in zip(
            (self.verticalScrollBar(), self.horizontalScrollBar()), (row, column), self._seen(), strict=True
        ):
            bar.setValue(min(max(bar.value(), at - seen + 1), at))
        self.chosen.emit(row, column)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if (
            self.place is None
            and all(self.shape)
            and event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        ):
            self.chosen.emit(0, 0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    # A number typed into a cell -----------------------------------------------------------------------------------

    def edit(self, row: int, column: int, typed: str = "") -> None:
        """Open a field on a cell. typed: what it begins with, else the number that is there"""
        value = self._value(row, column)
        if not self.is_editable or value is None:
            return
        self._close_field()
        field = self._field = CellField(self.viewport())
        field.setText(typed or f"{value:g}" if not isinstance(value, bool) else str(int(value)))
        wide = max(self._width, 64)
        rect = self._rect(row, column)
        field.setGeometry(int(rect.x()) - 1, int(rect.y()) - 1, wide + 2, int(rect.height()) + 2)
        field.setAccessibleName(_("New number at row {row}, column {column}").format(row=row, column=column))
        if not typed:
            field.selectAll()
        field.done.connect(lambda text: self._take(row, column, text))
        field.show()
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, row: int, column: int, text: str | None) -> None:
        field, self._field = self._field, None
        if field is not None:
            field.hide()
            field.deleteLater()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        try:
            value = float((text or "").replace("−", "-").replace(",", "."))
        except ValueError:
            return
        if math.isfinite(value):
            self.number_given.emit(row, column, value)

    def _close_field(self) -> None:
        if self._field is not None:
            self._take(0, 0, None)

    def _tell(self) -> None:
        """For screen readers: what is chosen."""
        if self.facts is None:
            return
        said = _("{purpose} {label}, {shape}").format(
            purpose=self._purpose, label=self.facts.label, shape=sizes(self.facts.shape)
        )
        if self.place is not None:
            value = self._value(*self.place)
            if value is not None:
                said += _("; row {row}, column {column}: {value}").format(
                    row=self.place[0], column=self.place[1], value=figure(value)
                )
        if said != self.accessibleName():
            self.setAccessibleName(said)


class CellField(QLineEdit):
    """done: the text, None where Esc was pressed or the keyboard left"""

    done = Signal(object)

    def __init__(self, parent: Any) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._is_done = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._end(self.text())
        elif event.key() == Qt.Key.Key_Escape:
            self._end(None)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._end(self.text() if self.isModified() else None)

    def _end(self, text: str | None) -> None:
        if not self._is_done:
            self._is_done = True
            self.done.emit(text)

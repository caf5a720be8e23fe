"""A layer as one product: W times x plus b is z, and through the activation a. The row in hand is marked in all of them;
the numbers of W, x and b are dragged, typed and turned by keys."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.text import _
from playground.window.lab.tensors.grid import CellField
from playground.window.lab.tensors.painting import Look, Stamp, Tint, cell_height, cell_width
from playground.window.lab.tensors.words import figure
from playground.window.theme import theme

PARTS = ("W", "x", "b", "z", "a")
SIGNS = {"W": "×", "x": "+", "b": "=", "z": "→"}  # behind each
EDITABLE = ("W", "x", "b")
_LEFT, _TOP, _NUMBERS, _GAP = 4, 26, 26, 30  # px; _NUMBERS of the rows, _GAP of a sign
_PX, _TURN = 0.02, 0.1  # by which a drag changes a number for each px, and a key
_FAR = 1e12
_KEYS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
_TURNS = {Qt.Key.Key_PageUp: _TURN, Qt.Key.Key_PageDown: -_TURN}
_STARTS = "-−+.0123456789"


class Cell(NamedTuple):
    """A number of one of the PARTS."""

    part: str
    row: int
    column: int


class LayerPicture(QWidget):
    """pointed: the row that a person looks at;  number_given: where, and which number"""

    pointed = Signal(int)
    number_given = Signal(object, float)  # Cell

    def __init__(self) -> None:
        super().__init__()
        self.grids: dict[str, np.ndarray] = {part: np.zeros((0, 0)) for part in PARTS}
        self.activation, self.row = "", 0
        self.cell = Cell("W", 0, 0)
        self._tints = dict.fromkeys(self.grids, Tint(0.0))
        self._drag: tuple[float, float] | None = None  # y of the pointer and the number, when it began
        self._field: CellField | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            _("Point at a row. Drag a number of W, x or b up and down; arrow keys walk, Page Up and Page Down turn it, "
              "or type one")
        )  # fmt: skip

    # What it shows --------------------------------------------------------------------------------------------------

    def show_given(self, weights: np.ndarray, x: np.ndarray, biases: np.ndarray, row: int) -> None:
        """What the page has. weights: (neurons, inputs);  row: in hand"""
        self._take({"W": weights, "x": x[:, None], "b": biases[:, None]})
        self.row = row
        self._stay_inside()

    def show_made(self, z: np.ndarray, a: np.ndarray, activation: str) -> None:
        """What PyTorch makes of it. activation: for people, "" where there is none"""
        self.activation = activation
        if self.cell.part not in self.parts:
            self.cell = self.cell._replace(part="z")
        self._take({"z": z[:, None], "a": a[:, None]})

    def _take(self, grids: dict[str, np.ndarray]) -> None:
        before = self.sizeHint()
        self.grids |= grids
        for part, values in grids.items():
            finite = np.abs(values[np.isfinite(values)])
            self._tints[part] = Tint(float(finite.max()) if finite.size else 0.0)
        if self.sizeHint() != before:
            self.updateGeometry()
        self._tell()
        self.update()

    def _stay_inside(self) -> None:
        part, row, column = self.cell
        rows, columns = self.grids[part].shape
        self.cell = Cell(part, min(row, max(0, rows - 1)), min(column, max(0, columns - 1)))

    def _tell(self) -> None:
        """For screen readers: what is in hand."""
        part, row, column = self.cell
        values = self.grids[part]
        if row < values.shape[0] and column < values.shape[1]:
            place = f"{part}[{row}, {column}]" if part == "W" else f"{part}[{row}]"
            said = _("A layer as one product; {place} is {value}")
            self.setAccessibleName(said.format(place=place, value=figure(float(values[row, column]))))

    # Geometry -------------------------------------------------------------------------------------------------------

    @property
    def parts(self) -> tuple[str, ...]:
        """Those that are drawn: without an activation z is what comes out."""
        return PARTS if self.activation else PARTS[:-1]

    def _width(self, part: str) -> int:
        """px of a cell."""
        return max(44, cell_width(self.grids[part])) if self.grids[part].size else 44

    def _left(self, part: str) -> float:
        left = float(_LEFT + round(_NUMBERS * theme().text_scale))
        for one in PARTS[: PARTS.index(part)]:
            left += self._width(one) * self.grids[one].shape[1] + _GAP * (1.6 if one == "z" else 1.0)
        return left

    @property
    def _top(self) -> float:
        return _TOP * theme().text_scale

    def rect_of(self, cell: Cell) -> QRectF:
        """Where a number is drawn; x stands in the middle of the height."""
        wide, high = self._width(cell.part), cell_height()
        return QRectF(self._left(cell.part) + cell.column * wide, self._begin(cell.part) + cell.row * high, wide, high)

    def _begin(self, part: str) -> float:
        """Top of a grid."""
        lower = max(0, self.grids["W"].shape[0] - self.grids["x"].shape[0]) if part == "x" else 0
        return self._top + lower * cell_height() / 2

    def cell_at(self, point: QPointF) -> Cell | None:
        """The number under a point."""
        for part in self.parts:
            rows, columns = self.grids[part].shape
            row = int((point.y() - self._begin(part)) // cell_height())
            column = int((point.x() - self._left(part)) // self._width(part))
            if 0 <= row < rows and 0 <= column < columns:
                return Cell(part, row, column)
        return None

    def sizeHint(self) -> QSize:
        last = self.parts[-1]
        right = self._left(last) + self._width(last) * max(1, self.grids[last].shape[1]) + 2 * _GAP
        rows = max(self.grids["W"].shape[0], self.grids["x"].shape[0], 1)
        return QSize(round(right), round(self._top + rows * cell_height()) + 6)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    # Painting -------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for part in self.parts:
            corner = self.rect_of(Cell(part, 0, 0))
            stamp = Stamp(painter, self._tints[part], corner.width(), corner.height(), small=False)
            for (row, column), value in np.ndenumerate(self.grids[part]):
                cell = Cell(part, row, column)
                look = Look(chosen=self.hasFocus() and cell == self.cell, line=row == self.row or part == "x")
                corner = self.rect_of(cell)
                stamp(corner.x(), corner.y(), value.item(), look)
        self._paint_words(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme().color("accent"), 2))
            painter.drawRoundedRect(self.rect_of(self.cell).adjusted(-2, -2, 1, 1), 4, 4)
        painter.end()

    def _paint_words(self, painter: QPainter) -> None:
        """Names above, signs between, and the numbers of the rows at the left."""
        center = Qt.AlignmentFlag.AlignCenter
        for part in self.parts:
            rows, columns = self.grids[part].shape
            wide = columns * self._width(part)
            self._paint_head(painter, part, f"{rows} × {columns}" if part == "W" else str(rows))
            sign = SIGNS.get(part)
            if sign and part != self.parts[-1]:
                gap = _GAP * (1.6 if part == "z" else 1.0)
                high = max(1, self.grids["W"].shape[0]) * cell_height()
                room = QRectF(self._left(part) + wide, self._top, gap, high)
                painter.setFont(theme().font("heading"))
                painter.setPen(theme().color("text_secondary"))
                painter.drawText(room, center, sign)
        painter.setFont(theme().font("tick"))
        painter.setPen(theme().color("text_quiet"))
        for row in range(self.grids["W"].shape[0]):
            room = QRectF(0, self._top + row * cell_height(), self._left("W") - 8, cell_height())
            painter.setPen(theme().color("accent" if row == self.row else "text_quiet"))
            said = f"▸ {row}" if row == self.row else str(row)  # not by colour alone
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, said)

    def _paint_head(self, painter: QPainter, part: str, facts: str) -> None:
        """The name of a grid and, in quiet text, its size."""
        name = f"{self.activation}(z)" if part == "a" else part
        wide = self.grids[part].shape[1] * self._width(part)
        bold, quiet = theme().font("base", "semibold"), theme().font("small")
        first = QFontMetrics(bold).horizontalAdvance(name)
        whole = first + (6 + QFontMetrics(quiet).horizontalAdvance(facts) if part != "a" else 0)
        left = self._left(part) + max((wide - whole) / 2, -_GAP / 2)
        room = QRectF(left, self._begin(part) - self._top, whole + 8, self._top - 4)
        painter.setFont(bold)
        painter.setPen(theme().color("text"))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
        if part != "a":
            painter.setFont(quiet)
            painter.setPen(theme().color("text_quiet"))
            painter.drawText(room.adjusted(first + 6, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, facts)

    # Hand -----------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self._close_field()
        self._go(cell)
        if cell.part in EDITABLE:
            self._drag = event.position().y(), self._value(cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            began, value = self._drag
            self._give(self.cell, round(value + _PX * (began - event.position().y()), 2))
            return
        cell = self.cell_at(event.position())
        drags = cell is not None and cell.part in EDITABLE
        self.setCursor(Qt.CursorShape.SizeVerCursor if drags else Qt.CursorShape.ArrowCursor)
        if cell is not None and cell.part != "x" and self._field is None:
            self._point(cell.row)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell is not None:
            self.edit(cell)

    def _go(self, cell: Cell) -> None:
        self.cell = cell
        if cell.part != "x":
            self._point(cell.row)
        self._tell()
        self.update()

    def _point(self, row: int) -> None:
        if row != self.row:
            self.pointed.emit(row)

    def _value(self, cell: Cell) -> float:
        return float(self.grids[cell.part][cell.row, cell.column])

    def _give(self, cell: Cell, value: float) -> None:
        value += 0.0  # no −0
        if abs(value) <= _FAR and value != self._value(cell):
            self.number_given.emit(cell, value)

    # Keyboard -------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, editable = Qt.Key(event.key()), self.cell.part in EDITABLE
        if key in _KEYS:
            self._walk(*_KEYS[key])
        elif key in _TURNS and editable:
            far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self._give(self.cell, round(self._value(self.cell) + far * _TURNS[key], 6))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and editable:
            self.edit(self.cell)
        elif event.text() and event.text() in _STARTS and editable:
            self.edit(self.cell, event.text())
        else:
            super().keyPressEvent(event)

    def _walk(self, down: int, right: int) -> None:
        """To the number beside it, also from one part to the next."""
        part, row, column = self.cell
        row, column = row + down, column + right
        parts = self.parts
        if not 0 <= column < self.grids[part].shape[1]:
            number = parts.index(part) + (1 if right > 0 else -1)
            if not 0 <= number < len(parts):
                return
            before, part = part, parts[number]
            column = 0 if right > 0 else self.grids[part].shape[1] - 1
            row = self.row if before == "x" else min(row, self.grids[part].shape[0] - 1)
        if 0 <= row < self.grids[part].shape[0]:
            self._go(Cell(part, row, column))

    def edit(self, cell: Cell, typed: str = "") -> None:
        """Open a field on a number. typed: what it begins with, else the number that is there"""
        if cell.part not in EDITABLE:
            return
        self._close_field()
        field = self._field = CellField(self)
        field.setText(typed or f"{self._value(cell):g}")
        room = self.rect_of(cell)
        wide = max(int(room.width()), 64)
        field.setGeometry(int(room.x()) - 1, int(room.y()) - 1, wide + 2, int(room.height()) + 2)
        field.setAccessibleName(_("New number in {part}").format(part=cell.part))
        if not typed:
            field.selectAll()
        field.done.connect(lambda text: self._take_typed(cell, text))
        field.show()
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_typed(self, cell: Cell, text: str | None) -> None:
        field, self._field = self._field, None
        if field is not None:
            field.hide()
            field.deleteLater()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        try:
            value = float((text or "").replace("−", "-").replace(",", "."))
        except ValueError:
            return
        if np.isfinite(value):
            self._give(cell, value)

    def _close_field(self) -> None:
        if self._field is not None:
            self._take_typed(self.cell, None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


def listed(values: Sequence[float], most: int = 8) -> str:
    """Numbers as Python writes them in a list, cut off where there are many."""
    shown = ", ".join(repr(float(f"{one:.6g}")) for one in values[:most])
    return f"[{shown}, …]" if len(values) > most else f"[{shown}]"

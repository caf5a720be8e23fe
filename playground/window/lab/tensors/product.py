"""The matrix product: point at a cell of the result and see its row, its column, the products and their sum."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from playground.core.lab.told import Product
from playground.core.text import _
from playground.session.history import numbers
from playground.window.lab.tensors.broadcast import Side
from playground.window.lab.tensors.painting import Look, Stamp, cell_height, cell_width
from playground.window.lab.tensors.words import figure
from playground.window.theme import theme

MOST = 8  # rows and columns that are drawn
MOST_TERMS = 12  # products that are written out
_GAP = 10


class ProductPicture(QWidget):
    """left at the left of the result, right above it. pointed: row and column of the result"""

    pointed = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._sides: tuple[Side, ...] = ()
        self.cell: tuple[int, int] = (0, 0)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_pair(self, sides: tuple[Side, Side, Side]) -> None:
        """sides: left, right (a vector as a column), result, each (rows, columns)"""
        self._sides = sides
        rows, columns = self._shape(2)
        self.cell = (min(self.cell[0], max(rows - 1, 0)), min(self.cell[1], max(columns - 1, 0)))
        self._tell()
        self.updateGeometry()
        self.update()

    def _tell(self) -> None:
        if self._sides:
            left, right, result = self._sides
            value = figure(result.values[self.cell].item()) if result.values.size else ""
            self.setAccessibleName(
                _("{left} @ {right}; row {row}, column {column} of the result: {value}").format(
                    left=left.name, right=right.name, row=self.cell[0], column=self.cell[1], value=value
                )
            )

    def _shape(self, number: int) -> tuple[int, int]:
        rows, columns = self._sides[number].values.shape
        return min(rows, MOST), min(columns, MOST)

    def _width(self, number: int) -> int:
        """px of a cell; the columns of right and result stand below each other."""
        numbers_of = (0,) if number == 0 else (1, 2)
        return max(cell_width(self._sides[one].values[:MOST, :MOST], small=True) for one in numbers_of)

    def _corner(self, number: int) -> QPointF:
        """Where a matrix begins."""
        x = 4.0 if number == 0 else 4 + self._shape(0)[1] * self._width(0) + _GAP
        y = 4.0 if number == 1 else 4 + self._shape(1)[0] * cell_height(True) + _GAP
        return QPointF(x, y)

    def sizeHint(self) -> QSize:
        if not self._sides:
            return QSize(200, 120)
        corner, (rows, columns) = self._corner(2), self._shape(2)
        return QSize(round(corner.x() + columns * self._width(2)) + 6, round(corner.y() + rows * cell_height(True)) + 6)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _rect(self, number: int, row: int, column: int) -> QRectF:
        corner, wide, high = self._corner(number), self._width(number), cell_height(True)
        return QRectF(corner.x() + column * wide, corner.y() + row * high, wide, high)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, side in enumerate(self._sides):
            rows, columns = self._shape(number)
            stamp = Stamp(painter, side.tint, self._width(number), cell_height(True))
            for (row, column), value in np.ndenumerate(side.values[:rows, :columns]):
                hit = (row == self.cell[0], column == self.cell[1], (row, column) == self.cell)[number]
                look = Look(chosen=hit) if number == 2 else Look(line=hit)
                corner = self._rect(number, row, column)
                stamp(corner.x(), corner.y(), value.item(), look)
        self._paint_names(painter)
        if self.hasFocus() and self._sides:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme().color("accent"), 2))
            painter.drawRoundedRect(self._rect(2, *self.cell).adjusted(-2, -2, 1, 1), 4, 4)

    def _paint_names(self, painter: QPainter) -> None:
        """In the empty corner above the left matrix."""
        if not self._sides:
            return
        painter.setFont(theme().font("small", mono=True))
        painter.setPen(theme().color("text_secondary"))
        room = QRectF(4, 4, self._corner(1).x() - 12, self._corner(0).y() - 8)
        left, right, _result = self._sides
        text = painter.fontMetrics().elidedText(
            f"{left.name} @ {right.name}", Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, text)

    # The hand -----------------------------------------------------------------------------------------------------

    def point(self, row: int, column: int) -> None:
        """Look at a cell of the result."""
        if self._sides and (row, column) != self.cell:
            self.cell = (row, column)
            self._tell()
            self.update()
            self.pointed.emit(row, column)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._sides:
            return
        corner, (rows, columns) = self._corner(2), self._shape(2)
        column = int((event.position().x() - corner.x()) // self._width(2))
        row = int((event.position().y() - corner.y()) // cell_height(True))
        if 0 <= row < rows and 0 <= column < columns:
            self.point(row, column)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._sides:
            event.ignore()
            return
        rows, columns = self._shape(2)
        self.point(min(max(self.cell[0] + step[0], 0), rows - 1), min(max(self.cell[1] + step[1], 0), columns - 1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()


class ProductView(QWidget):
    """The picture, and below it the arithmetic of the cell that is pointed at."""

    def __init__(self) -> None:
        super().__init__()
        self.picture, self.sum = ProductPicture(), QLabel()
        self.sum.setWordWrap(True)
        self.sum.setTextFormat(Qt.TextFormat.PlainText)
        self.sum.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 16, 8)
        column.setSpacing(8)
        column.addWidget(self.picture)
        column.addWidget(self.sum)
        column.addStretch(1)

    def show_product(self, told: Product) -> None:
        """One cell, as PyTorch adds it up."""
        self.sum.setText(sum_words(told))


def sum_words(told: Product) -> str:
    """ "0·10 + 1·20 = 20", cut off where it has many terms."""
    row, column = (numbers(one).tolist() for one in (told.row, told.column))
    terms = [f"{_factor(a)}·{_factor(b)}" for a, b in zip(row[:MOST_TERMS], column[:MOST_TERMS], strict=True)]
    if len(row) > MOST_TERMS:
        terms.append(_("… {n} more").format(n=len(row) - MOST_TERMS))
    products = [figure(one) for one in numbers(told.products).tolist()[:MOST_TERMS]]
    more = " + …" if len(row) > MOST_TERMS else ""
    return f"{' + '.join(terms)}\n= {' + '.join(products)}{more}\n= {figure(told.sum)}"


def _factor(value: float) -> str:
    text = figure(value)
    return f"({text})" if text.startswith("−") else text

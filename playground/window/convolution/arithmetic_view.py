"""Window × filter = products → sum: the arithmetic of one place, a cell at a time. A kernel can be painted in it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.text import _
from playground.window.convolution import colors
from playground.window.theme import theme

_MARGIN, _HEAD, _GAP, _LARGEST = 24, 24, 2, 48
_NARROW = 700  # px, below which signs and sum have less room
_SUM_LEAST, _SUM_MOST, _LINE = (170, 190), 300, 24
_BELOW = 20  # px of a line under a grid
_KEYS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
_STEPS = {Qt.Key.Key_PageUp: 0.1, Qt.Key.Key_PageDown: -0.1, Qt.Key.Key_Plus: 0.1}
_PX = 0.02  # by which a drag changes a cell for each px
_MOST = 1e4


class Grid(NamedTuple):
    """title, facts: above it;  values: (height, width);  lut: its colours;  signed: 0 is their middle
    low, high: the range of its colours, where they are not signed;  below: a line under it
    """

    title: str
    facts: str
    values: np.ndarray
    lut: str = "diverging"
    signed: bool = True
    low: float = 0.0
    high: float = 1.0
    below: str = ""


class Line(NamedTuple):
    """Of the sum. role: "" for an addend, "result" for what comes of them;  brief: the name where there is little room"""

    name: str
    value: str
    role: str = ""
    brief: str = ""


def kernel_sum(kernel: np.ndarray) -> str:
    """What the cells of a kernel add up to, in words."""
    total, size = float(kernel.sum(dtype=np.float64)), float(np.abs(kernel).sum(dtype=np.float64))
    noise = np.isfinite(total) and abs(total) <= 1e-6 * size  # what rounding leaves of cells that cancel
    return _("sum {figure}").format(figure=colors.short(0.0 if noise else total, 3))


class ArithmeticView(QWidget):
    """kernel_changed: (height, width) of the grid in the middle, after a person has painted in it"""

    kernel_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._grids: list[Grid] = []
        self._lines: list[Line] = []
        self._sum_title = ("", "")
        self._editable = False
        self._typed = ""
        self._drag: tuple[float, float] | None = None  # y of the pointer and the value, when it began
        self._hovered: tuple[int, int] | None = None
        self.current = (0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.updateGeometry)

    def show_place(
        self, grids: Sequence[Grid], title: tuple[str, str], lines: Sequence[Line], editable: bool = False
    ) -> None:
        """grids: window, filter, products;  title: of the sum, with what it is"""
        before = self._grids[1].values.shape if self._grids else None
        self._grids, self._sum_title, self._lines = list(grids), title, list(lines)
        self._editable = editable
        height, width = self._grids[1].values.shape
        self.current = min(self.current[0], height - 1), min(self.current[1], width - 1)
        if before != (height, width):
            self._typed = ""
            self.updateGeometry()
        self._describe()
        self.update()

    def clear(self) -> None:
        self._grids, self._lines = [], []
        self.update()

    @property
    def kernel(self) -> np.ndarray:
        """(height, width) of the grid in the middle."""
        return self._grids[1].values

    # Geometry -----------------------------------------------------------------------------------------------------

    @property
    def _sign(self) -> int:
        """px between two grids."""
        return 24 if self.width() < _NARROW else 36

    @property
    def _cell(self) -> float:
        """Side of a cell with its gap, px."""
        if not self._grids:
            return float(_LARGEST)
        height, width = self._grids[0].values.shape
        room = (
            self.width()
            - 2 * _MARGIN
            - 3 * self._sign
            - _SUM_LEAST[self.width() >= _NARROW] * min(1.3, theme().text_scale)
        )
        largest = _LARGEST * min(1.4, theme().text_scale)
        return max(5.0, min(largest, room / (3 * width), max(3.4 * largest / height, 18.0)))

    def sizeHint(self) -> QSize:
        high = self._grids[0].values.shape[0] if self._grids else 3
        lines = (len(self._lines) + 1) * _LINE * theme().text_scale
        grids = high * self._cell + (self._below_height if any(grid.below for grid in self._grids) else 0)
        return QSize(560, round(_HEAD * theme().text_scale + max(grids, lines) + 12))

    def minimumSizeHint(self) -> QSize:
        return QSize(300, self.sizeHint().height())

    def resizeEvent(self, event: QEvent) -> None:
        self.updateGeometry()

    def cell_rect(self, grid: int, row: int, column: int) -> QRectF:
        """Where a cell lies."""
        left, cell = self._left(grid), self._cell
        return QRectF(left + column * cell, self._top + row * cell, cell - _GAP, cell - _GAP)

    @property
    def _top(self) -> float:
        return _HEAD * theme().text_scale

    @property
    def _below_height(self) -> float:
        return _BELOW * theme().text_scale

    def below_rect(self, grid: int) -> QRectF:
        """Where the line under a grid stands, which may be longer than a narrow one is wide."""
        height, width = self._grids[grid].values.shape
        room = QRectF(self._left(grid), self._top + height * self._cell, width * self._cell - _GAP, self._below_height)
        return room.adjusted(-self._sign, 0, self._sign, 0)

    def _left(self, grid: int) -> float:
        width = self._grids[0].values.shape[1] if self._grids else 3
        return _MARGIN + grid * (width * self._cell + self._sign)

    def cell_at(self, point: QPointF) -> tuple[int, int, int] | None:
        """Grid, row and column under a point."""
        for number, grid in enumerate(self._grids):
            height, width = grid.values.shape
            column, row = (point.x() - self._left(number)) // self._cell, (point.y() - self._top) // self._cell
            if 0 <= row < height and 0 <= column < width:
                return number, int(row), int(column)
        return None

    # Drawing ------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._grids:
            return
        painter = QPainter(self)
        changed = QRectF(event.rect())
        for number in range(len(self._grids)):
            self._draw_grid(painter, number, changed)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, sign in enumerate(("×", "=", "→")):
            painter.setFont(theme().font("heading"))
            painter.setPen(theme().color("text_secondary"))
            room = QRectF(self._left(number + 1) - self._sign, self._top, self._sign - _GAP, self._cell)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, sign)
        self._draw_marks(painter)
        if changed.right() > self._left(3):
            self._draw_sum(painter)
        painter.end()

    def _draw_grid(self, painter: QPainter, number: int, changed: QRectF) -> None:
        grid, scale = self._grids[number], colors.scale_of(self._grids[number].values)
        levels = colors.signed(grid.values, scale) if grid.signed else colors.unsigned(grid.values, grid.low, grid.high)
        head = QRectF(self._left(number), 0, grid.values.shape[1] * self._cell + self._sign - 14, self._top - 4)
        _draw_head(painter, head, grid.title, grid.facts)
        font = theme().font("small" if self._cell >= 40 * theme().text_scale else "tick")
        metrics = QFontMetrics(font)
        left, cell = self._left(number), self._cell
        for (row, column), value in np.ndenumerate(grid.values):
            place = QRectF(left + column * cell, self._top + row * cell, cell - _GAP, cell - _GAP)
            if not place.intersects(changed):
                continue
            color = colors.color_of(int(levels[row, column]), grid.lut)
            painter.fillRect(place, color)
            text = self._text_of(number, row, column, float(value), metrics, place.width() - 2)
            if text:
                painter.setFont(font)
                painter.setPen(colors.ink_on(color))
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        if grid.below:
            painter.setFont(theme().font("small"))
            painter.setPen(theme().color("text_secondary"))
            painter.drawText(self.below_rect(number), Qt.AlignmentFlag.AlignCenter, grid.below)

    def _text_of(self, number: int, row: int, column: int, value: float, metrics: QFontMetrics, room: float) -> str:
        """With as many digits as have room; none where there is too little."""
        if number == 1 and self._typed and (row, column) == self.current:
            return self._typed + "▏"
        for digits in (2, 1, 0):
            text = colors.short(value, digits)
            if metrics.horizontalAdvance(text) <= room and metrics.height() <= room + 6:
                return text
        return ""

    def _draw_marks(self, painter: QPainter) -> None:
        """The same cell in all three: what is pointed at, and where the keyboard is."""
        for cell, token, width in ((self._hovered, "text_quiet", 1.0), (self.current if self.hasFocus() else None, "accent", 2.0)):  # fmt: skip
            if cell is None:
                continue
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for number in range(3):
                place = self.cell_rect(number, *cell)
                for pen in (QPen(theme().color("surface"), width + 2), QPen(theme().color(token), width)):
                    painter.setPen(pen)
                    painter.drawRoundedRect(place, 3, 3)

    def _draw_sum(self, painter: QPainter) -> None:
        left, scale = self._left(3), theme().text_scale
        width = min(_SUM_MOST * scale, self.width() - left - _MARGIN)
        _draw_head(painter, QRectF(left, 0, self.width() - left - 8, self._top - 4), *self._sum_title)
        high, y = _LINE * scale, self._top
        for line in self._lines:
            result = line.role == "result"
            if result:
                painter.setPen(QPen(theme().color("line_strong"), 1))
                painter.drawLine(QPointF(left, y + 1), QPointF(left + width, y + 1))
            room = QRectF(left, y, width, high + (6 if result else 0))
            painter.setFont(theme().font("figure" if result else "small", "semibold" if result else "regular"))
            painter.setPen(theme().color("accent" if result else "text"))
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, line.value)
            used = painter.fontMetrics().horizontalAdvance(line.value) + 8
            weight = "semibold" if result else "regular"
            painter.setFont(theme().font("small", weight))
            painter.setPen(theme().color("text" if result else "text_secondary"))
            fits = painter.fontMetrics().horizontalAdvance(line.name) <= room.width() - used
            name = theme().elided(line.name if fits else line.brief or line.name, room.width() - used, "small", weight)[
                0
            ]
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
            y = room.bottom()

    # Pointer and keyboard -----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self.cell_at(event.position())
        if found is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._commit()
        self._move_to(found[1:])
        if self._editable and found[0] == 1:
            self._drag = event.position().y(), float(self.kernel[self.current])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            began, value = self._drag
            self._set(round(value + _PX * (began - event.position().y()), 2))
            return
        found = self.cell_at(event.position())
        hovered = found[1:] if found else None
        if hovered != self._hovered:
            self._hovered = hovered
            self.setToolTip(self._words_of(hovered) if hovered else "")
            drags = self._editable and found is not None and found[0] == 1
            self.setCursor(Qt.CursorShape.SizeVerCursor if drags else Qt.CursorShape.ArrowCursor)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = None

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._grids or not self._handle(event.key(), event.text()):
            super().keyPressEvent(event)

    def _handle(self, key: int, text: str) -> bool:
        if key in _KEYS:
            self._commit()
            height, width = self.kernel.shape
            down, right = _KEYS[Qt.Key(key)]
            self._move_to(
                (min(max(0, self.current[0] + down), height - 1), min(max(0, self.current[1] + right), width - 1))
            )
        elif not self._editable:
            return False
        elif key in _STEPS and not self._typed:
            self._set(round(float(self.kernel[self.current]) + _STEPS[Qt.Key(key)], 2))
        elif text and text in "0123456789.,-−":
            self._typed = (self._typed + text.replace(",", ".").replace("-", "−"))[:8]
            self.update()
        elif key == Qt.Key.Key_Backspace and self._typed:
            self._typed = self._typed[:-1]
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._typed:
            self._commit()
        elif key == Qt.Key.Key_Escape and self._typed:
            self._typed = ""
            self.update()
        elif key == Qt.Key.Key_Delete:
            self._typed = ""
            self._set(0.0)
        else:
            return False
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._commit()
        self.update()

    def _commit(self) -> None:
        """Take what was typed, where it is a number."""
        typed, self._typed = self._typed.replace("−", "-"), ""
        try:
            value = float(typed)
        except ValueError:
            self.update()
            return
        self._set(value)

    def _set(self, value: float) -> None:
        kernel = np.array(self.kernel, np.float32)
        kernel[self.current] = min(_MOST, max(-_MOST, value))
        below = kernel_sum(kernel)  # at once; the rest follows with the answer
        self._grids[1] = self._grids[1]._replace(values=kernel, below=below)
        self._describe()
        self.update(self.cell_rect(1, *self.current).toAlignedRect().adjusted(-4, -4, 4, 4))
        self.update(self.below_rect(1).toAlignedRect())
        self.kernel_changed.emit(kernel)

    def _move_to(self, cell: tuple[int, ...]) -> None:
        self.current = (cell[0], cell[1])
        self._describe()
        self.update()

    def _words_of(self, cell: tuple[int, int]) -> str:
        """ "[0, 1]  1.71 × −0.31 = −0.54" """
        window, weight, product = (colors.short(float(grid.values[cell]), 3) for grid in self._grids)
        return f"[{cell[0]}, {cell[1]}]  {window} × {weight} = {product}"

    def _describe(self) -> None:
        """What a screen reader says: where the keyboard is."""
        words = self._words_of(self.current) if self._grids else ""
        self.setAccessibleName(_("Window times filter") + (f", {words}" if words else ""))
        said = [_("kernel: {text}").format(text=grid.below) for grid in self._grids[1:2] if grid.below]
        self.setAccessibleDescription(", ".join(said + [f"{line.name} {line.value}" for line in self._lines]))


def _draw_head(painter: QPainter, room: QRectF, title: str, facts: str) -> None:
    painter.setFont(theme().font("base", "semibold"))
    painter.setPen(theme().color("text"))
    shown, used = theme().elided(title, room.width(), "base", "semibold")
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
    rest = room.adjusted(used + 8, 0, 0, 0)
    painter.setFont(theme().font("small"))
    if facts and painter.fontMetrics().horizontalAdvance(facts) <= rest.width():
        painter.setPen(QColor(theme().color("text_quiet")))
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, facts)

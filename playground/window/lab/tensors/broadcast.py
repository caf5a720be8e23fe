"""Broadcasting: the two tensors with what is stretched drawn dashed, their result, and the two shapes laid on each other."""

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.lab.told import Axis, Broadcast
from playground.core.text import _
from playground.window.lab.tensors.painting import Look, Stamp, Tint, cell_height, cell_width
from playground.window.lab.tensors.words import sizes
from playground.window.theme import theme

MOST_ROWS, MOST_COLUMNS = 5, 6
_SIGN = 28  # px for a sign between two tensors
_LEAST = 46  # px of a tensor, for its name


class Side(NamedTuple):
    """What is drawn of a tensor. name: as typed;  values: (rows, columns) as stored, their first;  tint: its colours"""

    name: str
    values: np.ndarray
    tint: Tint


class BroadcastPicture(QWidget):
    """left sign right = result."""

    def __init__(self) -> None:
        super().__init__()
        self._told: Broadcast | None = None
        self._sides: tuple[Side, ...] = ()
        self._sign = "+"
        self._parts: list[tuple[tuple[np.ndarray, bool, bool], int]] = []  # what is drawn, and px of a cell
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_pair(self, told: Broadcast, sides: tuple[Side, Side, Side], sign: str) -> None:
        """sides: left, right, result"""
        self._told, self._sides, self._sign = told, sides, sign
        self._parts = [(drawn := self._drawn(number), _wide(drawn[0])) for number in range(3)]
        self.setAccessibleName(self.words())
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """The picture in words."""
        if self._told is None:
            return ""
        said = [f"{self._sides[0].name} {self._sign} {self._sides[1].name}", self._told.sentence]
        for place, axis in enumerate(self._told.axes):
            for side, stretched in ((self._sides[0], axis.left_stretched), (self._sides[1], axis.right_stretched)):
                if stretched:
                    said.append(
                        _("{name} is stretched to {n} along axis {axis}").format(
                            name=side.name, n=axis.result, axis=place
                        )
                    )
        return ". ".join(said)

    def _last_two(self) -> tuple[Axis, Axis]:
        none = Axis(None, None, 1)
        return (none, none, *(self._told.axes if self._told else ()))[-2:]  # type: ignore[return-value]

    def _drawn(self, number: int) -> tuple[np.ndarray, bool, bool]:
        """Values of a side at the size of the result, and whether its rows and columns are stretched."""
        side = self._sides[number]
        down, across = self._last_two()
        rows = min(down.result or 1, MOST_ROWS) if len(self._told.axes if self._told else ()) > 1 else 1
        columns = min(across.result or 1, MOST_COLUMNS)
        if number == 2:
            return side.values[:rows, :columns], False, False
        stretched = [(one.left_stretched, one.right_stretched)[number] for one in (down, across)]
        values = side.values[: 1 if stretched[0] else rows, : 1 if stretched[1] else columns]
        if not values.size:
            return values, False, False
        return np.broadcast_to(values, (rows, columns)), stretched[0], stretched[1]

    def sizeHint(self) -> QSize:
        wide = sum(max(each * drawn[0].shape[1], _LEAST) for drawn, each in self._parts) + 2 * _SIGN + 8
        rows = max((drawn[0].shape[0] for drawn, _each in self._parts), default=1)
        return QSize(wide, rows * cell_height(True) + self._caption() + 8)

    def _caption(self) -> int:
        return round(18 * theme().text_scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = 2
        for number, side in enumerate(self._sides):
            (values, *stretched), each = self._parts[number]
            painter.setFont(theme().font("tick", mono=True))
            painter.setPen(theme().color("text_secondary"))
            wide = max(each * values.shape[1], _LEAST)
            name = painter.fontMetrics().elidedText(side.name, Qt.TextElideMode.ElideRight, wide + _SIGN - 6)
            painter.drawText(QRectF(x, 0, wide + _SIGN, self._caption()), Qt.AlignmentFlag.AlignVCenter, name)
            self._paint_side(painter, x, each, values, side.tint, stretched)
            x += wide
            if number < 2:
                painter.setFont(theme().font("base", "medium"))
                painter.setPen(theme().color("text_secondary"))
                sign = {"*": "×", "-": "−", "/": "÷"}.get(self._sign, self._sign) if number == 0 else "="
                high = values.shape[0] * cell_height(True)
                painter.drawText(QRectF(x, self._caption(), _SIGN, high), Qt.AlignmentFlag.AlignCenter, sign)
                x += _SIGN

    def _paint_side(
        self, painter: QPainter, x: int, wide: int, values: np.ndarray, tint: Tint, stretched: list[bool]
    ) -> None:
        high = cell_height(True)
        stamp = Stamp(painter, tint, wide, high)
        for row, line in enumerate(values.tolist()):
            for column, value in enumerate(line):
                dashed = (stretched[0] and row > 0) or (stretched[1] and column > 0)
                stamp(x + column * wide, self._caption() + row * high, value, Look(dashed=dashed))


class Alignment(QWidget):
    """The two shapes and the result's, one below the other, aligned from the right."""

    def __init__(self) -> None:
        super().__init__()
        self._told: Broadcast | None = None
        self._names = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_axes(self, told: Broadcast, names: tuple[str, str]) -> None:
        self._told, self._names = told, names
        said = _("{left} and {right} laid on each other from the right: {axes}")
        axes = "; ".join(f"{_size(one.left)}, {_size(one.right)} → {_size(one.result)}" for one in told.axes)
        self.setAccessibleName(said.format(left=names[0], right=names[1], axes=axes))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 3 * self._line() + 4)

    def _line(self) -> int:
        return round(22 * theme().text_scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._told is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, name_wide, wide = self._line(), round(110 * theme().text_scale), round(60 * theme().text_scale)
        names = (*self._names, _("result"))
        for row, name in enumerate(names):
            painter.setFont(theme().font("small", mono=row < 2))
            painter.setPen(theme().color("text_secondary"))
            cut = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, name_wide - 8)
            painter.drawText(QRectF(2, 2 + row * line, name_wide, line), Qt.AlignmentFlag.AlignVCenter, cut)
            for number, axis in enumerate(self._told.axes):
                rect = QRectF(name_wide + number * wide, 3 + row * line, wide - 4, line - 3)
                self._paint_size(painter, rect, axis, row)

    def _paint_size(self, painter: QPainter, rect: QRectF, axis: Axis, row: int) -> None:
        size = (axis.left, axis.right, axis.result)[row]
        stretched = (axis.left_stretched, axis.right_stretched, False)[row]
        wrong = axis.result is None
        painter.setBrush(theme().color("error_tint" if wrong else "surface" if stretched else "sunken"))
        style = Qt.PenStyle.DashLine if stretched else Qt.PenStyle.SolidLine
        painter.setPen(
            QPen(theme().color("error" if wrong else "text_quiet" if stretched else "line_strong"), 1, style)
        )
        painter.drawRoundedRect(rect, 3, 3)
        painter.setFont(theme().font("small", "medium"))
        painter.setPen(theme().color("error" if wrong else "text"))
        text = _size(size) if not (wrong and row == 2) else "?"
        if stretched and axis.result is not None:
            text = f"{text} → {axis.result}"
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def _wide(values: np.ndarray) -> int:
    """px of a cell."""
    return cell_width(values, small=True) if values.size else 30


def _size(size: int | None) -> str:
    return "–" if size is None else sizes((size,))

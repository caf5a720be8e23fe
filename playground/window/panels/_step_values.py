"""The values of a tensor as a picture: 0 at the middle of the colours. A click chooses one of them."""

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.core.text import _
from playground.window.data.drawing import image_of
from playground.window.plots.axis import figure_text
from playground.window.plots.colorbar import draw_color_bar
from playground.window.theme import theme

_MARGIN, _CAPTION, _LARGEST = 16, 22, 24  # px; the largest square of a value


class _Laid(NamedTuple):
    """Maps of height × width in columns, so many empty squares apart, a square of `side` px a value."""

    height: int
    width: int
    maps: int
    columns: int
    gap: int
    side: float

    @property
    def size(self) -> tuple[int, int]:
        """Squares across and down."""
        lines = -(-self.maps // self.columns)
        return self.columns * (self.width + self.gap) - self.gap, lines * (self.height + self.gap) - self.gap

    def square(self, flat: int) -> tuple[int, int]:
        """Where a value lies, in squares."""
        number, rest = divmod(flat, self.height * self.width)
        line, column = divmod(number, self.columns)
        row, across = divmod(rest, self.width)
        return column * (self.width + self.gap) + across, line * (self.height + self.gap) + row


def laid(shape: tuple[int, ...], width: float, height: float) -> _Laid:
    """How the values of a tensor fill a room: kernels as tiles, a matrix as one, a row of values folded."""
    down, across = (shape[-2], shape[-1]) if len(shape) > 1 else (1, 1)
    maps = max(1, int(np.prod(shape, dtype=int)) // (down * across))
    gap = 1 if len(shape) > 2 and maps > 1 else 0
    best = _Laid(down, across, maps, 1, gap, 0.0)
    for columns in range(1, maps + 1):
        one = best._replace(columns=columns)
        wide, high = one.size
        side = min(width / wide, height / high, _LARGEST)
        side = float(int(side)) if side >= 1 else side
        if side > best.side:
            best = one._replace(side=side)
    return best


class ValuesView(QWidget):
    """chosen: the place of the value that was clicked, among all of the tensor"""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._values = np.empty(0, np.float32)
        self._shape: tuple[int, ...] = ()  # of those values
        self._whole: tuple[int, ...] = ()  # of the tensor
        self._places = np.empty(0, np.int64)
        self._marked: int | None = None
        self.setMouseTracking(True)
        self.setMinimumHeight(72)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_values(
        self, values: np.ndarray, shape: tuple[int, ...], whole: tuple[int, ...], places: np.ndarray, marked: int
    ) -> None:
        """Some values of a tensor. shape: of them together;  whole: of the tensor;  places: of each, and of the one that
        is marked, among all"""
        self._values, self._shape, self._whole, self._places = values, shape, whole, places
        found = np.flatnonzero(places == marked)
        self._marked = int(found[0]) if len(found) else None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 140)

    @property
    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_MARGIN, 4, -_MARGIN, -_CAPTION)

    def _laid(self) -> _Laid:
        return laid(self._shape, max(8.0, self._room.width()), max(8.0, self._room.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not len(self._values):
            return
        painter = QPainter(self)
        plan, room = self._laid(), self._room
        finite = np.abs(self._values[np.isfinite(self._values)])
        largest = float(finite.max()) if finite.size else 0.0
        picture = self._picture(plan, largest or 1.0)
        place = QRectF(room.x(), room.y(), picture.width() * plan.side, picture.height() * plan.side)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, plan.side < 1)
        painter.drawImage(place, picture)
        if self._marked is not None:
            across, down = plan.square(self._marked)
            square = QRectF(room.x() + across * plan.side, room.y() + down * plan.side, plan.side, plan.side)
            painter.setPen(QPen(theme().color("text"), 2))
            painter.drawRect(square.adjusted(-1, -1, 1, 1) if plan.side < 8 else square)
        self._draw_caption(painter, QRectF(room.x(), place.bottom() + 4, room.width(), 16), largest)
        painter.end()

    def _picture(self, plan: _Laid, largest: float) -> QImage:
        """A pixel a value."""
        wide, high = plan.size
        surface = theme().color("surface")
        pixels = np.empty((high, wide, 3), np.uint8)
        pixels[:] = (surface.red(), surface.green(), surface.blue())
        levels = np.clip(np.rint((np.nan_to_num(self._values) / largest + 1) * 127.5), 0, 255).astype(np.uint8)
        size = plan.height * plan.width
        colors = theme().lut("diverging")[levels.reshape(plan.maps, plan.height, plan.width)]
        for number, one in enumerate(colors):
            left, top = plan.square(number * size)
            pixels[top : top + plan.height, left : left + plan.width] = one
        return image_of(pixels)

    def _draw_caption(self, painter: QPainter, room: QRectF, largest: float) -> None:
        text, whole = figure_text(largest, 3), int(np.prod(self._whole, dtype=int))
        low = f"−{text}" if largest else text
        used = painter.fontMetrics().horizontalAdvance(low + text) + 140
        draw_color_bar(painter, room, "diverging", low, text, longest=96)
        if len(self._values) < whole:
            said = _("{count:,} of {total:,} values").format(count=len(self._values), total=whole)
            beside = room.adjusted(used, 0, 0, 0)
            painter.setPen(theme().color("text_quiet"))
            if painter.fontMetrics().horizontalAdvance(said) <= beside.width():
                painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter, said)

    def flat_at(self, x: float, y: float) -> int | None:
        """Which of the values lies under a point."""
        if not len(self._values):
            return None
        plan, room = self._laid(), self._room
        across, down = int((x - room.x()) // plan.side), int((y - room.y()) // plan.side)
        column, inside_x = divmod(across, plan.width + plan.gap)
        line, inside_y = divmod(down, plan.height + plan.gap)
        number = line * plan.columns + column
        if across < 0 or down < 0 or column >= plan.columns or number >= plan.maps:
            return None
        if inside_x >= plan.width or inside_y >= plan.height:
            return None
        return (number * plan.height + inside_y) * plan.width + inside_x

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        flat = self.flat_at(event.position().x(), event.position().y())
        if flat is None:
            QToolTip.hideText()
            return
        place = int(self._places[flat])
        index = ", ".join(str(int(one)) for one in np.unravel_index(place, self._whole or (1,)))
        QToolTip.showText(event.globalPosition().toPoint(), f"[{index}]  {figure_text(self._values[flat], 4)}", self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        flat = self.flat_at(event.position().x(), event.position().y())
        if flat is not None:
            self.chosen.emit(int(self._places[flat]))

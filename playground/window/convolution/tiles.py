"""Rows of small pictures of which one is chosen: the filters of a layer, the channels of its input."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.window.convolution import colors
from playground.window.theme import theme

_PAD, _GAP = 5, 8  # room for the ring


class TileStrip(QWidget):
    """chosen: the number of the tile that a person chose. Only as many are drawn as have room, around the chosen one."""

    chosen = Signal(int)

    def __init__(self, name: str, side: int, captions: bool = False) -> None:
        """name: for screen readers;  side: of a tile, px;  captions: a line of text below each"""
        super().__init__()
        self._name, self._side, self._has_captions = name, side, captions
        self._images: list[QImage] = []
        self._captions: list[str] = []
        self._values = np.empty((0, 1, 1), np.float32)
        self._lut, self._is_signed, self._first_number = "diverging", True, 0
        self.current = self._total = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.recolor)

    def show_tiles(
        self,
        values: np.ndarray,
        lut: str,
        current: int,
        captions: Sequence[str] = (),
        first: int = 0,
        total: int | None = None,
    ) -> None:
        """values: (count, height, width), "diverging" ones all on one scale;  first: the number of the first of them
        total: how many there are, where these are some of them
        """
        same = values is self._values and lut == self._lut
        self._values, self._lut, self._is_signed = values, lut, lut == "diverging"
        self._captions, self._first_number, self.current = list(captions), first, current
        self._total = first + len(values) if total is None else total
        if not same:
            self.recolor()
        self._describe()
        self.updateGeometry()
        self.update()

    def recolor(self) -> None:
        if len(self._values):
            scale, (low, high) = colors.scale_of(self._values), colors.range_of(self._values)
            levels = colors.signed(self._values, scale) if self._is_signed else colors.unsigned(self._values, low, high)
            self._images = [colors.image(one, self._lut) for one in levels]
        self.update()

    @property
    def count(self) -> int:
        return len(self._values)

    def _pitch(self) -> int:
        return self._side + _GAP + (round(14 * theme().text_scale) if self._has_captions else 0)

    def _high(self) -> int:
        return self._side + 2 * _PAD + (round(16 * theme().text_scale) if self._has_captions else 0)

    def sizeHint(self) -> QSize:
        return QSize(2 * _PAD + min(max(1, self.count), 12) * self._pitch(), self._high())

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * _PAD + min(max(1, self.count), 3) * self._pitch(), self._high())

    def _shown(self) -> range:
        """Places of the tiles that have room."""
        room = max(1, (self.width() - 2 * _PAD + _GAP) // self._pitch())
        place = self.current - self._first_number
        begin = min(max(0, place - room // 2), max(0, self.count - room))
        return range(begin, min(self.count, begin + room))

    def tile(self, place: int) -> QRectF:
        """place: from 0, of the tile among all"""
        left = _PAD + (place - self._shown().start) * self._pitch()
        return QRectF(left, _PAD, self._side, self._side)

    def place_at(self, x: float) -> int | None:
        return next(
            (place for place in self._shown() if self.tile(place).left() <= x <= self.tile(place).right()), None
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place in self._shown():
            tile = self.tile(place)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.drawImage(tile, self._images[place])
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if place + self._first_number == self.current:
                painter.setPen(QPen(theme().color("accent"), 2))
                painter.drawRoundedRect(tile.adjusted(-3, -3, 3, 3), 4, 4)
                if self.hasFocus():
                    painter.setPen(QPen(theme().color("text"), 1, Qt.PenStyle.DotLine))
                    painter.drawRoundedRect(tile.adjusted(-1, -1, 1, 1), 2, 2)
            if place < len(self._captions):
                painter.setFont(theme().font("tick"))
                painter.setPen(theme().color("text_secondary"))
                below = QRectF(tile.x() - 3, tile.bottom() + 4, self._pitch(), 14 * theme().text_scale)
                painter.drawText(
                    below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._captions[place]
                )
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().x())
        if place is not None:
            self._wish(place + self._first_number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        wishes = {
            Qt.Key.Key_Left: self.current - 1, Qt.Key.Key_Right: self.current + 1,
            Qt.Key.Key_Home: 0, Qt.Key.Key_End: self._total - 1,
        }  # fmt: skip
        if event.key() in wishes:
            self._wish(wishes[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _wish(self, number: int) -> None:
        if number != self.current and 0 <= number < self._total:
            self.current = number
            self._describe()
            self.update()
            self.chosen.emit(number)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            place = self.place_at(event.pos().x())
            QToolTip.showText(
                event.globalPos(), "" if place is None else f"{self._name} {place + self._first_number}", self
            )
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _describe(self) -> None:
        place = self.current - self._first_number
        caption = f", {self._captions[place]}" if 0 <= place < len(self._captions) else ""
        self.setAccessibleName(f"{self._name} {self.current}{caption}")

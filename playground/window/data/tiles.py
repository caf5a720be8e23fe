"""The grid of samples: a part of any size, of which only what is in sight is asked for and drawn."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip

from playground.core.messages import Samples
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.session.history import numbers
from playground.window.data import drawing
from playground.window.data.drawing import Scale
from playground.window.theme import theme

PAGE = 64  # samples in one question
MOST_PAGES = 32  # that are kept as images
_MARGIN, _GAP = 12, 8
_KEYS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}

Fetch = Callable[[int, int], Samples | None]  # first, count


class One(NamedTuple):
    """A sample: its values, its target, its number in the part."""

    values: np.ndarray
    target: float
    number: int


class _Page(NamedTuple):
    answer: Samples
    values: np.ndarray
    targets: np.ndarray
    images: list[QImage]


class TileGrid(QAbstractScrollArea):
    """chosen: position of the sample that a person chose, among those that are shown"""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Samples"))
        self.spec: DatasetSpec | None = None
        self.total, self.current = 0, 0
        self._fetch: Fetch = lambda _first, _count: None
        self._scale = Scale(0, 1)
        self._pages: dict[int, _Page] = {}
        self.verticalScrollBar().valueChanged.connect(self.viewport().update)

    def show_samples(self, spec: DatasetSpec, total: int, scale: Scale, fetch: Fetch) -> None:
        """Show these samples from now on. fetch: what is known of them, None while it is not"""
        self.spec, self.total, self._scale, self._fetch = spec, total, scale, fetch
        self._pages.clear()
        self.current = min(self.current, max(0, total - 1))
        self._measure()
        self.viewport().update()

    def at(self, position: int) -> One | None:
        """A sample, as soon as it is known."""
        page = self._page(position // PAGE) if 0 <= position < self.total else None
        place = position % PAGE
        if page is None or place >= len(page.values):
            return None
        return One(page.values[place], float(page.targets[place]), page.answer.numbers[place])

    def choose(self, position: int) -> None:
        """Make a sample the current one, and bring it into sight."""
        if not 0 <= position < self.total:
            return
        self.current = position
        tile = self._tile(position).translated(0, self._offset)
        bar = self.verticalScrollBar()
        if tile.top() < bar.value():
            bar.setValue(int(tile.top()) - _GAP)
        elif tile.bottom() + self._caption > bar.value() + self.viewport().height():
            bar.setValue(int(tile.bottom() + self._caption + _GAP) - self.viewport().height())
        self.viewport().update()

    def refresh(self) -> None:
        """Draw what is known now."""
        self.viewport().update()

    # Geometry -----------------------------------------------------------------------------------------------------

    @property
    def _caption(self) -> int:
        return 0 if self._is_text else theme().tokens["font"]["line_px"]["tick"] + 2

    @property
    def _is_text(self) -> bool:
        return self.spec is not None and self.spec.kind == "text"

    @property
    def _tile_size(self) -> tuple[int, int]:
        """Width and height of a tile, px."""
        room = self.viewport().width() - 2 * _MARGIN
        if self._is_text:
            return max(120, room), theme().size("row")
        if self.spec is not None and self.spec.kind == "series":
            return min(150, room), 56
        longest = max((len(name) for name in self.spec.classes), default=0) if self.spec else 0
        side = theme().tokens["tile"]["sample"]
        return (side, side) if longest <= 4 else (side + 20, side + 20)

    @property
    def columns(self) -> int:
        """Tiles in a line."""
        return max(1, (self.viewport().width() - 2 * _MARGIN + _GAP) // (self._tile_size[0] + _GAP))

    @property
    def _pitch(self) -> int:
        """From one line to the next, px."""
        return self._tile_size[1] + self._caption + (0 if self._is_text else _GAP - 2)

    @property
    def _offset(self) -> int:
        return self.verticalScrollBar().value()

    def _tile(self, position: int) -> QRectF:
        """Where a tile lies in the viewport."""
        line, column = divmod(position, self.columns)
        width, height = self._tile_size
        return QRectF(_MARGIN + column * (width + _GAP), 8 + line * self._pitch - self._offset, width, height)

    def position_at(self, point: QPoint) -> int | None:
        """The sample under a point of the viewport."""
        width, _height = self._tile_size
        column, inside = divmod(point.x() - _MARGIN, width + _GAP)
        line = (point.y() - 8 + self._offset) // self._pitch
        if not 0 <= column < self.columns or inside >= width or line < 0:
            return None
        position = int(line * self.columns + column)
        return position if position < self.total else None

    def _measure(self) -> None:
        lines = -(-self.total // self.columns)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, 16 + lines * self._pitch - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(self._pitch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    # Drawing ------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        if not self.total:
            drawing.draw_sentence(painter, QRectF(self.viewport().rect()), _("This part has no such samples."))
            return
        first = self._offset // self._pitch * self.columns
        last = (self._offset + self.viewport().height()) // self._pitch * self.columns + self.columns
        for position in range(first, min(last, self.total)):
            self._draw_tile(painter, position)

    def _draw_tile(self, painter: QPainter, position: int) -> None:
        tile = self._tile(position)
        page, place = self._page(position // PAGE), position % PAGE
        if page is None or place >= len(page.values):
            painter.fillRect(tile.adjusted(0, 1, 0, -1), theme().color("sunken"))
            return
        name = drawing.class_name(float(page.targets[place]), self.spec)
        chosen = position == self.current
        if self._is_text:
            self._draw_text(painter, tile, page.values[place], name, chosen)
            return
        if page.images:
            drawing.draw_image(painter, tile, page.images[place])
        else:
            painter.fillRect(tile, theme().color("sunken"))
            drawing.draw_series(painter, tile.adjusted(4, 6, -4, -6), page.values[place], self._scale)
        if chosen:
            self._draw_ring(painter, tile)
        painter.setFont(theme().font("tick", "medium" if chosen else "regular"))
        painter.setPen(theme().color("accent" if chosen else "text_secondary"))
        below = QRectF(tile.x(), tile.bottom() + 1, tile.width(), self._caption)
        name = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(below.width()))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, name)

    def _draw_text(self, painter: QPainter, tile: QRectF, values: np.ndarray, name: str, chosen: bool) -> None:
        if chosen:
            painter.fillRect(tile, theme().color("accent_tint"))
        painter.setFont(theme().font("small", mono=True))
        painter.setPen(theme().color("text"))
        text = drawing.text_of(values, self.spec.classes if self.spec else ())
        room = tile.adjusted(8, 0, -48, 0)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideLeft, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.setPen(theme().color("accent"))
        painter.drawText(tile.adjusted(0, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, name)

    def _draw_ring(self, painter: QPainter, tile: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(tile.adjusted(-2, -2, 2, 2), 3, 3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _page(self, number: int) -> _Page | None:
        known = self._pages.get(number)
        if known is not None:
            return known
        answer = self._fetch(number * PAGE, PAGE)
        if answer is None:
            return None
        values = numbers(answer.inputs)
        is_picture = values.ndim == 4
        page = _Page(answer, values, numbers(answer.targets), drawing.images(values, self._scale) if is_picture else [])
        while len(self._pages) >= MOST_PAGES:
            del self._pages[next(iter(self._pages))]
        self._pages[number] = page
        return page

    # Pointer and keyboard -----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = self.position_at(event.position().toPoint())
        if position is not None:
            self._take(position)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _KEYS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._take(min(max(0, self.current + step[0] + step[1] * self.columns), max(0, self.total - 1)))

    def _take(self, position: int) -> None:
        self.choose(position)
        self.chosen.emit(position)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            position = self.position_at(event.pos())
            one = self.at(position) if position is not None else None
            if one is None:
                QToolTip.hideText()
            else:
                name = drawing.class_name(one.target, self.spec)
                text = _("sample {number:,}: {name}").format(number=one.number, name=name)
                QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().viewportEvent(event)

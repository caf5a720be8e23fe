"""The whole of a long network beside its list: a bar a row, as wide as its output is large. Click or drag to scroll."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragMoveEvent,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from playground.core.layers import LAYERS
from playground.core.network import Path
from playground.core.report import Row
from playground.core.text import _
from playground.window.layer_list import clipboard
from playground.window.layer_list.view import LayerListView
from playground.window.theme import theme

LONG = 2.0  # heights of the list that its rows must fill before the map is worth its room
WIDTH = 36
_LEFT, _RIGHT, _LEVEL = 6, 4, 3  # px of free room, and of a level of blocks
_NARROWEST = 3
# Families whose layers have weights stand out, each in one of the colours of lines that stand for layers.
_LINES = {"Convolution": 1, "Linear": 2, "Sequence": 0, "Normalisation": 4}


class Bar(NamedTuple):
    """A row in the map, in px of it."""

    path: Path
    top: float
    height: float


class MiniMap(QWidget):
    """Takes the place of the scroll bar where the network is long, and is hidden where it is not."""

    def __init__(self, view: LayerListView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view, self._bar = view, view.verticalScrollBar()
        self._picture: QPixmap | None = None
        self._bars: list[Bar] = []  # of the picture
        self._errors: list[QRect] = []  # where rows are that do not fit
        self._grip = 0.0  # px between the upper edge of the frame and where it was taken
        self.setFixedWidth(WIDTH)
        self.setAcceptDrops(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(_("Map of the network"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.hide()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._come_or_go)
        view.installEventFilter(self)
        self._bar.rangeChanged.connect(self._on_rows_changed)
        self._bar.valueChanged.connect(self.update)
        view.layers.dataChanged.connect(self._on_rows_changed)
        view.layers.modelReset.connect(self._on_rows_changed)
        view.selectionModel().selectionChanged.connect(self.update)
        theme().changed.connect(self._on_rows_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._on_rows_changed()
        return False

    # Where things are ---------------------------------------------------------------------------------------------

    @property
    def rows_height(self) -> int:
        """Of all rows of the list in px."""
        return self._bar.maximum() + self._bar.pageStep()

    @property
    def frame(self) -> QRect:
        """What of the network is in sight."""
        top, height = self._bar.value() * self._scale, self._bar.pageStep() * self._scale
        return QRect(0, math.floor(top), self.width(), max(8, round(height)))

    @property
    def _scale(self) -> float:
        return self.height() / max(1, self.rows_height)

    def bars(self) -> Iterator[Bar]:
        """The rows from top to bottom, without those that are folded away or filtered out."""
        scale, top = self._scale, theme().size("row_input")
        for path, height in self._view.heights():
            yield Bar(path, top * scale, height * scale)
            top += height

    def _on_rows_changed(self, *_news: object) -> None:
        self._picture = None
        self._soon.start()
        self.update()

    def _come_or_go(self) -> None:
        """In a turn of its own: shown while the list is being laid out, it would lie on top of it."""
        long = self._bar.maximum() > 0 and self.rows_height > LONG * self._bar.pageStep()
        if long == self.isHidden():
            policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if long else Qt.ScrollBarPolicy.ScrollBarAsNeeded
            self._view.setVerticalScrollBarPolicy(policy)
            self.setVisible(long)

    # Painting -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        if self._picture is None or self._picture.size() != self.size() * ratio:
            self._picture = self._painted(ratio)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        self._paint_selection(painter)
        self._paint_frame(painter)
        for place in self._errors:  # above all others, where rows are thin
            painter.fillRect(place, theme().color("error"))

    def _paint_frame(self, painter: QPainter) -> None:
        """What is not in sight is pale."""
        frame, veil = self.frame, theme().color("surface")
        veil.setAlphaF(theme().tokens["opacity"]["veil"])
        painter.fillRect(1, 0, self.width(), frame.top(), veil)
        painter.fillRect(1, frame.bottom() + 1, self.width(), self.height(), veil)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color("accent"), 1.5))
        painter.drawRoundedRect(QRectF(frame).adjusted(2, 0.5, -1.5, -0.5), 3, 3)

    def _painted(self, ratio: float) -> QPixmap:
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme().color("surface"))
        painter = QPainter(picture)
        painter.fillRect(0, 0, 1, self.height(), theme().color("line"))
        self._bars = list(self.bars())
        rows = [self._view.layers.row(bar.path) for bar in self._bars]
        amounts = [math.log2(1 + math.prod(row.output_shape)) if row and row.output_shape else 0.0 for row in rows]
        largest = max(amounts, default=0.0) or 1.0
        colours = self._colours()
        self._errors = []
        for bar, row, amount in zip(self._bars, rows, amounts, strict=True):
            top, height = round(bar.top), max(1, round(bar.height * 0.72))
            left = _LEFT + _LEVEL * (len(bar.path) - 1)
            if row and row.error:
                self._errors.append(QRect(1, top, self.width() - 1, max(3, height)))
                continue
            width = max(_NARROWEST, round((self.width() - left - _RIGHT) * amount / largest))
            painter.fillRect(left, top, width, height, colours[self._kind(bar.path, row)])
        painter.end()
        return picture

    def _paint_selection(self, painter: QPainter) -> None:
        selected = set(self._view.selected_paths())
        for bar in self._bars:
            if bar.path in selected:
                painter.fillRect(1, round(bar.top), 3, max(2, round(bar.height)), theme().color("accent"))

    def _kind(self, path: Path, row: Row | None) -> str:
        """What a bar is coloured by: a family whose layers have weights, "warning", "off", or nothing of that."""
        if self._view.layers.text(path).disabled:
            return "off"
        if row and row.warnings:
            return "warning"
        spec = LAYERS.get(row.layer) if row else None
        return spec.family if spec is not None and spec.family in _LINES else ""

    def _colours(self) -> dict[str, QColor]:
        lines = theme().layer_lines()
        colours = {family: lines[number % len(lines)] for family, number in _LINES.items()}
        return colours | {
            "off": theme().color("line"),
            "warning": theme().color("warning"),
            "": theme().color("line_strong"),
        }

    # Scrolling ----------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        y, frame = event.position().y(), self.frame
        inside = frame.top() <= y <= frame.bottom()
        self._grip = y - frame.top() if inside else frame.height() / 2
        self._scroll_to(y)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._scroll_to(event.position().y())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._bar.event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Layers on their way to a place that is not in sight."""
        if clipboard.has_layers(event.mimeData()):
            event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._grip = self.frame.height() / 2
        self._scroll_to(event.position().y())
        event.ignore()  # they are dropped in the list itself

    def _scroll_to(self, y: float) -> None:
        self._bar.setValue(round((y - self._grip) / self._scale))

    # Words --------------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 100)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            text = self.words_at(event.pos())
            QToolTip.showText(event.globalPos(), text, self) if text else QToolTip.hideText()
            return True
        return super().event(event)

    def words_at(self, place: QPoint) -> str:
        """What the row at a place is."""
        found = next((bar.path for bar in self.bars() if bar.top <= place.y() < bar.top + bar.height), None)
        if found is None:
            return ""
        text = self._view.layers.text(found)
        return " · ".join(filter(None, (text.index, text.name, text.brief, text.shape)))

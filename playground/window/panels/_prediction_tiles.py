"""The gallery of predictions: a sample a tile, with the probabilities of its likeliest classes as bars."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip

from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.window import icons
from playground.window.data import drawing
from playground.window.data.drawing import Scale
from playground.window.panels._drawing import Drawing, Portion, portion
from playground.window.panels._predictions import Bar, Prediction, values_of
from playground.window.theme import theme

_MARGIN, _GAP, _LINES = 16, 14, 4  # px; lines of text in a tile
_RIGHT, _FIGURE, _BAR = 124, 32, 7  # px at a text of 100 %: the words of a tile, a probability; height of a bar
_WIDE, _SERIES = 120, 96  # px of values and texts, of a stretch of a series
_LINE = 148  # px of a name with its value, at most
_KEYS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_END = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class _Shown(NamedTuple):
    """kind: of samples, as in DatasetSpec, "" where they cannot be drawn;  images: of pictures, at their own size"""

    predictions: Sequence[Prediction]
    samples: np.ndarray
    kind: str
    spec: DatasetSpec | None
    images: list[QImage]
    scale: Scale


class PredictionTiles(QAbstractScrollArea):
    """Drawn once for each page into a picture. chosen: number of the sample that a person chose, in its part"""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._shown = _Shown((), np.empty(0), "", None, [], Scale(0, 1))
        self._message = ""
        self.drawing = Drawing(self.viewport(), self._portions, self._size_of_all)
        self._marked: int | None = None
        self._names_width = 0.0  # px of the classes beside their bars
        self.current = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Predictions"))
        self.verticalScrollBar().valueChanged.connect(self.viewport().update)
        theme().changed.connect(self._recolor)

    def show_predictions(
        self, predictions: Sequence[Prediction], samples: np.ndarray, spec: DatasetSpec | None, turned: bool = True
    ) -> None:
        """samples: (n, *shape);  spec: of the data set;  turned: to another page, else it is the same one anew"""
        kind = _kind_of(samples, spec)
        shown = _Shown(predictions, samples, kind, spec, [], _scale_of(samples))
        self._shown = shown._replace(images=_images(shown))
        self._message = ""
        self.current = min(self.current, max(0, len(predictions) - 1))
        self._describe()
        self._measure()
        self.drawing.renew() if turned else self.drawing.follow()

    def show_message(self, message: str) -> None:
        """Show a sentence instead."""
        if message != self._message or self._shown.predictions:
            self._shown = self._shown._replace(predictions=(), images=[], samples=np.empty(0), kind="")
            self._message = message
            self._describe()
            self._renew()

    def mark(self, number: int | None) -> None:
        """The sample that other panels show."""
        if number != self._marked:
            self._marked = number
            self.viewport().update()

    @property
    def predictions(self) -> Sequence[Prediction]:
        return self._shown.predictions

    # Geometry -----------------------------------------------------------------------------------------------------

    @property
    def _line(self) -> int:
        return round(16 * theme().text_scale)

    @property
    def _high(self) -> int:
        return _LINES * self._line

    @property
    def _picture_width(self) -> int:
        """px of the sample in a tile."""
        if self._shown.kind == "picture":
            image = self._shown.images[0]
            return round(self._high * min(2.0, max(0.5, image.width() / image.height())))
        scale = theme().text_scale
        return {"series": round(_SERIES * scale), "": 0}.get(self._shown.kind, round(_WIDE * scale))

    def _width_of_names(self) -> float:
        """px that the names of all bars need, the tick beside a right one among them."""
        metrics = QFontMetrics(theme().font("tick", "medium"))
        names = {bar.name for one in self.predictions for bar in one.bars}
        return max((metrics.horizontalAdvance(name) for name in names), default=0) + 18 * theme().text_scale

    def _columns(self) -> tuple[int, float]:
        """Tiles in a line, and how wide one is."""
        room = self.viewport().width() - 2 * _MARGIN
        least = self._picture_width + 8 + _RIGHT * theme().text_scale
        columns = max(1, int((room + _GAP) // (least + _GAP)))
        return columns, (room - (columns - 1) * _GAP) / columns

    def tile(self, position: int) -> QRectF:
        """Where a tile lies in the whole, px."""
        columns, width = self._columns()
        line, column = divmod(position, columns)
        top = 8 + line * (self._high + _GAP)
        return QRectF(_MARGIN + column * (width + _GAP), top, width, self._high)

    def position_at(self, point: QPoint) -> int | None:
        """The tile under a point of the viewport."""
        place = point + QPoint(0, self.verticalScrollBar().value())
        tiles = (self.tile(position) for position in range(len(self.predictions)))
        return next((number for number, tile in enumerate(tiles) if tile.contains(place.toPointF())), None)

    def _measure(self) -> None:
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._size_of_all().height() - self.viewport().height()))
        bar.setPageStep(max(1, self.viewport().height()))
        bar.setSingleStep(self._high + _GAP)

    def _renew(self) -> None:
        self._measure()
        self.drawing.renew()
        if not self.predictions:
            self.viewport().update()

    def _recolor(self) -> None:
        self._shown = self._shown._replace(images=_images(self._shown))
        self._renew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._renew()

    # Drawing ------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        if not self.predictions:
            drawing.draw_sentence(painter, QRectF(self.viewport().rect()), self._message)
            return
        offset = self.verticalScrollBar().value()
        self.drawing.paint(painter, -offset)
        painter.translate(0, -offset)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        marked = [place for place, one in enumerate(self.predictions) if one.number == self._marked]
        for position, token in [(place, "accent") for place in marked] + (
            [(self.current, "text")] if self.hasFocus() else []
        ):
            painter.setPen(QPen(theme().color(token), 2))
            painter.drawRoundedRect(self.tile(position).adjusted(-5, -5, 5, 5), 4, 4)
        painter.end()

    def _size_of_all(self) -> QSize:
        count = len(self.predictions)
        return QSize(self.viewport().width(), round(self.tile(count - 1).bottom()) + 12 if count else 0)

    def _portions(self) -> Iterator[Portion]:
        self._names_width = self._width_of_names()
        for position in range(len(self.predictions)):
            yield portion(self._draw_tile, position)

    def _draw_tile(self, painter: QPainter, position: int) -> None:
        wide, tile = self._picture_width, self.tile(position)
        self._draw_sample(painter, QRectF(tile.x(), tile.y(), wide, tile.height()), position)
        self._draw_words(painter, tile.adjusted(wide + 8 if wide else 0, 0, 0, 0), self.predictions[position])

    def _draw_sample(self, painter: QPainter, room: QRectF, position: int) -> None:
        shown = self._shown
        if shown.kind == "picture":
            drawing.draw_image(painter, room, shown.images[position])
        elif shown.kind == "series":
            painter.fillRect(room, theme().color("sunken"))
            drawing.draw_series(painter, room.adjusted(4, 6, -4, -6), shown.samples[position], shown.scale)
        elif shown.kind == "text":
            painter.setFont(theme().font("tick", mono=True))
            painter.setPen(theme().color("text"))
            flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWrapAnywhere
            text = drawing.text_of(shown.samples[position], shown.spec.classes if shown.spec else ())
            letters = int(room.width() // max(1, painter.fontMetrics().horizontalAdvance("m"))) * _LINES
            painter.drawText(room, flags, text[-letters:])  # the end is what the prediction goes on from
        elif shown.kind:
            self._draw_values(painter, room, values_of(shown.samples[position], shown.spec), "tick")

    def _draw_values(self, painter: QPainter, room: QRectF, values: Sequence[tuple[str, str]], size: str) -> None:
        """Names at the left, values at the right, a line each."""
        painter.setFont(theme().font(size))
        for number, (name, value) in enumerate(values):
            line = QRectF(room.x(), room.y() + number * self._line, room.width(), self._line)
            painter.setPen(theme().color("text"))
            painter.drawText(line, _END, value)
            line.setRight(line.right() - painter.fontMetrics().horizontalAdvance(value) - 6)
            painter.setPen(theme().color("text_secondary"))
            painter.drawText(line, _LEFT, theme().elided(name, line.width(), size)[0])

    def _draw_words(self, painter: QPainter, room: QRectF, one: Prediction) -> None:
        line = self._line
        heading = QRectF(room.x(), room.y(), room.width(), line)
        if one.right is not None:
            name, token = ("check", "healthy") if one.right else ("close", "error")
            side = round(12 * theme().text_scale)
            sign = icons.pixmap(name, side, token, self.devicePixelRatioF())
            painter.drawPixmap(heading.topLeft() + QPoint(0, (line - side) // 2), sign)
            heading.setLeft(heading.left() + side + 4)
        weight = "regular" if one.right is None else "medium"
        painter.setFont(theme().font("small", weight))
        painter.setPen(theme().color("text_secondary" if one.right is None else "text"))
        painter.drawText(heading, _LEFT, theme().elided(one.heading, heading.width(), "small", weight)[0])
        below = room.adjusted(0, line, 0, 0)
        close = QRectF(below.x(), below.y(), min(below.width(), _LINE * theme().text_scale), below.height())
        self._draw_values(painter, close, one.lines, "small")
        for number, bar in enumerate(one.bars):
            self._draw_bar(painter, QRectF(below.x(), below.y() + number * line, below.width(), line), bar, not number)

    def _draw_bar(self, painter: QPainter, room: QRectF, bar: Bar, first: bool) -> None:
        """A class: its name, its probability as a bar and as a figure; a tick beside the right one."""
        scale = theme().text_scale
        figure, side = _FIGURE * scale, round(10 * scale)
        name_end = room.x() + min(self._names_width, (room.width() - figure) * 0.62)
        painter.setFont(theme().font("tick", "medium" if bar.right else "regular"))
        painter.setPen(theme().color("healthy" if bar.right else "text_secondary"))
        name = QRectF(room.x(), room.y(), name_end - room.x() - (side + 6 if bar.right else 4), room.height())
        weight = "medium" if bar.right else "regular"
        shown, width = theme().elided(bar.name, name.width(), "tick", weight)
        painter.drawText(name, _LEFT, shown)
        if bar.right:
            sign = icons.pixmap("check", side, "healthy", self.devicePixelRatioF())
            painter.drawPixmap(QPoint(round(name.x() + width + 2), round(room.center().y() - side / 2)), sign)
        track = QRectF(name_end, room.center().y() - _BAR / 2, room.right() - figure - name_end, _BAR)
        painter.fillRect(track, theme().color("sunken"))
        token = "healthy_line" if bar.right else "accent" if first else "text_quiet"
        share = min(1.0, max(0.0, bar.share)) if np.isfinite(bar.share) else 0.0
        painter.fillRect(QRectF(track.x(), track.y(), track.width() * share, _BAR), theme().color(token))
        painter.setFont(theme().font("tick"))
        painter.setPen(theme().color("text_secondary"))
        painter.drawText(room, _END, f"{bar.share:.2f}" if np.isfinite(bar.share) else "–")

    # Pointer and keyboard -----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = self.position_at(event.position().toPoint())
        if position is not None and event.button() == Qt.MouseButton.LeftButton:
            self._move_to(position)
            self.chosen.emit(self.predictions[position].number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = Qt.Key(event.key()), len(self.predictions) - 1
        if key in _ENTER and last >= 0:
            self.chosen.emit(self.predictions[self.current].number)
        elif key in _KEYS and last >= 0:
            across, down = _KEYS[key]
            self._move_to(min(max(0, self.current + across + down * self._columns()[0]), last))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            position = self.position_at(event.pos())
            if position is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.predictions[position].words, self)
            return True
        return super().viewportEvent(event)

    def _move_to(self, position: int) -> None:
        self.current = position
        tile, bar = self.tile(position), self.verticalScrollBar()
        if tile.top() - 8 < bar.value():
            bar.setValue(int(tile.top()) - 8)
        elif tile.bottom() + 8 > bar.value() + self.viewport().height():
            bar.setValue(int(tile.bottom()) + 8 - self.viewport().height())
        self._describe()
        self.viewport().update()

    def _describe(self) -> None:
        """What a screen reader says: where the keyboard is."""
        words = self.predictions[self.current].words.replace("\n", ", ") if self.predictions else self._message
        self.setAccessibleName(_("Predictions") + (f", {words}" if words else ""))


def _kind_of(samples: np.ndarray, spec: DatasetSpec | None) -> str:
    """How samples are drawn; "" where they cannot be, e.g. a text that is prepared as numbers."""
    kind = spec.kind if spec is not None else "picture" if samples.ndim == 4 else "table"
    fits = {"picture": samples.ndim == 4, "series": samples.ndim in (2, 3), "text": samples.dtype.kind in "iu"}
    return kind if len(samples) and fits.get(kind, samples.ndim == 2) else ""


def _scale_of(samples: np.ndarray) -> Scale:
    """One for the whole page, so that tiles can be compared."""
    finite = samples[np.isfinite(samples)] if samples.size else samples
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    return Scale(low, high) if high > low else Scale(low - 0.5, low + 0.5)


def _images(shown: _Shown) -> list[QImage]:
    return drawing.images(shown.samples, shown.scale) if shown.kind == "picture" else []

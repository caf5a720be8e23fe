"""One sample large, with what its tensor is."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFormLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from playground.core.arguments import shown_shape
from playground.core.messages import Part
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.window.data import drawing
from playground.window.data.drawing import Scale
from playground.window.data.tiles import One
from playground.window.scrolling import ScrollArea
from playground.window.theme import theme

_MOST_LINES = 64  # values of a row that are listed
_PARTS: dict[Part, str] = {"train": _("training"), "validation": _("validation"), "test": _("test")}


class Canvas(QWidget):
    """The sample, as large as there is room. pointed: what the pointer is on, "" where it is on nothing"""

    pointed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._values: np.ndarray | None = None
        self._spec: DatasetSpec | None = None
        self._scale = Scale(0, 1)
        self._image = QImage()
        self._place = QRectF()
        self._cell: tuple[int, ...] | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_sample(self, values: np.ndarray | None, spec: DatasetSpec | None, scale: Scale) -> None:
        self._values, self._spec, self._scale, self._cell = values, spec, scale, None
        self._image = drawing.images(values[None], scale)[0] if values is not None and values.ndim == 3 else QImage()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, self.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()  # its height follows its width

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if self._values is None:
            return 120
        if not self._image.isNull():
            return min(280, round(width * self._image.height() / self._image.width()))
        if self._kind == "text":
            return 20 * math.ceil(self._values.size / self._letters(width)) + 8
        return 140 if self._kind == "series" else 0

    @property
    def _kind(self) -> str:
        return self._spec.kind if self._spec else ""

    def _letters(self, width: int) -> int:
        """Characters in a line."""
        return max(1, (width - 8) // 11)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = QRectF(self.rect())
        if self._values is None:
            return
        if not self._image.isNull():
            self._place = drawing.draw_image(painter, room, self._image)
        elif self._kind == "text":
            self._draw_text(painter)
        elif self._kind == "series":
            painter.fillRect(room, theme().color("sunken"))
            self._place = room.adjusted(8, 10, -8, -10)
            drawing.draw_series(painter, self._place, self._values, self._scale, 1.5)
        if self._cell is not None:
            self._draw_mark(painter)

    def _draw_text(self, painter: QPainter) -> None:
        assert self._values is not None
        painter.fillRect(self.rect(), theme().color("sunken"))
        painter.setFont(theme().font("small", mono=True))
        painter.setPen(theme().color("text"))
        letters = self._letters(self.width())
        text = drawing.text_of(self._values, self._spec.classes if self._spec else ())
        for place, one in enumerate(text):
            line, column = divmod(place, letters)
            painter.drawText(QRectF(4 + 11 * column, 4 + 20 * line, 11, 20), Qt.AlignmentFlag.AlignCenter, one)

    def _draw_mark(self, painter: QPainter) -> None:
        mark = self._cell_rect()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme().color("surface"), 3))
        painter.drawRect(mark)
        painter.setPen(QPen(theme().color("accent"), 1.5))
        painter.drawRect(mark)

    def _cell_rect(self) -> QRectF:
        assert self._cell is not None
        if not self._image.isNull():
            side = self._place.width() / self._image.width()
            row, column = self._cell[-2:]
            return QRectF(self._place.x() + column * side, self._place.y() + row * side, side, side)
        if self._kind == "text":
            line, column = divmod(self._cell[0], self._letters(self.width()))
            return QRectF(4 + 11 * column, 5 + 20 * line, 11, 18)
        length = self._values.shape[-1] if self._values is not None else 1
        x = self._place.x() + self._cell[-1] * self._place.width() / max(1, length - 1)
        return QRectF(x - 3, self._place.y(), 6, self._place.height())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._cell = self._cell_at(event.position())
        self.pointed.emit(self._words())
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._cell = None
        self.pointed.emit("")
        self.update()

    def _cell_at(self, point: QPointF) -> tuple[int, ...] | None:
        if self._values is None:
            return None
        if not self._image.isNull():
            side = self._place.width() / self._image.width()
            column, row = ((point - self._place.topLeft()) / side).toTuple()
            inside = 0 <= column < self._image.width() and 0 <= row < self._image.height()
            return (int(row), int(column)) if inside else None
        if self._kind == "text":
            place = int((point.y() - 4) // 20) * self._letters(self.width()) + int((point.x() - 4) // 11)
            return (place,) if 0 <= place < self._values.size else None
        length = self._values.shape[-1]
        place = round((point.x() - self._place.x()) / max(1.0, self._place.width()) * (length - 1))
        return (place,) if 0 <= place < length and self._kind == "series" else None

    def _words(self) -> str:
        """The index and the value: "[0, 12, 16] = 0.25"; of a picture in colour, of every channel."""
        if self._values is None or self._cell is None:
            return ""
        index = ", ".join(map(str, self._cell))
        if self._values.ndim > 1:
            found = np.array([channel[self._cell] for channel in self._values])
            values = ", ".join(drawing.value_text(float(one)) for one in found[:4])
            return f"[{':' if len(found) > 1 else 0}, {index}]  {values}"
        value = float(self._values[self._cell])
        if self._kind == "text" and self._spec:
            return f"[{index}]  {drawing.value_text(value)}  “{drawing.character(int(value), self._spec.classes)}”"
        return f"[{index}]  {drawing.value_text(value)}"


class Detail(ScrollArea):
    """The right column: title, the sample, its tensor."""

    def __init__(self) -> None:
        super().__init__(keyboard=True)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        self.title, self.label = QLabel(), QLabel()
        self.title.setProperty("role", "title")
        self.label.setProperty("role", "small")
        self.label.setWordWrap(True)
        self.canvas = Canvas()
        self.canvas.pointed.connect(self._on_pointed)
        self.pointed = QLabel(" ")
        self.pointed.setProperty("role", "small")
        self._facts = QFormLayout()
        self._told: dict[str, str] = {}
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(2)
        for widget in (self.title, self.label, self.canvas, self.pointed):
            column.addWidget(widget)
        column.addLayout(self._facts)
        column.addStretch(1)
        self.setWidget(holder)

    def clear(self) -> None:
        """Nothing is chosen."""
        self.show_sample(None, "test", None, Scale(0, 1), stored=True)

    def show_sample(self, one: One | None, part: Part, spec: DatasetSpec | None, scale: Scale, *, stored: bool) -> None:
        self.canvas.show_sample(one.values if one else None, spec, scale)
        self.canvas.setVisible(one is not None and (spec is None or spec.kind not in ("table", "plane")))
        self.pointed.setVisible(self.canvas.isVisibleTo(self))
        self._hint = _("Point at it to read its values.")
        self.pointed.setText(self._hint)
        while self._facts.rowCount():
            self._facts.removeRow(0)
        self._told.clear()
        if one is None:
            self.title.setText("")
            self.label.setText(_("Choose a sample to see its tensor."))
            return
        self.title.setText(_("Sample {number:,}").format(number=one.number))
        name = drawing.class_name(one.target, spec)
        target = _("label {name}") if spec and spec.classes else _("target {name}")
        how = _("as stored") if stored else _("as the network gets it")
        self.label.setText(f"{target.format(name=name)} · {_PARTS[part]} · {how}")
        for title, value in (*facts(one.values), *row_facts(one.values, spec)):
            self._add(title, value)

    def facts_shown(self) -> dict[str, str]:
        """Title -> value of every fact that stands there."""
        return dict(self._told)

    def _add(self, title: str, value: str) -> None:
        name, text = QLabel(title), QLabel(value)
        name.setProperty("role", "small-quiet")
        name.setFont(theme().font("small"))
        most = max(64, self.width() // 2 - 16)
        name.setText(name.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, most))
        name.setToolTip(title if name.text() != title else "")
        text.setProperty("role", "small")
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._facts.addRow(name, text)
        self._told[title] = value

    def _on_pointed(self, words: str) -> None:
        self.pointed.setText(words or self._hint)


def facts(values: np.ndarray) -> list[tuple[str, str]]:
    """What a tensor is: shape, dtype, range, mean and deviation, strides, memory."""
    exact = values.astype(np.float64)
    text = drawing.value_text
    found = [(_("shape"), shown_shape(values.shape)), (_("dtype"), str(values.dtype))]
    if exact.size:
        found += [(_("min"), text(float(exact.min()))), (_("max"), text(float(exact.max())))]
        if values.dtype.kind == "f" or values.ndim == 3:
            found += [(_("mean"), text(float(exact.mean()))), (_("std"), text(float(exact.std())))]
    strides = ", ".join(str(stride // values.itemsize) for stride in np.ascontiguousarray(values).strides)
    return [*found, (_("strides"), strides), (_("memory"), memory_text(values.nbytes))]


def row_facts(values: np.ndarray, spec: DatasetSpec | None) -> list[tuple[str, str]]:
    """The values of a row of a table by the names of their columns."""
    if spec is None or spec.kind not in ("table", "plane") or values.ndim != 1:
        return []
    names = spec.features if len(spec.features) == len(values) else tuple(f"[{place}]" for place in range(len(values)))
    return [(name, drawing.value_text(float(one))) for name, one in zip(names, values, strict=True)][:_MOST_LINES]


def memory_text(size: int) -> str:
    """Bytes for people: "784 B", "4 KiB", "47 MiB"."""
    for unit, step in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if size >= step:
            return f"{size / step:.3g} {unit}"
    return f"{size} B"

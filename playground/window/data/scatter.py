"""The page "Scatter": two columns against each other, coloured by class or by target."""

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from playground.core.messages import Part, Samples, Surveyed
from playground.core.spec import DatasetSpec
from playground.core.text import _
from playground.session.history import numbers
from playground.session.session import Session
from playground.window.data import drawing
from playground.window.data.samples_page import PARTS, part_of
from playground.window.data.segments import Segments
from playground.window.data.table import MOST_ROWS, column_names
from playground.window.plots.colorbar import draw_color_bar
from playground.window.theme import theme

MOST_POINTS = 4_000  # that are drawn, evenly spread over the part
_LEFT, _BOTTOM, _TOP, _RIGHT = 56, 40, 12, 20
_POINT = 5.0  # px
_NEAR = 8  # px from a point at which it is pointed at
_SQUARES = 2  # every second class is drawn as squares: no meaning by colour alone


class _Axes(NamedTuple):
    """The range of each axis as drawn, and where the plot lies."""

    x: tuple[float, float]
    y: tuple[float, float]
    room: QRectF


class ScatterPlot(QWidget):
    """Points of a part; drawn once into a picture, so that the pointer moves over it freely."""

    pointed = Signal(int)  # place of the point under the pointer, -1 where there is none

    def __init__(self) -> None:
        super().__init__()
        self._xs = self._ys = self._targets = np.empty(0)
        self._names, self._spec = ("", "", ""), None
        self._numbers: np.ndarray = np.empty(0, np.int64)
        self._picture: QImage | None = None
        self._equal = False
        self.setMouseTracking(True)
        self.setMinimumSize(160, 140)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self._renew)

    _spec: DatasetSpec | None

    def show_points(
        self, xs: np.ndarray, ys: np.ndarray, targets: np.ndarray, sample_numbers: np.ndarray, names: tuple[str, str, str], spec: DatasetSpec, equal: bool
    ) -> None:  # fmt: skip
        """xs, ys, targets: (n,);  names: of both axes and the target;  equal: one unit is as long on both axes"""
        kept = np.arange(len(xs)) if len(xs) <= MOST_POINTS else np.arange(MOST_POINTS) * len(xs) // MOST_POINTS
        finite = kept[np.isfinite(xs[kept]) & np.isfinite(ys[kept])]
        self._xs, self._ys, self._targets = (one[finite].astype(np.float64) for one in (xs, ys, targets))
        self._numbers, self._names, self._spec, self._equal = sample_numbers[finite], names, spec, equal
        self._renew()

    @property
    def points(self) -> int:
        return len(self._xs)

    def sizeHint(self) -> QSize:
        return QSize(480, 400)

    def _renew(self) -> None:
        self._picture = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._renew()

    def _axes(self) -> _Axes:
        room = QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)
        x, y = _span(self._xs), _span(self._ys)
        if self._equal and room.width() > 0 and room.height() > 0:
            unit = max((x[1] - x[0]) / room.width(), (y[1] - y[0]) / room.height())
            x = _around(x, unit * room.width())
            y = _around(y, unit * room.height())
        return _Axes(x, y, room)

    def _places(self, axes: _Axes) -> tuple[np.ndarray, np.ndarray]:
        """The points in px."""
        across = (self._xs - axes.x[0]) / (axes.x[1] - axes.x[0])
        up = (self._ys - axes.y[0]) / (axes.y[1] - axes.y[0])
        return axes.room.x() + across * axes.room.width(), axes.room.bottom() - up * axes.room.height()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture is None:
            self._picture = self._drawn()
        QPainter(self).drawImage(0, 0, self._picture)

    def _drawn(self) -> QImage:
        ratio = self.devicePixelRatioF()
        picture = QImage(self.size() * ratio, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme().color("surface"))
        painter = QPainter(picture)
        if not len(self._xs):
            drawing.draw_sentence(painter, QRectF(self.rect()), _("This part has no samples."))
            painter.end()
            return picture
        axes = self._axes()
        self._draw_axes(painter, axes)
        painter.end()
        left, top = self._places(axes)
        for color, square, chosen in self._groups():
            stamp(picture, left[chosen] * ratio, top[chosen] * ratio, _POINT * ratio, color, square)
        return picture

    def _groups(self) -> list[tuple[QColor, bool, np.ndarray]]:
        """Colour, whether squares, and which points."""
        spec = self._spec
        if spec is not None and spec.classes:
            colors = drawing.class_colors(len(spec.classes))
            return [(one, label % _SQUARES == 1, self._targets == label) for label, one in enumerate(colors)]
        low, high = _ends(self._targets)
        share = (self._targets - low) / ((high - low) or 1.0)
        bins = np.clip((np.nan_to_num(share) * 24).astype(int), 0, 23)
        lut = theme().lut("viridis")
        return [(QColor(*(int(part) for part in lut[round(5 + one * 10.6)])), False, bins == one) for one in range(24)]

    def _draw_axes(self, painter: QPainter, axes: _Axes) -> None:
        room = axes.room
        painter.setFont(theme().font("tick"))
        for (low, high), across in ((axes.x, True), (axes.y, False)):
            for value in ticks(low, high):
                share = (value - low) / (high - low)
                painter.setPen(theme().color("plot_grid"))
                text = drawing.value_text(round(value, 10))
                if across:
                    x = room.x() + share * room.width()
                    painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
                    painter.setPen(theme().color("text_quiet"))
                    painter.drawText(QRectF(x - 40, room.bottom() + 3, 80, 16), Qt.AlignmentFlag.AlignHCenter, text)
                else:
                    y = room.bottom() - share * room.height()
                    painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
                    painter.setPen(theme().color("text_quiet"))
                    flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    painter.drawText(QRectF(0, y - 8, room.left() - 6, 16), flags, text)
        painter.setPen(theme().color("line_strong"))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        painter.setPen(theme().color("text_secondary"))
        below = QRectF(room.x(), room.bottom() + 20, room.width(), 16)
        name = painter.fontMetrics().elidedText(self._names[0], Qt.TextElideMode.ElideRight, int(below.width()))
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, name)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self.point_at(event.position())
        self.pointed.emit(place)
        if place < 0:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPosition().toPoint(), self.words_of(place), self)

    def point_at(self, position: QPointF) -> int:
        """The nearest point, -1 where none is near."""
        if not len(self._xs):
            return -1
        left, top = self._places(self._axes())
        distances = np.hypot(left - position.x(), top - position.y())
        nearest = int(distances.argmin())
        return nearest if distances[nearest] <= _NEAR else -1

    def words_of(self, place: int) -> str:
        x, y = (drawing.value_text(float(values[place])) for values in (self._xs, self._ys))
        target = drawing.class_name(float(self._targets[place]), self._spec)
        return (
            f"{_('sample')} {int(self._numbers[place]):,}\n"
            f"{self._names[0]}  {x}\n{self._names[1]}  {y}\n{self._names[2]}  {target}"
        )


class ColorKey(QWidget):
    """Which colour is which class, or the bar of the target's colours."""

    def __init__(self) -> None:
        super().__init__()
        self._spec: DatasetSpec | None = None
        self._ends, self._name = ("", ""), ""
        self.setFixedHeight(theme().size("row"))

    def show_key(self, spec: DatasetSpec, targets: np.ndarray, name: str) -> None:
        self._spec, self._name = spec, name
        low, high = _ends(targets)
        self._ends = drawing.value_text(low), drawing.value_text(high)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._spec is None:
            return
        painter = QPainter(self)
        painter.setFont(theme().font("small"))
        if not self._spec.classes:
            painter.setPen(theme().color("text_secondary"))
            width = painter.fontMetrics().horizontalAdvance(self._name) + 12
            painter.drawText(QRectF(16, 0, width, self.height()), Qt.AlignmentFlag.AlignVCenter, self._name)
            room = QRectF(16 + width, 0, self.width() - 32 - width, self.height())
            draw_color_bar(painter, room, "viridis", *self._ends)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, middle = 16.0, self.height() / 2
        for label, color in enumerate(drawing.class_colors(len(self._spec.classes))):
            name = drawing.class_name(label, self._spec)
            width = painter.fontMetrics().horizontalAdvance(name)
            if left + width + 40 > self.width():
                painter.setPen(theme().color("text_quiet"))
                painter.drawText(QRectF(left, 0, 20, self.height()), Qt.AlignmentFlag.AlignVCenter, "…")
                return
            pen = QPen(color, 7)
            pen.setCapStyle(Qt.PenCapStyle.SquareCap if label % _SQUARES else Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPoint(QPointF(left + 4, middle))
            painter.setPen(theme().color("text_secondary"))
            painter.drawText(QRectF(left + 14, 0, width + 4, self.height()), Qt.AlignmentFlag.AlignVCenter, name)
            left += width + 32


class ScatterPage(QWidget):
    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._survey: Surveyed | None = None
        self._drawn: tuple[Samples, int, int] | None = None
        self.part = Segments(PARTS, _("Part"))
        self.across, self.up = QComboBox(), QComboBox()
        self.across.setAccessibleName(_("Column across"))
        self.up.setAccessibleName(_("Column up"))
        self.plot, self.key = ScatterPlot(), ColorKey()
        self.part.chosen.connect(lambda _key: self._draw())
        for box in (self.across, self.up):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(16)
            box.activated.connect(lambda _row: self._draw())
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 8, 12, 4)
        bar.setSpacing(8)
        against = QLabel(_("against"))
        against.setProperty("role", "small")
        for widget in (self.part, self.up, against, self.across):
            bar.addWidget(widget)
        bar.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.key)
        column.addWidget(self.plot, 1)

    @property
    def _part(self) -> Part:
        return part_of(self.part.current)

    def refresh(self, survey: Surveyed) -> None:
        if survey is not self._survey:
            self._survey, self._drawn = survey, None
            for part in PARTS:
                self.part.offer(part, survey.sizes.get(part, 0) > 0)
            if not survey.sizes.get(self._part, 0):
                self.part.choose("train")
            names = [one.name for one in survey.columns]
            for box, usual in ((self.across, 0), (self.up, 1)):
                if [box.itemText(row) for row in range(box.count())] != names:
                    box.clear()
                    box.addItems(names)
                    box.setCurrentIndex(min(usual, len(names) - 1))
        self._draw()

    def _draw(self) -> None:
        survey = self._survey
        answer = self._session.looking.samples(self._part, 0, MOST_ROWS, True)
        wanted = (self.across.currentIndex(), self.up.currentIndex())
        if survey is None or answer is None or min(wanted) < 0 or (answer, *wanted) == self._drawn:
            return
        self._drawn = (answer, *wanted)
        values, targets = numbers(answer.inputs), numbers(answer.targets)
        values = values.reshape(len(values), int(np.prod(values.shape[1:], dtype=int)))
        targets = targets if targets.ndim == 1 else targets.reshape(len(targets), -1)[:, 0]
        columns = [*values.T, targets]
        spec = survey.dataset
        names = column_names(spec, values.shape[1])
        if max(wanted) < len(columns):
            x, y = wanted
            self.plot.show_points(
                columns[x], columns[y], targets, np.asarray(answer.numbers), (names[x], names[y], names[-1]), spec, spec.kind == "plane"
            )  # fmt: skip
            self.key.show_key(spec, targets, names[-1])


def stamp(picture: QImage, xs: np.ndarray, ys: np.ndarray, size: float, color: QColor, square: bool) -> None:
    """Discs or squares of this size at these device px, all at once: a painter takes ten times as long.

    Points nearer to the edge than their size are left out; a plot has its margins there.
    """
    reach = int(np.ceil(size / 2)) + 1
    columns, rows = np.floor(xs).astype(np.int64), np.floor(ys).astype(np.int64)
    inside = (columns >= reach) & (columns < picture.width() - reach)
    inside &= (rows >= reach) & (rows < picture.height() - reach)
    across = picture.bytesPerLine() // 4
    pixels = np.frombuffer(picture.bits(), np.uint8).reshape(-1, 4)
    places = (rows * across + columns)[inside]
    ink = np.array([color.blue(), color.green(), color.red(), 255], np.uint8)
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            far = max(abs(down), abs(right)) if square else float(np.hypot(down, right))
            cover = min(1.0, max(0.0, size / 2 + 0.5 - far))
            here = places + (down * across + right)
            if cover == 1:
                pixels[here] = ink
            elif cover > 0:
                pixels[here] = (pixels[here] * (1 - cover) + ink * cover).astype(np.uint8)


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round values between two ends, at most so many."""
    step = 10.0 ** np.floor(np.log10((high - low) / most))
    step *= next(factor for factor in (1, 2, 5, 10) if (high - low) / (factor * step) <= most)
    return [float(value) for value in np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step]


def _ends(values: np.ndarray) -> tuple[float, float]:
    """The lowest and the highest that is a number."""
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)


def _span(values: np.ndarray) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    room = 0.05 * (high - low) or 0.5
    return low - room, high + room


def _around(span: tuple[float, float], length: float) -> tuple[float, float]:
    middle = (span[0] + span[1]) / 2
    return middle - length / 2, middle + length / 2

"""The confusion matrix: a cell for each pair of classes, rows true, columns predicted. Only mistakes are coloured."""

from collections.abc import Iterator, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.core.text import _
from playground.window.panels._confusion_places import MARGIN, Places, places_of
from playground.window.panels._drawing import Drawing, Portion, portion
from playground.window.theme import theme

Cell = tuple[int, int]  # row, column
_MOST_NUMBERED = 40  # classes; numbers of more would never have room
_FAINTEST = 56  # of 255, the colour of the rarest mistake
_KEYS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class ConfusionMatrix(QWidget):
    """Drawn once for each result into a picture; pointer and keyboard move over it. current: where the keyboard is"""

    chosen = Signal(int, int)  # row, column

    def __init__(self) -> None:
        super().__init__()
        self._counts = np.zeros((0, 0), np.int64)
        self._names: tuple[str, ...] = ()
        self._rates = False
        self.drawing = Drawing(self, self._portions)
        self._kept_places: Places | None = None
        self._hovered: Cell | None = None
        self._chosen: Cell | None = None
        self.current: Cell = (0, 0)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 96)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self._forget_places)

    def show_counts(self, counts: np.ndarray, names: Sequence[str]) -> None:
        """counts: (classes, classes), rows true, columns predicted"""
        if tuple(names) != self._names:
            self.current = (0, 0)
        self._counts, self._names, self._kept_places = counts, tuple(names), None
        self._describe()
        self.drawing.follow()

    def show_rates(self, on: bool) -> None:
        """Shares of each row, in percent, in place of counts."""
        self._rates = on
        self._describe()
        self._renew()

    def mark(self, cell: Cell | None) -> None:
        """The cell whose samples are looked at."""
        if cell != self._chosen:
            self._chosen = cell
            self.update()

    def words_of(self, cell: Cell) -> str:
        """A cell in words: "true 3, predicted 5: 4 of 190 (2.1 %)"."""
        row, column = cell
        count, samples = int(self._counts[cell]), int(self._counts[row].sum())
        text = _("true {true}, predicted {predicted}: {count:,} of {samples:,} ({percent:.1f} %)")
        percent = 100 * count / samples if samples else 0.0
        names = {"true": self._names[row], "predicted": self._names[column]}
        return text.format(count=count, samples=samples, percent=percent, **names)

    def text_of(self, cell: Cell) -> str:
        """What stands in a cell; nothing where there is nothing."""
        count = int(self._counts[cell])
        if not count:
            return ""
        if not self._rates:
            return f"{count:,}" if count < 10_000 else f"{count / 1_000:.0f}k"
        percent = 100 * count / int(self._counts[cell[0]].sum())
        return f"{percent:.0f}" if percent >= 9.95 else f"{percent:.1f}"

    def cell_at(self, position: QPointF) -> Cell | None:
        """The cell under a point."""
        places, count = self._places, len(self._counts)
        if not count:
            return None
        column, row = (int(one // places.cell) for one in (position - QPointF(places.left, places.top)).toTuple())
        return (row, column) if 0 <= row < count and 0 <= column < count else None

    def place_of(self, cell: Cell) -> QRectF:
        """Where a cell lies."""
        places = self._places
        left, top = places.left + cell[1] * places.cell, places.top + cell[0] * places.cell
        return QRectF(left, top, places.cell - places.gap, places.cell - places.gap)

    def sizeHint(self) -> QSize:
        return QSize(440, 400)

    # Drawing ------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if not len(self._counts):
            return
        painter = QPainter(self)
        self.drawing.paint(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._hovered is not None:
            self._ring(painter, self._hovered, "text_quiet", 1)
        if self._chosen is not None and max(self._chosen) < len(self._counts):
            self._ring(painter, self._chosen, "accent", 2)
        if self.hasFocus():
            self._ring(painter, self.current, "text", 2)
        painter.end()

    def _ring(self, painter: QPainter, cell: Cell, token: str, width: float) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        place = self.place_of(cell)
        least = max(0.0, 8 - place.width()) / 2  # in a large matrix a cell is smaller than a ring can be
        ring = place.adjusted(-1 - least, -1 - least, 1 + least, 1 + least)
        for pen in (QPen(theme().color("surface"), width + 3), QPen(theme().color(token), width)):
            painter.setPen(pen)  # apart from a cell of nearly the same colour
            painter.drawRoundedRect(ring, 3, 3)

    @property
    def _places(self) -> Places:
        if self._kept_places is None:
            metrics, count = QFontMetrics(theme().font("tick")), len(self._counts)
            mistakes = np.argwhere(self._shares() > 0).tolist() if count <= _MOST_NUMBERED else []
            texts = {self.text_of((row, column)) for row, column in mistakes}
            widest = max((metrics.horizontalAdvance(text) for text in texts), default=0)
            self._kept_places = places_of(self.size(), self._names, widest if count <= _MOST_NUMBERED else 1 << 20)
        return self._kept_places

    def _renew(self) -> None:
        self._kept_places = None
        self.drawing.renew()

    def _forget_places(self) -> None:
        """The text may be of another size."""
        self._kept_places = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._renew()

    def _portions(self) -> Iterator[Portion]:
        places, colors = self._places, self._colors()
        if places.gap:
            for row in range(len(colors)):
                yield portion(self._draw_row, places, row, colors[row])
        else:
            yield portion(self._draw_all, places, colors)
        if places.named:
            yield portion(self._draw_names, places)
        if places.bar:
            yield portion(self._draw_bar, places)

    def _colors(self) -> np.ndarray:
        """(classes, classes, 3) uint8: mistakes by their number, the rest as quiet as the ground."""
        shares = self._shares()
        lut = _mistake_colors()
        colors = lut[(np.sqrt(shares / (shares.max() or 1.0)) * 255).astype(np.uint8)]
        ground, hit = (_parts(theme().color(token)) for token in ("sunken", "hover"))
        colors[shares == 0] = ground
        diagonal = np.diag_indices(len(shares))
        colors[diagonal] = np.where(self._counts[diagonal][:, None] > 0, hit, ground)
        return np.ascontiguousarray(colors)

    def _shares(self) -> np.ndarray:
        """Mistakes as they are coloured: counts, or shares of their rows; 0 where there are none."""
        values = self._counts.astype(np.float64)
        if self._rates:
            values /= np.maximum(values.sum(1, keepdims=True), 1)
        np.fill_diagonal(values, 0)
        return values

    @staticmethod
    def _draw_all(painter: QPainter, places: Places, colors: np.ndarray) -> None:
        """Cells too small for gaps, as one image."""
        count = len(colors)
        image = QImage(colors.data, count, count, 3 * count, QImage.Format.Format_RGB888)
        painter.drawImage(QRectF(places.left, places.top, places.cell * count, places.cell * count), image)

    def _draw_row(self, painter: QPainter, places: Places, row: int, colors: np.ndarray) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font("tick"))
        metrics = painter.fontMetrics()
        radius = 2.0 if places.gap > 1 else 0.0
        side = places.cell - places.gap
        for column, color in enumerate(colors):
            place = QRectF(places.left + column * places.cell, places.top + row * places.cell, side, side)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(*(int(part) for part in color)))
            painter.drawRoundedRect(place, radius, radius)
            text = self.text_of((row, column)) if places.numbered else ""
            if text and metrics.horizontalAdvance(text) <= side:
                painter.setPen(theme().color("text") if row == column else _ink_on(color))
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_names(self, painter: QPainter, places: Places) -> None:
        painter.setFont(theme().font("tick"))
        painter.setPen(theme().color("text_secondary"))
        side = places.cell - places.gap
        line = painter.fontMetrics().height()
        every = max(1, int(np.ceil(line / places.cell)))
        for number, name in enumerate(self._names):
            if number % every:
                continue  # less than a line apart
            wide = places.left - places.title - MARGIN - 8
            beside = QRectF(MARGIN + places.title, places.top + number * places.cell + side / 2 - line / 2, wide, line)
            shown = theme().elided(name, wide, "tick")[0]
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown)
            middle = places.left + number * places.cell + side / 2
            if not places.above:
                continue
            if places.upright:
                _write_up(painter, QPointF(middle, places.top - 4), places.top - 4, name)
            else:
                above = QRectF(middle - side / 2, 0, side, places.top - 2)
                painter.drawText(above, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, name)
        if places.title:
            painter.setPen(theme().color("text_quiet"))
            below = QPointF(MARGIN + line / 2 - 2, places.top + places.cell * len(self._names) - places.gap)
            _write_up(painter, below, places.cell * len(self._names), _("true label"))

    def _draw_bar(self, painter: QPainter, places: Places) -> None:
        """What the colours mean: none below, the most common mistake above."""
        most = float(self._shares().max())
        if not most:
            return
        side = places.cell * len(self._counts)
        high = min(side, 120.0)
        bar = QRectF(places.left + side + 12, places.top, 8, high)
        colors = np.ascontiguousarray(_mistake_colors()[::-1, None])
        painter.drawImage(bar, QImage(colors.data, 1, len(colors), 3, QImage.Format.Format_RGB888))
        painter.setFont(theme().font("tick"))
        painter.setPen(theme().color("text_quiet"))
        line = painter.fontMetrics().height()
        for share in (1.0, 0.5, 0.0):
            value = most * share**2
            text = f"{100 * value:.3g} %" if self._rates else f"{value:.3g}" if value < 1_000 else f"{value:,.0f}"
            y = min(max(bar.bottom() - share * high, bar.top() + line / 2), bar.bottom() - line / 2)
            painter.drawText(QRectF(bar.right() + 5, y - line / 2, 60, line), Qt.AlignmentFlag.AlignVCenter, text)

    # Pointer and keyboard -----------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell != self._hovered:
            self._hovered = cell
            self.update()
        if cell is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPosition().toPoint(), self.words_of(cell), self)

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._move_to(cell)
            self.chosen.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = Qt.Key(event.key()), len(self._counts) - 1
        if key in _ENTER and last >= 0:
            self.chosen.emit(*self.current)
        elif key in _KEYS and last >= 0:
            down, right = _KEYS[key]
            row, column = self.current
            self._move_to((min(max(0, row + down), last), min(max(0, column + right), last)))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _move_to(self, cell: Cell) -> None:
        self.current = cell
        self._describe()
        self.update()

    def _describe(self) -> None:
        """What a screen reader says: where the keyboard is."""
        words = self.words_of(self.current) if len(self._counts) else ""
        self.setAccessibleName(_("Confusion matrix") + (f", {words}" if words else ""))


def _parts(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()


def _mistake_colors() -> np.ndarray:
    """From rare to common, (256, 3) uint8: what stands out of the ground is common, in both themes."""
    lut = theme().lut("viridis")
    places = (
        np.linspace(_FAINTEST, 255, 256).astype(int)
        if theme().name == "dark"
        else np.linspace(232, 40, 256).astype(int)
    )
    return np.ascontiguousarray(lut[places])


def _ink_on(color: np.ndarray) -> QColor:
    """The darkest or the brightest ink, whichever can be read on a colour."""
    red, green, blue = (int(part) for part in color)
    ink = theme().lut("ink")[0 if 0.299 * red + 0.587 * green + 0.114 * blue > 116 else -1]
    return QColor(*(int(part) for part in ink))


def _write_up(painter: QPainter, foot: QPointF, room: float, text: str) -> None:
    """A line that goes upwards from a point, in px."""
    line = painter.fontMetrics().height()
    painter.save()
    painter.translate(foot)
    painter.rotate(-90)
    shown = theme().elided(text, room, "tick")[0]
    painter.drawText(
        QRectF(0, -line / 2, room, line), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown
    )
    painter.restore()

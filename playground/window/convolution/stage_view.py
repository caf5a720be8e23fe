"""The input with the window on it, the map beside it, and the lines from the one to the other. Chained kernels have a
picture more. Every pixel can be pointed at; the window can be dragged, and moved by the arrow keys."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.core.text import _
from playground.window.convolution import colors
from playground.window.convolution.pane import Block, Pane, Placed, Spot, alike, fact_font, height_of, picture_of, ring
from playground.window.plots.axis import figure_text
from playground.window.plots.colorbar import draw_color_bar
from playground.window.theme import theme

_MARGIN, _HEAD, _FOOT, _BETWEEN = 24, 28, 28, 48
_LARGEST = 40  # px of a pixel
_BAR_LEAST = 130.0  # px of a colour bar with its texts
_KEYS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}


class StageView(QWidget):
    """pixel_chosen: picture, row, column;  moved: rows and columns that the place goes on by;  dragged: as pixel_chosen, of
    the window that is pulled: where its middle is"""

    pixel_chosen = Signal(int, int, int)
    dragged = Signal(int, int, int)
    moved = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._panes: list[Pane] = []
        self._images: list[tuple[float, QImage] | None] = []  # each with the size of its pixels; None is to be made
        self._spot: Spot | None = None
        self._facts: list[tuple[str, str]] = []
        self._words = ""
        self._fresh_until: int | None = None
        self._pulled: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._measure()
        theme().changed.connect(self._measure)

    # What it shows ------------------------------------------------------------------------------------------------

    def show_panes(self, panes: Sequence[Pane], spot: Spot, facts: Sequence[tuple[str, str]], words: str) -> None:
        """facts: lines in the middle, (role, text), role "quiet", "figure" or "small";  words: for screen readers"""
        kept = zip(panes, self._panes, self._images, strict=False)
        images = [image if alike(one, other) else None for one, other, image in kept]
        self._images = images + [None] * (len(panes) - len(images))
        self._panes, self._spot, self._facts, self._words = list(panes), spot, list(facts), words
        self._describe()
        self.update()

    def show_until(self, place: int | None) -> None:
        """Let the map be pale behind this place, counted row by row: it is still to come. None: all is there"""
        self._fresh_until = place
        self.update()

    def clear(self) -> None:
        self._panes, self._images, self._spot, self._facts = [], [], None, []
        self.update()

    def recolor(self) -> None:
        """Make the pictures anew."""
        self._images = [None] * len(self._panes)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, round(200 * theme().text_scale))

    def _measure(self) -> None:
        """The text may be of another size, and the colours others."""
        self.setMinimumHeight(round(190 * theme().text_scale))
        self.recolor()

    # Geometry -----------------------------------------------------------------------------------------------------

    @property
    def shows_facts(self) -> bool:
        """Whether there is room for them between the pictures."""
        return self._beside() > 0

    def _beside(self) -> float:
        """px in the middle for the facts; 0 where they stand below."""
        if len(self._panes) != 2 or self.width() < 560:
            return 0.0
        return min(300.0, max(190.0, self.width() * 0.27)) * min(1.3, theme().text_scale)

    def places(self) -> list[Placed]:
        """Where the pictures lie, without their rims; all with pixels of one size."""
        if not self._panes:
            return []
        wide = [pane.values.shape[1] + pane.rim[0] + pane.rim[1] for pane in self._panes]
        high = max(pane.values.shape[0] + pane.rim[2] + pane.rim[3] for pane in self._panes)
        between = max(self._beside(), _BETWEEN)
        room = self.width() - 2 * _MARGIN - between * (len(self._panes) - 1)
        side = min(room / sum(wide), (self.height() - _HEAD - _FOOT) / high, _LARGEST)
        side = float(int(side)) if side >= 2 else max(side, 0.5)
        spare = (room - side * sum(wide)) / max(1, len(wide) - 1)
        found, x = [], float(_MARGIN)
        for pane, columns in zip(self._panes, wide, strict=True):
            left, top = x + pane.rim[0] * side, _HEAD + pane.rim[2] * side
            height, width = pane.values.shape
            found.append(Placed(QRectF(left, top, width * side, height * side), side))
            x += columns * side + between + max(0.0, spare)
        return found

    def window_rect(self) -> QRectF | None:
        """Where the window lies."""
        if self._spot is None or not self._panes:
            return None
        rows = [row for row in self._spot.rows if row > -1_000]
        columns = self._spot.columns
        if not rows or not columns:
            return None
        place = self.places()[self._spot.pane]
        left, top = min(columns), min(rows)
        wide, high = max(columns) - left + 1, max(rows) - top + 1
        side = place.side
        return QRectF(place.room.x() + left * side, place.room.y() + top * side, wide * side, high * side)

    def pixel_rect(self, pane: int, row: int, column: int) -> QRectF:
        room, side = self.places()[pane]
        return QRectF(room.x() + column * side, room.y() + row * side, side, side)

    def pixel_at(self, point: QPointF) -> tuple[int, int, int] | None:
        """Picture, row and column under a point."""
        for number, (room, side) in enumerate(self.places()):
            if room.contains(point):
                height, width = self._panes[number].values.shape
                row, column = int((point.y() - room.y()) / side), int((point.x() - room.x()) / side)
                return number, min(row, height - 1), min(column, width - 1)
        return None

    # Drawing ------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._panes or self._spot is None:
            return
        places = self.places()
        ends = [place.room.x() - 16 - self._panes[number].rim[0] * place.side for number, place in enumerate(places)]
        for number, pane in enumerate(self._panes):
            picture = self._picture(number, places[number].side)
            end = ends[number + 1] if number + 1 < len(ends) else self.width() - _MARGIN / 2
            if number + 2 == len(ends):  # the words of the last one may begin left of it
                end = min(end, self._words_left(places[-1].room.x(), self._panes[-1], self.width() - _MARGIN / 2) - 12)
            self._draw_pane(painter, pane, picture, places[number], end)
        self._draw_where(painter, places[self._spot.pane])
        self._draw_pale(painter, places[-1])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_window(painter)
        self._draw_facts(painter, places)
        painter.end()

    def _picture(self, number: int, side: float) -> QImage:
        """Of a pane, made when it is another, or has other pixels."""
        kept, ratio = self._images[number], self.devicePixelRatioF()
        if kept is None or kept[0] != side * ratio:
            kept = self._images[number] = (side * ratio, picture_of(self._panes[number], side, ratio))
        return kept[1]

    def _draw_pane(self, painter: QPainter, pane: Pane, picture: QImage, place: Placed, end: float) -> None:
        room, side = place
        left, right, above, below = (one * side for one in pane.rim)
        if any(pane.rim):
            painter.fillRect(room.adjusted(-left, -above, right, below), theme().color("sunken"))
            painter.setPen(QPen(theme().color("line_strong"), 1, Qt.PenStyle.DashLine))
            painter.drawRect(room.adjusted(-left, -above, right, below))
        painter.drawImage(room, picture)
        painter.setPen(theme().color("line_strong"))
        painter.drawRect(room)
        self._draw_words(painter, pane, room.adjusted(-left, -above, right, below), end)

    def _draw_words(self, painter: QPainter, pane: Pane, around: QRectF, end: float) -> None:
        """What a picture is, above it, and what its colours mean, below. end: x that a text may reach"""
        title, facts = theme().font("base", "semibold"), theme().font("small")
        used = QFontMetrics(title).horizontalAdvance(pane.title) + 8
        is_last = end >= self.width() - _MARGIN
        left = self._words_left(around.x(), pane, end) if is_last else around.x()
        head = QRectF(left, 0, end - left, _HEAD)
        painter.setFont(title)
        painter.setPen(theme().color("text"))
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, pane.title)
        painter.setFont(facts)
        painter.setPen(theme().color("text_quiet"))
        shown = theme().elided(pane.facts, head.width() - used, "small")[0]
        painter.drawText(head.adjusted(used, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, shown)
        low, high = colors.range_of(pane.values)
        scale = figure_text(colors.scale_of(pane.values))
        ends = (f"−{scale}", f"+{scale}") if pane.signed else (figure_text(low), figure_text(high))
        width = max(around.width(), _BAR_LEAST)
        foot = QRectF(min(around.x(), self.width() - 8 - width), around.bottom() + 4, width, 18)
        draw_color_bar(painter, foot, pane.lut, *ends, longest=110)

    @staticmethod
    def _words_left(left: float, pane: Pane, end: float) -> float:
        """Where the words of the last picture begin: further left than it where they would not end in time."""
        wanted = QFontMetrics(theme().font("base", "semibold")).horizontalAdvance(pane.title) + 10
        wanted += QFontMetrics(theme().font("small")).horizontalAdvance(pane.facts)
        return max(8.0, min(left, end - wanted))

    def _draw_where(self, painter: QPainter, place: Placed) -> None:
        """Where the window lies, below its picture, at the right of the colour bar."""
        if self._spot is None or not self._spot.rows or not self._spot.columns:
            return
        text = _("window at row {row}, column {column}")
        text = text.format(row=self._spot.rows[0], column=self._spot.columns[0]).replace("-", "−")
        painter.setFont(theme().font("small"))
        room, rim = place.room, self._panes[self._spot.pane].rim
        right, below = room.right() + rim[1] * place.side, room.bottom() + rim[3] * place.side
        if room.width() >= painter.fontMetrics().horizontalAdvance(text) + 190:
            painter.setPen(theme().color("text_quiet"))
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(room.x(), below + 4, right - room.x(), 18), flags, text)

    def _draw_pale(self, painter: QPainter, place: Placed) -> None:
        """What has not been visited yet is covered, but for a breath of it."""
        until = self._fresh_until
        if until is None:
            return
        room, side = place
        width = self._panes[-1].values.shape[1]
        row, column = divmod(until, width)
        cover = theme().color("surface")
        cover.setAlphaF(1 - theme().tokens["opacity"]["not_yet"])
        top = room.y() + (row + 1) * side
        painter.fillRect(QRectF(room.x(), top, room.width(), max(0.0, room.bottom() - top)), cover)
        left = room.x() + (column + 1) * side
        painter.fillRect(QRectF(left, top - side, max(0.0, room.right() - left), side), cover)

    def _draw_window(self, painter: QPainter) -> None:
        spot, window = self._spot, self.window_rect()
        if spot is None:
            return
        pixel = self.pixel_rect(spot.pane + 1, *spot.at)
        accent = theme().color("accent")
        if window is not None:
            tint = theme().color("accent")
            tint.setAlphaF(0.07)
            beam = QPolygonF([window.topRight(), pixel.topLeft(), pixel.bottomLeft(), window.bottomRight()])
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint)
            painter.drawPolygon(beam)
            painter.setPen(QPen(accent, 1))
            painter.drawLine(window.topRight(), pixel.topLeft())
            painter.drawLine(window.bottomRight(), pixel.bottomLeft())
            self._draw_cells(painter, spot)
            ring(painter, window, "accent")
        ring(painter, pixel.adjusted(-1, -1, 1, 1), "accent")
        if self.hasFocus():
            painter.setPen(QPen(accent, 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(2, 2, -2, -2))

    def _draw_cells(self, painter: QPainter, spot: Spot) -> None:
        """The cells of the window: apart from each other where it is dilated."""
        room, side = self.places()[spot.pane]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ground = theme().color("surface")
        ground.setAlphaF(0.7)
        cells = [
            QRectF(room.x() + column * side, room.y() + row * side, side, side)
            for row in spot.rows
            for column in spot.columns
        ]
        if len(cells) > 1 and side >= 4:
            for pen in (QPen(ground, 2.5), QPen(theme().color("accent"), 1)):  # apart from a ground like the accent
                painter.setPen(pen)
                painter.drawRects(cells)
        painter.setPen(QPen(theme().color("accent"), 1.5, Qt.PenStyle.DotLine))
        for row, column in spot.sources:  # what fills the rim comes from here
            painter.drawEllipse(QRectF(room.x() + column * side, room.y() + row * side, side, side))

    def _draw_facts(self, painter: QPainter, places: list[Placed]) -> None:
        """Between the two pictures, below the lines, where there is room."""
        beside = self._beside()
        if not beside or not self._facts:
            return
        left = places[0].room.right() + self._panes[0].rim[1] * places[0].side
        right = min(places[1].room.x() - self._panes[1].rim[0] * places[1].side, self.width() - _BAR_LEAST)
        width = min(right - left - 32, 320.0)
        x = left + (right - left - width) / 2
        heights = {"quiet": 20.0, "figure": 28.0, "small": 17.0}
        scale = theme().text_scale
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop
        blocks = []
        for role, text in self._facts:
            painter.setFont(fact_font(role))
            bound = painter.boundingRect(QRectF(0, 0, width, 400), int(flags), text)
            blocks.append((role, text, max(heights[role] * scale, bound.height() + 2)))
        for y, part, overlaps in self._parts(blocks):
            if overlaps:  # in a low room there is no place that the lines leave free
                ground = theme().color("surface")
                ground.setAlphaF(0.88)
                painter.fillRect(QRectF(x - 8, y, width + 16, height_of(part)), ground)
            self._draw_part(painter, QPointF(x, y), width, part)

    def _parts(self, blocks: list[Block]) -> list[tuple[float, list[Block], bool]]:
        """All of it in one place, or above and below the lines: y, what stands there, and whether the lines cross it."""
        y, overlaps = self._beside_beam(height_of(blocks))
        second = max(number for number, (role, _text, _high) in enumerate(blocks) if role == "quiet" or not number)
        if overlaps and second:
            above, below = blocks[:second], blocks[second:]
            places = self._beside_beam(height_of(above), upwards=True), self._beside_beam(height_of(below))
            if not any(crossed for _y, crossed in places) and places[0][0] < places[1][0]:
                return [(places[0][0], above, False), (places[1][0], below, False)]
        return [(y, blocks, overlaps)]

    def _draw_part(self, painter: QPainter, at: QPointF, width: float, blocks: list[Block]) -> None:
        y, flags = at.y(), Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop
        for role, text, high in blocks:
            if y + high > self.height():
                break
            painter.setFont(fact_font(role))
            painter.setPen(theme().color("text_quiet" if role == "quiet" else "text"))
            painter.drawText(QRectF(at.x(), y, width, high), int(flags), text)
            y += high

    def _beside_beam(self, high: float, *, upwards: bool = False) -> tuple[float, bool]:
        """Where a text of this height stands: below the lines, else above them; and whether they cross it there.

        upwards: not below them
        """
        lowest, highest = self.height() - _FOOT - high, _HEAD + 4.0
        window = self.window_rect()
        if window is None or self._spot is None:
            return max(highest, lowest), False
        pixel = self.pixel_rect(self._spot.pane + 1, *self._spot.at)
        if max(window.bottom(), pixel.bottom()) + 4 <= lowest and not upwards:
            return lowest, False
        if highest + high + 4 <= min(window.top(), pixel.top()):
            return highest, False
        return max(highest, lowest), True

    # Pointer and keyboard -----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        window, found = self.window_rect(), self.pixel_at(event.position())
        if self._spot is not None and window is not None and window.contains(event.position()):
            self._pulled = self._spot.pane
        elif found is not None:
            self._pulled = found[0]
            self.pixel_chosen.emit(*found)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self.pixel_at(event.position())
        if self._pulled is not None and self._panes:
            room, side = self.places()[self._pulled]
            row, column = (event.position().y() - room.y()) // side, (event.position().x() - room.x()) // side
            self.dragged.emit(self._pulled, int(row), int(column))
        elif found is not None:
            number, row, column = found
            value = float(self._panes[number].values[row, column])
            text = f"[{row}, {column}]  {figure_text(value, 3)}"
            QToolTip.showText(event.globalPosition().toPoint(), text, self)
        else:
            QToolTip.hideText()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pulled = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _KEYS.get(Qt.Key(event.key())) if event.key() in _KEYS else None
        if step is None:
            super().keyPressEvent(event)
            return
        far = 5 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        self.moved.emit(far * step[0], far * step[1])

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _describe(self) -> None:
        """What a screen reader says: where the window is, and what comes of it."""
        self.setAccessibleName(_("Input and feature map") + (f", {self._words}" if self._words else ""))

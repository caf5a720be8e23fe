"""The sample, and below or beside it the maps of each layer as one stitched picture."""

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.core.text import _
from playground.window.layer_list.pictures import own_levels, shared_levels, stitched, thumbnail
from playground.window.plots.axis import figure_text
from playground.window.plots.colorbar import draw_color_bar
from playground.window.theme import theme

_MARGIN, _CAPTION, _GAP, _BETWEEN, _FLAT_COLUMNS = 16, 24, 6, 8, 16


class Section(NamedTuple):
    """title: "1 Conv2d  6×30×30";  maps: (count, height, width), or (count,) of a layer without pictures"""

    title: str
    maps: np.ndarray


class _Placed(NamedTuple):
    section: Section
    image: QImage
    left: float
    top: float
    side: int
    columns: int
    width: float
    low: float
    high: float


class MapsView(QWidget):
    """Painted whole; the tiles of a layer are one image."""

    def __init__(self) -> None:
        super().__init__()
        self._source: np.ndarray | None = None
        self._sections: list[Section] = []
        self._own_scale = True
        self._message = ""
        self._placed: list[_Placed] = []
        self._thumbnail = QImage()
        self._height = 0
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_maps(self, source: np.ndarray | None, sections: list[Section], own_scale: bool, message: str) -> None:
        """source: the sample as the network gets it;  message: shown where there are no maps

        A section that is the very one of before has the same maps: while a pen moves, only the sample is another.
        """
        before = self._drawn_as()
        self._source, self._sections, self._own_scale, self._message = source, sections, own_scale, message
        if sections and source is not None and self._drawn_as() == before:
            self._thumbnail = self._made_thumbnail(source)
            self.update(QRectF(QPointF(_MARGIN, 8), self._thumbnail.deviceIndependentSize()).toAlignedRect())
        else:
            self.recolor()

    def _drawn_as(self) -> tuple[object, ...]:
        """All that its picture follows from, but for the colours, the width and the sample."""
        size = None if self._source is None else self._source.shape
        return tuple(map(id, self._sections)), size, self._own_scale, self._message, self.devicePixelRatioF()

    def _made_thumbnail(self, source: np.ndarray) -> QImage:
        side = theme().tokens["tile"]["panel_maps_6"]
        return thumbnail(source, theme().lut("ink"), side, self.devicePixelRatioF())

    def recolor(self) -> None:
        """Make the pictures anew, in the room there is."""
        self._placed = []
        tile = theme().tokens["tile"]["panel_maps_6"]
        top, left = 8.0, float(_MARGIN)
        if self._source is not None:
            self._thumbnail = self._made_thumbnail(self._source)
            left += tile + 24
        least = 8 + tile + _CAPTION + _BETWEEN if self._source is not None else 0
        for number, section in enumerate(self._sections):
            # the first layer stands beside the sample, the others have the whole width
            place = self._place(section, left if number == 0 else float(_MARGIN), top)
            self._placed.append(place)
            lines = -(-len(section.maps) // place.columns)
            top += lines * (place.side + _GAP) - _GAP + _CAPTION + _BETWEEN
            top = max(top, least)  # below the sample and its word, where the first maps are smaller
        self._height = round(max(top, least))
        self.setMinimumHeight(self._height)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, self._height)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.setAttribute(
            Qt.WidgetAttribute.WA_OpaquePaintEvent
        )  # here: the style sheet takes it from a scrolled widget

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.recolor()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme().color("surface"))
        painter.setFont(theme().font("tick"))
        if self._source is not None:
            painter.drawImage(QPointF(_MARGIN, 8), self._thumbnail)
            below = 8 + self._thumbnail.height() / self._thumbnail.devicePixelRatio()
            painter.setPen(theme().color("text_secondary"))
            painter.drawText(QRectF(_MARGIN, below + 4, 80, 16), Qt.AlignmentFlag.AlignVCenter, _("input"))
        for place in self._placed:
            if event.region().intersects(self._room_of(place)):
                painter.drawImage(QPointF(place.left, place.top), place.image)
                self._draw_caption(painter, place)
        if not self._placed:
            painter.setFont(theme().font())
            painter.setPen(theme().color("text_quiet"))
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(112, 8, -16, -8), wrapped, self._message)
        painter.end()

    def _room_of(self, place: _Placed) -> QRect:
        """Of the picture of a layer and its caption, to the right edge."""
        height = place.image.height() / place.image.devicePixelRatio() + _CAPTION + _BETWEEN
        return QRectF(place.left, place.top, self.width() - place.left, height).toAlignedRect()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        text = next((found for place in self._placed if (found := self._value_at(place, event.position()))), "")
        if text:
            QToolTip.showText(event.globalPosition().toPoint(), text, self)
        else:
            QToolTip.hideText()

    def _place(self, section: Section, left: float, top: float) -> _Placed:
        maps = section.maps if section.maps.ndim == 3 else section.maps[:, None, None]
        room = max(40.0, self.width() - left - _MARGIN)
        tokens = theme().tokens["tile"]
        flat = maps.shape[1:] == (1, 1)
        wanted = 22 if flat else tokens["panel_maps_6"] if len(maps) <= 6 else tokens["panel_maps_16"]
        columns = min(len(maps), _FLAT_COLUMNS if flat else 6 if len(maps) <= 6 else 8)
        side = int(min(wanted, (room + _GAP) / columns - _GAP))
        if side < 28 and not flat:
            columns = max(1, int((room + _GAP) // (32 + _GAP)))
            side = int(min(wanted, (room + _GAP) / columns - _GAP))
        finite = maps[np.isfinite(maps)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
        own = self._own_scale and not flat
        levels = own_levels(maps) if own else shared_levels(maps, low, high)
        ratio = self.devicePixelRatioF()
        image = stitched(levels, theme().lut("viridis"), max(side, 4), _GAP, columns, ratio)
        return _Placed(section, image, left, top, max(side, 4), columns, image.width() / ratio, low, high)

    def _draw_caption(self, painter: QPainter, place: _Placed) -> None:
        painter.setFont(theme().font("tick"))
        painter.setPen(theme().color("text_secondary"))
        below = place.top + place.image.height() / place.image.devicePixelRatio() + 4
        width = max(place.width, self.width() - place.left - _MARGIN)
        room = QRectF(place.left, below, width, 16)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, place.section.title)
        own = self._own_scale and place.section.maps.ndim == 3
        low = _("its lowest") if own else figure_text(place.low)
        high = _("its highest") if own else figure_text(place.high)
        metrics = painter.fontMetrics()
        used = metrics.horizontalAdvance(place.section.title) + 16
        needed = metrics.horizontalAdvance(low) + metrics.horizontalAdvance(high) + 12 + 96
        if room.width() - used >= needed:
            draw_color_bar(painter, room.adjusted(room.width() - needed, 0, 0, 0), "viridis", low, high, longest=96)

    def _value_at(self, place: _Placed, position: QPointF) -> str:
        pitch = place.side + _GAP
        column, across = divmod(position.x() - place.left, pitch)
        line, down = divmod(position.y() - place.top, pitch)
        number = int(line) * place.columns + int(column)
        inside = 0 <= column < place.columns and line >= 0 and across < place.side and down < place.side
        if not inside or number >= len(place.section.maps):
            return ""
        one = place.section.maps[number]
        if one.ndim == 0:
            return f"[{number}]  {figure_text(float(one), 3)}"
        row, pixel = int(down / place.side * one.shape[0]), int(across / place.side * one.shape[1])
        return f"[{number},{row},{pixel}]  {figure_text(float(one[row, pixel]), 3)}"

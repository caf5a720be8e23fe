"""How cells are painted: numbers on the colour of their value, marked where they are chosen, shared, changed or stretched.

A bench shows hundreds of cells, and all of them again while a number is dragged, most as they were before or elsewhere: a
cell is painted once, and kept as a picture.
"""

import math
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen, QStaticText

from playground.core.lab.told import TensorFacts
from playground.window.lab.tensors.words import figure
from playground.window.theme import theme

STRENGTH = {"light": 0.5, "dark": 0.42}  # of the colour of a value, so that every number can be read on it
MOST_MEASURED = 400  # numbers whose widths are looked at
_RADIUS = 2
_UNKNOWN = -1  # instead of a place among the colours: the value has none
_MOST_KEPT = 4_096  # pictures of cells, of 4 KB mostly


class Look(NamedTuple):
    """Of one cell. chosen: the one in hand;  same: the same memory as that;  changed: it was another number before
    line: of the row or column in hand;  dashed: it is not stored
    """

    chosen: bool = False
    same: bool = False
    changed: bool = False
    line: bool = False
    dashed: bool = False


PLAIN = Look()


class Tint:
    """Colours of values: blue and orange around 0, as strong as the value is large. reach: the largest of all"""

    def __init__(self, reach: float) -> None:
        self._reach = reach

    @classmethod
    def of(cls, facts: TensorFacts | None) -> "Tint":
        if facts is None or facts.low is None or facts.high is None:
            return cls(0.0)
        return cls(max(abs(facts.low), abs(facts.high)))

    def color(self, value: float) -> QColor:
        return _ground(theme().name, self.place(value))

    def place(self, value: float) -> int:
        """Among the 256 colours."""
        share = value / self._reach if self._reach else np.nan
        if share != share or share in (np.inf, -np.inf):
            return _UNKNOWN
        return round(127.5 + 127.5 * max(-1.0, min(1.0, share)))


def _ground(name: str, place: int) -> QColor:
    return _color(name, "sunken") if place == _UNKNOWN else _table(name)[place]


@cache
def _table(name: str) -> tuple[QColor, ...]:
    """The 256 colours of a theme. name: of the theme, which is the one of now"""
    table = theme().lut("diverging").astype(np.float64)
    surface = theme().color("surface")
    base = np.array([surface.red(), surface.green(), surface.blue()])
    mixed = (base + (table - base) * STRENGTH[name]).round().astype(int)
    return tuple(QColor(*one) for one in mixed.tolist())


@cache
def _color(name: str, token: str) -> QColor:
    """A colour of the theme of now, which has this name."""
    return theme().color(token)


def cell_font(small: bool = False) -> QFont:
    return theme().font("small" if small else "base")


def cell_width(values: np.ndarray, small: bool = False) -> int:
    """px that the widest of these numbers needs."""
    some = {figure(one) for one in values.reshape(-1)[:MOST_MEASURED].tolist()}
    scale = theme().text_scale
    widest = max((_laid_out(text, small, scale)[1] for text in some), default=0)
    return max(round(widest) + 12, 26 if small else 36)


@lru_cache(maxsize=8_192)
def _laid_out(text: str, small: bool, scale: float) -> tuple[QStaticText, float, float]:
    """A text as it is painted, its width and its height. scale: of the text, part of the key"""
    font = cell_font(small)
    laid, metrics = QStaticText(text), QFontMetrics(font)
    laid.setTextFormat(Qt.TextFormat.PlainText)
    laid.prepare(font=font)
    return laid, metrics.horizontalAdvance(text), metrics.height()


def cell_height(small: bool = False) -> int:
    return round((22 if small else 28) * theme().text_scale)


class _Kind(NamedTuple):
    """What cells have in common. theme: its name;  wide, high: px;  scale: of texts;  ratio: pixels of the screen for a px"""

    theme: str
    wide: float
    high: float
    small: bool
    scale: float
    ratio: float


class Stamp:
    """Paints cells of one size, with one scale of colours.

    wide, high: px, with the gap to the next one
    """

    def __init__(self, painter: QPainter, tint: Tint, wide: float, high: float, *, small: bool = True) -> None:
        now, ratio = theme(), painter.device().devicePixelRatioF()
        self._painter, self._place = painter, tint.place
        self._kind = _Kind(now.name, wide, high, small, now.text_scale, ratio)
        # A picture would be blurred where its pixels are not the screen's.
        self._is_printed = ratio.is_integer() and not painter.worldTransform().isScaling()

    def __call__(self, x: float, y: float, value: float | bool, look: Look = PLAIN) -> None:
        """x, y: its upper left corner"""
        text, place = figure(value), self._place(value.real)
        if self._is_printed:
            self._painter.drawImage(QPointF(x, y), _picture(text, place, look, self._kind))
        else:
            _paint(self._painter, QPointF(x, y), text, place, look, self._kind)


@lru_cache(maxsize=_MOST_KEPT)
def _picture(text: str, place: int, look: Look, kind: _Kind) -> QImage:
    """place: of its colour"""
    wide, high = math.ceil(kind.ratio * kind.wide), math.ceil(kind.ratio * kind.high)
    picture = QImage(wide, high, QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(kind.ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint(painter, QPointF(0, 0), text, place, look, kind)
    painter.end()
    return picture


def _paint(painter: QPainter, corner: QPointF, text: str, place: int, look: Look, kind: _Kind) -> None:
    ground, ink = _ground(kind.theme, place), _color(kind.theme, "text")
    inner = QRectF(corner.x() + 0.5, corner.y() + 0.5, kind.wide - 2, kind.high - 2)
    if look == PLAIN:
        painter.fillRect(inner, ground)
    else:
        ink = _paint_marked(painter, inner, ground, look)
    laid, wide, high = _laid_out(text, kind.small, kind.scale)
    painter.setFont(cell_font(kind.small))
    painter.setPen(ink)
    painter.drawStaticText(QPointF(corner.x() + (kind.wide - wide) / 2, corner.y() + (kind.high - high) / 2), laid)


def _paint_marked(painter: QPainter, inner: QRectF, ground: QColor, look: Look) -> QColor:
    """The ground of a cell that is not like the others; gives the colour of its text."""
    name = theme().name
    ink, pen = _color(name, "text"), QPen(Qt.PenStyle.NoPen)
    if look.chosen or look.same:
        ground, ink = _color(name, "accent"), _color(name, "on_accent")
    elif look.line:
        ground, pen = _color(name, "accent_tint"), QPen(_color(name, "accent"), 1)
    if look.dashed:
        inner = inner.adjusted(1, 1, -1, -1)
        pen = QPen(_color(name, "text_quiet"), 1, Qt.PenStyle.DashLine)
        ground, ink = _color(name, "surface"), _color(name, "text_secondary")
    painter.setPen(pen)
    painter.setBrush(ground)
    painter.drawRoundedRect(inner, _RADIUS, _RADIUS)
    if look.chosen:  # a frame inside tells it from those that only share its memory
        painter.setPen(QPen(ink, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(inner.adjusted(2, 2, -2, -2))
    if look.changed:
        color = ink if look.chosen or look.same else _color(name, "accent")
        painter.setPen(QPen(color, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))  # it ends where the cell ends
        y = inner.bottom() - 2
        painter.drawLine(QPointF(inner.left(), y), QPointF(inner.right(), y))
    return ink

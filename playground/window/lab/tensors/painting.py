"""How cells are painted: numbers on the colour of their value, marked where they are chosen, shared, changed or stretched.

A bench shows hundreds of cells, and all of them again while a number is dragged: colours, texts and their widths are made
once, and most cells are a filled rectangle and a text that was laid out before.
"""

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QStaticText

from playground.core.lab.told import TensorFacts
from playground.window.lab.tensors.words import figure
from playground.window.theme import theme

STRENGTH = {"light": 0.5, "dark": 0.42}  # of the colour of a value, so that every number can be read on it
MOST_MEASURED = 400  # numbers whose widths are looked at
_RADIUS = 2


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
        share = value / self._reach if self._reach else np.nan
        if share != share or share in (np.inf, -np.inf):
            return _color(theme().name, "sunken")
        return _table(theme().name)[round(127.5 + 127.5 * max(-1.0, min(1.0, share)))]


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


def paint_cell(
    painter: QPainter, rect: QRectF, value: float | bool, tint: Tint, look: Look = PLAIN, *, small: bool = True
) -> None:
    """One cell. The font of the painter is `cell_font(small)`."""
    name = theme().name
    ground, ink = tint.color(value.real), _color(name, "text")
    inner = QRectF(rect.x() + 0.5, rect.y() + 0.5, rect.width() - 2, rect.height() - 2)
    if look == PLAIN:
        painter.fillRect(inner, ground)
    else:
        ink = _paint_marked(painter, inner, ground, look)
    laid, wide, high = _laid_out(figure(value), small, theme().text_scale)
    painter.setPen(ink)
    painter.drawStaticText(QPointF(rect.x() + (rect.width() - wide) / 2, rect.y() + (rect.height() - high) / 2), laid)


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
        painter.setPen(QPen(ink if look.chosen or look.same else _color(name, "accent"), 2))
        y = inner.bottom() - 2
        painter.drawLine(QPointF(inner.left(), y), QPointF(inner.right(), y))
    return ink

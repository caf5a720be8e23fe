"""How cells are painted: numbers on the colour of their value, marked where they are chosen, shared, changed or stretched."""

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

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
        table = theme().lut("diverging").astype(np.float64)
        surface = theme().color("surface")
        base = np.array([surface.red(), surface.green(), surface.blue()])
        self._table = (base + (table - base) * STRENGTH[theme().name]).round().astype(int)

    @classmethod
    def of(cls, facts: TensorFacts | None) -> "Tint":
        if facts is None or facts.low is None or facts.high is None:
            return cls(0.0)
        return cls(max(abs(facts.low), abs(facts.high)))

    def color(self, value: float) -> QColor:
        if not self._reach or not np.isfinite(value):
            return theme().color("sunken")
        place = round(127.5 + 127.5 * max(-1.0, min(1.0, value / self._reach)))
        return QColor(*self._table[place].tolist())


def cell_font(small: bool = False) -> QFont:
    return theme().font("small" if small else "base")


def cell_width(values: np.ndarray, small: bool = False) -> int:
    """px that the widest of these numbers needs."""
    metrics = QFontMetrics(cell_font(small))
    some = values.reshape(-1)[:MOST_MEASURED].tolist()
    widest = max((metrics.horizontalAdvance(text) for text in {figure(one) for one in some}), default=0)
    return max(widest + 12, 26 if small else 36)


def cell_height(small: bool = False) -> int:
    return round((22 if small else 28) * theme().text_scale)


def paint_cell(painter: QPainter, rect: QRectF, value: float | bool, tint: Tint, look: Look = PLAIN) -> None:
    """One cell. The font is that of the painter."""
    paint_text_cell(painter, rect, figure(value), tint.color(float(np.real(value))), look)


def paint_text_cell(painter: QPainter, rect: QRectF, text: str, ground: QColor, look: Look = PLAIN) -> None:
    inner = rect.adjusted(0.5, 0.5, -1.5, -1.5)
    ink = theme().color("text")
    if look.chosen or look.same:
        ground, ink = theme().color("accent"), theme().color("on_accent")
    elif look.line:
        ground = theme().color("accent_tint")
    painter.setPen(Qt.PenStyle.NoPen)
    if look.dashed:
        inner = inner.adjusted(1, 1, -1, -1)
        painter.setPen(QPen(theme().color("text_quiet"), 1, Qt.PenStyle.DashLine))
        ground, ink = theme().color("surface"), theme().color("text_secondary")
    elif look.line:
        painter.setPen(QPen(theme().color("accent"), 1))
    painter.setBrush(ground)
    painter.drawRoundedRect(inner, _RADIUS, _RADIUS)
    if look.chosen:  # a frame inside tells it from those that only share its memory
        painter.setPen(QPen(ink, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(inner.adjusted(2, 2, -2, -2))
    if look.changed:
        painter.setPen(QPen(ink if look.chosen or look.same else theme().color("accent"), 2))
        painter.drawLine(inner.bottomLeft() + _UP, inner.bottomRight() + _UP)
    painter.setPen(ink)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


_UP = QRectF(0, 0, 0, -2).bottomRight()

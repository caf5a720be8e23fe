"""How the optimizers of a race are told apart: each has a colour, a shape and its name."""

import math
from typing import Literal, get_args

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from playground.core.lab.told import Races
from playground.core.text import _
from playground.window.theme import theme

Name = Literal["SGD", "momentum", "Nesterov", "Adam", "RMSprop"]
RACERS: tuple[Name, ...] = get_args(Name)
_CORNERS = {0: 24, 1: 4, 2: 3, 3: 4, 4: 5}  # circle, square, triangle, diamond, pentagon
_TURNED = {1: 45.0, 2: -90.0, 3: 0.0, 4: -90.0}  # degrees, of the first corner


def number_of(name: str) -> int:
    """Its place among the optimizers."""
    return next((number for number, one in enumerate(RACERS) if one == name), 0)


def runners(races: Races) -> list[tuple[str, int]]:
    """Name and number of everyone who races: optimizers, or batches of different sizes side by side."""
    names = [race.name for race in races.races]
    if len(set(names)) == len(names):
        return [(name, number_of(name)) for name in names]
    sizes = [_("{n} in a step").format(n=race.batch) if race.batch else _("all in a step") for race in races.races]
    return list(zip(sizes, range(len(sizes)), strict=True))


def color_of(number: int) -> QColor:
    known = theme().layer_lines()
    return known[number % len(known)]


def paint_mark(painter: QPainter, number: int, at: QPointF, radius: float = 5.0) -> None:
    """A filled shape, with a rim of the surface's colour that parts it from what lies below."""
    shape = number % len(_CORNERS)
    count, first = _CORNERS[shape], math.radians(_TURNED.get(shape, 0.0))
    angles = [first + 2 * math.pi * corner / count for corner in range(count)]
    painter.setPen(QPen(theme().color("surface"), 1.5))
    painter.setBrush(color_of(number))
    painter.drawPolygon(QPolygonF([at + QPointF(radius * math.cos(one), radius * math.sin(one)) for one in angles]))


class Mark(QWidget):
    """One of the shapes, for a row of a table."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.setFixedSize(18, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_mark(painter, self.number, QPointF(9, 9), 6.0)

    def sizeHint(self) -> QSize:
        return QSize(18, 18)

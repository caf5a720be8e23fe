"""How the runs that lie over each other are told apart: by colour, by dashes, and by the shape of their marks."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from playground.window.plots.graph import pg
from playground.window.theme import theme

MOST = 8  # runs at a time; more would be nothing but a tangle
SWATCH = QSize(34, 14)  # px
_DASHES: tuple[list[float], ...] = ([], [6, 3], [2, 2], [8, 3, 2, 3])
_ORDER = (0, 3, 1, 4, 2)  # of the theme's lines: neighbours far apart
_MARKS = {"o": "○", "s": "□", "t1": "△", "d": "◇", "t": "▽", "star": "☆", "+": "+", "x": "×"}
_MARK = 7  # px


def color(slot: int) -> QColor:
    """slot: a place among the runs that are shown, from 0 to MOST − 1"""
    lines = theme().layer_lines()
    return lines[_ORDER[slot % len(_ORDER)] % len(lines)]


def pen(slot: int, width: float | None = None) -> QPen:
    """Of the train curve."""
    made = QPen(color(slot), theme().tokens["line_width"]["curve"] if width is None else width)
    made.setCosmetic(True)
    if _DASHES[slot % len(_DASHES)]:
        made.setDashPattern(_DASHES[slot % len(_DASHES)])
    return made


def faint(slot: int) -> QPen:
    """Of the line that joins the marks."""
    shade = color(slot)
    shade.setAlphaF(0.5)
    made = QPen(shade, 1)
    made.setCosmetic(True)
    return made


def mark(slot: int) -> str:
    """pyqtgraph's name of the shape that stands for the held-out loss."""
    return list(_MARKS)[slot % len(_MARKS)]


def marked(slot: int, name: str) -> str:
    """The name of a run behind the sign that looks like its marks: several may have one name."""
    return f"{_MARKS[mark(slot)]} {name}"


def swatch(slot: int | None, ratio: float = 2.0) -> QPixmap:
    """A piece of the curve with its mark, for tables; empty where the run is not shown."""
    return _drawn(slot, ratio, theme().name)


@lru_cache(maxsize=64)
def _drawn(slot: int | None, ratio: float, _theme: str) -> QPixmap:
    picture = QPixmap(SWATCH * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    if slot is None:
        return picture
    painter = QPainter(picture)
    middle = SWATCH.height() / 2
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen(slot, 2))
    painter.drawLine(QPointF(1, middle), QPointF(SWATCH.width() - 1, middle))
    painter.translate(SWATCH.width() / 2, middle)
    painter.scale(_MARK, _MARK)
    outline = QPen(color(slot), 1.5)
    outline.setCosmetic(True)
    painter.setPen(outline)
    painter.setBrush(theme().color("surface"))
    painter.drawPath(pg.graphicsItems.ScatterPlotItem.Symbols[mark(slot)])
    painter.end()
    return picture

"""The mark of where a drop lands: a line with a ring at its depth, or a frame around the block that takes it."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter, QPen

from playground.window.layer_list.drops import Target
from playground.window.theme import theme


def draw(painter: QPainter, target: Target, indent: int, width: int, block: QRect | None) -> None:
    """indent: px a level;  width: of the list in px;  block: place of the row of the block that takes it, if any"""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().color("accent"), theme().tokens["line_width"]["insertion"]))
    if block is not None:
        painter.drawRoundedRect(block.adjusted(2, 1, -3, -2), 4, 4)
        return
    left = theme().tokens["columns"]["glyph_left"] - 3 + indent * target.depth
    y = max(4, target.y)
    painter.drawLine(left + 3, y, width, y)
    painter.setBrush(theme().color("surface"))
    painter.drawEllipse(QPoint(left, y), 3, 3)

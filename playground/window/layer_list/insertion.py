"""The mark of where a drop lands: a line with a ring at its depth, or a frame around the block that takes it."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter, QPen

from playground.window.layer_list.drops import Target
from playground.window.theme import theme

_RING = 3  # px, its radius


def draw(painter: QPainter, target: Target, indent: int, width: int, block: QRect | None) -> None:
    """indent: px a level;  width: of the list in px;  block: place of the row of the block that takes it, if any"""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().color("accent"), theme().tokens["line_width"]["insertion"]))
    if block is not None:
        painter.drawRoundedRect(block.adjusted(2, 1, -3, -2), 4, 4)
        return
    left, y = _ring(target, indent)
    painter.drawLine(left + _RING, y, width, y)
    painter.setBrush(theme().color("surface"))
    painter.drawEllipse(QPoint(left, y), _RING, _RING)


def tint(painter: QPainter, block: QRect) -> None:
    """Let a block be seen as a whole, with a line down its left edge. block: with all that is in it; may be empty"""
    if not block.isEmpty():
        painter.fillRect(block, theme().color("accent_tint"))
        edge = theme().tokens["line_width"]["selection_edge"]
        painter.fillRect(block.left(), block.top(), edge, block.height(), theme().color("accent_line"))


def place(target: Target, indent: int, width: int, block: QRect | None) -> QRect:
    """What `draw` paints lies in here."""
    if block is not None:
        return block
    left, y = _ring(target, indent)
    return QRect(left - _RING - 2, y - _RING - 2, width - left + _RING + 2, 2 * _RING + 5)


def _ring(target: Target, indent: int) -> tuple[int, int]:
    """Its middle in px of the viewport."""
    left = theme().tokens["columns"]["glyph_left"] - _RING + indent * target.depth
    return left, max(_RING + 1, target.y)

"""A straight arrow."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath


def paint_arrow(painter: QPainter, begin: QPointF, end: QPointF) -> None:
    """A line with an open tip, in the painter's pen."""
    way = end - begin
    far = max(1.0, (way.x() ** 2 + way.y() ** 2) ** 0.5)
    along, across = way / far, QPointF(-way.y(), way.x()) / far
    painter.drawLine(begin, end)
    tip = QPainterPath(end - 7 * along + 4 * across)
    tip.lineTo(end)
    tip.lineTo(end - 7 * along - 4 * across)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(tip)

"""Where a descent is that has left the picture: at which side, and at what w."""

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from playground.core.text import _
from playground.window.lab.plane import Plane, halo_text
from playground.window.plots.axis import figure_text
from playground.window.theme import theme

_LONG, _TIP, _DEEP = 26, 7, 16  # px of the arrow, of its tip, and of it below the top


class Exit(NamedTuple):
    """side: −1 at the left, 1 at the right, 0 above or below;  up: where it is neither"""

    side: int
    up: bool
    text: str


def exit_of(plane: Plane, w: float, loss: float) -> Exit | None:
    """Of a point; None where it is in the picture."""
    if w < plane.x[0]:
        return Exit(-1, False, _("w {w} is outside, at the left").format(w=figure_text(w)))
    if w > plane.x[1]:
        return Exit(1, False, _("w {w} is outside, at the right").format(w=figure_text(w)))
    if plane.y[0] <= loss <= plane.y[1]:
        return None
    up = loss > plane.y[1]
    said = _("at w {w} the loss is above the picture") if up else _("at w {w} the loss is below the picture")
    return Exit(0, up, said.format(w=figure_text(w)))


def paint_exit(painter: QPainter, plane: Plane, w: float, found: Exit) -> None:
    """An arrow at the edge that points there, and the words beside it."""
    area = plane.area
    if found.side:
        edge = area.left() if found.side < 0 else area.right()
        end = QPointF(edge + found.side * 2, area.top() + _DEEP)
        way = QPointF(found.side, 0)
    else:
        end = QPointF(plane.point(w, plane.y[0]).x(), area.top() if found.up else area.bottom())
        way = QPointF(0, -1 if found.up else 1)
    begin, across = end - way * _LONG, QPointF(-way.y(), way.x())
    painter.setPen(QPen(theme().color("accent"), 2))
    painter.drawLine(begin, end)
    painter.drawPolyline(QPolygonF([end - (way - across * 0.7) * _TIP, end, end - (way + across * 0.7) * _TIP]))
    painter.setFont(theme().font("small", "semibold"))
    flat, high = Qt.AlignmentFlag.AlignVCenter, 18 * theme().text_scale
    to_right = found.side < 0 or (not found.side and end.x() < area.center().x())
    left = begin.x() + 8 if to_right else begin.x() - 8 - area.width()
    room = QRectF(left, begin.y() - high / 2, area.width(), high)
    halo_text(
        painter,
        room,
        (Qt.AlignmentFlag.AlignLeft if to_right else Qt.AlignmentFlag.AlignRight) | flat,
        found.text,
        "accent",
    )

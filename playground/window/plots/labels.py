"""Names of curves at their right ends, never on top of each other, with a thin line to where the curve ends."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from playground.window.theme import theme

APART = 14  # px between two names at least
_LEADER = 12  # px, the line to a name


class EndLabel(NamedTuple):
    """text: of a curve;  color: of its line;  y: where it ends, px from the top"""

    text: str
    color: QColor
    y: float


class EndLabels(QWidget):
    """Stands right of a plot, at the same height."""

    def __init__(self) -> None:
        super().__init__()
        self._labels: tuple[EndLabel, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFixedWidth(theme().tokens["plots"]["margins"]["right_with_labels"])

    def set_labels(self, labels: Sequence[EndLabel]) -> None:
        """The curves that have an end, in any order."""
        ordered = tuple(sorted(labels, key=lambda label: label.y))
        if ordered != self._labels:
            self._labels = ordered
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme().color("surface"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font("tick"))
        half = APART / 2
        places = spread([label.y for label in self._labels], half, self.height() - half, APART)
        for label, place in zip(self._labels, places, strict=True):
            painter.setPen(QPen(label.color, 1))
            painter.drawLine(QPointF(0, label.y), QPointF(_LEADER, place))
            painter.setPen(theme().color("text_secondary"))
            room = QRectF(_LEADER + 4, place - 8, self.width() - _LEADER - 4, 16)
            text = theme().elided(label.text, room.width(), "tick")[0]
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def sizeHint(self) -> QSize:
        return QSize(self.width(), 0)


def spread(wanted: Sequence[float], low: float, high: float, apart: float) -> list[float]:
    """Places near the wanted ones (which are in order), inside the bounds and at least `apart` from each other.

    Where there is no room for that, they share what there is.
    """
    if not wanted:
        return []
    apart = min(apart, (high - low) / max(1, len(wanted) - 1)) if high > low else 0.0
    places = []
    floor = low
    for place in wanted:
        floor = max(floor, place)
        places.append(floor)
        floor += apart
    ceiling = high
    for index in reversed(range(len(places))):
        places[index] = min(places[index], ceiling)
        ceiling = places[index] - apart
    return places

"""Names of curves beside a short piece of each, for a title bar; and a word that gives way there."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.window.theme import theme

_PIECE, _GAP, _BETWEEN = 16, 6, 10  # px: the line, to its name, to the next one


class Legend(QWidget):
    """entries: (name, pen) of each curve"""

    def __init__(self, entries: Sequence[tuple[str, QPen]]) -> None:
        super().__init__()
        self._entries = list(entries)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(", ".join(name for name, _pen in entries))

    def set_entries(self, entries: Sequence[tuple[str, QPen]]) -> None:
        """Other curves, or the pens of another theme."""
        self._entries = list(entries)
        self.setAccessibleName(", ".join(name for name, _pen in entries))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme().font("small"))
        names = sum(metrics.horizontalAdvance(name) for name, _pen in self._entries)
        return QSize(names + len(self._entries) * (_PIECE + _GAP + _BETWEEN) - _BETWEEN + 2, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme().font("small"))
        left, middle = 0, self.height() / 2
        for name, pen in self._entries:
            painter.setPen(pen)
            painter.drawLine(QPointF(left, middle), QPointF(left + _PIECE, middle))
            left += _PIECE + _GAP
            painter.setPen(theme().color("text_secondary"))
            width = painter.fontMetrics().horizontalAdvance(name)
            painter.drawText(QRectF(left, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, name)
            left += width + _BETWEEN
        painter.end()


class GivingLabel(QWidget):
    """A word that is shown whole or, where there is no room for it, not at all."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(theme().font("small")).horizontalAdvance(self._text) + 2, 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.width() < self.sizeHint().width():
            return
        painter = QPainter(self)
        painter.setFont(theme().font("small"))
        painter.setPen(theme().color("text_secondary"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self._text)
        painter.end()

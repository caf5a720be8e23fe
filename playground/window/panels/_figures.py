"""A line of large figures, each under its name."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.window.theme import theme

_MARGIN, _APART, _ABOVE = 16, 32, 6  # px


class Figure(NamedTuple):
    """name: "Test accuracy";  value: "0.984";  more: quiet text behind it, "of 1,800" """

    name: str
    value: str
    more: str = ""


class Figures(QWidget):
    """Those that have no room are left out, the last ones first; a quiet note stands at the right end."""

    def __init__(self) -> None:
        super().__init__()
        self._figures: tuple[Figure, ...] = ()
        self._note = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.updateGeometry)

    def show_figures(self, figures: Sequence[Figure], note: str) -> None:
        if (tuple(figures), note) == (self._figures, self._note):
            return
        self._figures, self._note = tuple(figures), note
        said = [" ".join(filter(None, figure)) for figure in self._figures]
        self.setAccessibleName(", ".join([*said, note]))
        self.setToolTip("\n".join([*said, note]))
        self.update()

    def sizeHint(self) -> QSize:
        names, values = (QFontMetrics(theme().font(*font)) for font in _FONTS)
        return QSize(320, names.height() + values.height() + 2 * _ABOVE)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left = float(_MARGIN)
        for figure in self._figures:
            width = self._width(figure)
            if left + width > self.width() - _MARGIN:
                break
            self._draw(painter, left, width, figure)
            left += width + _APART
        painter.setFont(theme().font("small"))
        painter.setPen(theme().color("text_quiet"))
        room = QRectF(left, 0, self.width() - _MARGIN - left, self.height() - _ABOVE - 3)
        if room.width() >= painter.fontMetrics().horizontalAdvance(self._note):
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, self._note)
        painter.end()

    def _draw(self, painter: QPainter, left: float, width: float, figure: Figure) -> None:
        (names, values), flags = _FONTS, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        painter.setFont(theme().font(*names))
        painter.setPen(theme().color("text_secondary"))
        above = QRectF(left, _ABOVE, width, self.height())
        painter.drawText(above, flags, figure.name)
        below = above.adjusted(0, painter.fontMetrics().height(), 0, 0)
        painter.setFont(theme().font(*values))
        painter.setPen(theme().color("text"))
        painter.drawText(below, flags, figure.value)
        base = below.top() + painter.fontMetrics().ascent()
        below.setLeft(left + painter.fontMetrics().horizontalAdvance(figure.value) + 6)
        painter.setFont(theme().font("small"))
        painter.setPen(theme().color("text_secondary"))
        below.setTop(base - painter.fontMetrics().ascent())
        painter.drawText(below, flags, figure.more)

    @staticmethod
    def _width(figure: Figure) -> float:
        name, value = (QFontMetrics(theme().font(*font)) for font in _FONTS)
        more = QFontMetrics(theme().font("small")).horizontalAdvance(figure.more) + 6 if figure.more else 0
        return max(name.horizontalAdvance(figure.name), value.horizontalAdvance(figure.value) + more)


_FONTS = (("tick", "regular"), ("figure", "semibold"))  # of names and of values

"""Words that are others with each frame of a run."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.window.theme import theme

_LEFT = Qt.AlignmentFlag.AlignLeft
_LINE, _LINES = _LEFT | Qt.AlignmentFlag.AlignVCenter, _LEFT | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_HIGHEST = 10_000  # px
_LEAST = 5  # letters, with the …; what is cut shorter says nothing


class Words(QWidget):
    """Takes the width there is: one line, cut off with … where that is too little, or as many lines as are needed.

    A QLabel asks for another layout of all around it with each text, and has all that lies behind it painted again. This
    one asks where it needs another height, and paints the ground behind it itself.
    """

    def __init__(
        self,
        size: str = "base",
        color: str = "text",
        *,
        weight: str = "regular",
        wrap: bool = False,
        text: str = "",
    ) -> None:
        """size, weight, color: of the tokens;  wrap: on several lines"""
        super().__init__()
        self._font, self._color, self._wraps = (size, weight), color, wrap
        self._text, self._least_lines = text, 0
        self._shown = text  # in the width that there is
        self.setAccessibleName(text)
        # of a fixed height, a layout would hold it to what it needed in the width of before
        vertical = QSizePolicy.Policy.Preferred if wrap else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, vertical)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme().changed.connect(self._renew)

    def text(self) -> str:
        """All of it, also where it is cut off."""
        return self._text

    def setText(self, text: str) -> None:
        """Show it from now on."""
        if text == self._text:
            return
        before = self.heightForWidth(self.width())
        self._text = text
        self.setAccessibleName(text)
        self._cut()
        if self._wraps and self.heightForWidth(self.width()) != before:
            self.updateGeometry()
        self.update()

    def set_least_lines(self, count: int) -> None:
        """Keep room for so many, that nothing moves where fewer are needed."""
        if count != self._least_lines:
            self._least_lines = count
            self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return self._wraps

    def heightForWidth(self, width: int) -> int:
        """px"""
        metrics = self._metrics()
        if not self._wraps:
            return metrics.height()
        room = metrics.boundingRect(QRect(0, 0, max(1, width), _HIGHEST), _LINES, self._text)
        return max(room.height(), self._least_lines * metrics.lineSpacing())

    def sizeHint(self) -> QSize:
        return QSize(0, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._metrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme().color("surface"))
        painter.setFont(theme().font(*self._font))
        painter.setPen(theme().color(self._color))
        painter.drawText(self.rect(), _LINES if self._wraps else _LINE, self._shown)
        painter.end()

    def _cut(self) -> None:
        """To the width; all of it is in a tool tip then."""
        self._shown = self._text
        if not self._wraps:
            cut = self._metrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
            self._shown = cut if cut == self._text or len(cut) >= _LEAST else ""
        tip = self._text if self._shown != self._text else ""
        if tip != self.toolTip():
            self.setToolTip(tip)

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(theme().font(*self._font))

    def _renew(self) -> None:
        """In another theme, or at another size of text."""
        self.updateGeometry()
        self._cut()
        self.update()

"""The stages of a step as a row to walk along, and the lines of code of one of them."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.text import _
from playground.window import icons
from playground.window.theme import theme

_CIRCLE, _ABOVE = 22, 8  # px
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class StageBar(QWidget):
    """chosen: the place of the stage that a person goes to"""

    chosen = Signal(int)

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self.titles = list(titles)
        self.current = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.go(0)

    def go(self, place: int) -> None:
        """Show where one is, without a signal."""
        self.current = place
        self.setAccessibleName(
            _("Stage {n} of {total}: {name}").format(n=place + 1, total=len(self.titles), name=self.titles[place])
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, _ABOVE + _CIRCLE + round(26 * theme().text_scale))

    def place_at(self, x: float) -> int:
        """The stage at a distance from the left edge."""
        return min(len(self.titles) - 1, max(0, int(x / self._wide)))

    @property
    def _wide(self) -> float:
        return max(1.0, self.width() / len(self.titles))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._wish(self.place_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _KEYS:
            self._wish(self.current + _KEYS[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._wish(0 if event.key() == Qt.Key.Key_Home else len(self.titles) - 1)
        else:
            super().keyPressEvent(event)

    def _wish(self, place: int) -> None:
        if 0 <= place < len(self.titles) and place != self.current:
            self.chosen.emit(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = _ABOVE + _CIRCLE / 2
        for place in range(len(self.titles) - 1):
            painter.setPen(QPen(theme().color("accent" if place < self.current else "line_strong"), 1))
            left = (place + 0.5) * self._wide + _CIRCLE / 2 + 4
            painter.drawLine(QPointF(left, middle), QPointF(left + self._wide - _CIRCLE - 8, middle))
        for place, title in enumerate(self.titles):
            self._draw(painter, place, title)
        painter.end()

    def _draw(self, painter: QPainter, place: int, title: str) -> None:
        circle = QRectF((place + 0.5) * self._wide - _CIRCLE / 2, _ABOVE, _CIRCLE, _CIRCLE)
        here, done = place == self.current, place < self.current
        if here and self.hasFocus():
            painter.setPen(QPen(theme().color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(circle.adjusted(-4, -4, 4, 4))
        painter.setPen(QPen(theme().color("accent" if here or done else "line_strong"), 1))
        painter.setBrush(theme().color("accent" if here else "surface"))
        painter.drawEllipse(circle)
        if done:
            tick = icons.pixmap("check", 14, "accent", self.devicePixelRatioF())
            painter.drawPixmap(QPointF(circle.x() + 4, circle.y() + 4), tick)
        else:
            painter.setFont(theme().font("small", "semibold" if here else "regular"))
            painter.setPen(theme().color("on_accent" if here else "text_secondary"))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(place + 1))
        weight = "semibold" if here else "regular"
        painter.setFont(theme().font("small", weight))
        painter.setPen(theme().color("text" if here else "text_secondary"))
        room = QRectF(place * self._wide, circle.bottom() + 4, self._wide, self.height() - circle.bottom() - 4)
        shown = theme().elided(title, room.width() - 8, "small", weight)[0]
        painter.drawText(room, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, shown)


class CodeLines(QWidget):
    """A few lines of a script; the part that counts here stands out."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[str] = []
        self._part = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lines(self, lines: Sequence[str], part: str = "") -> None:
        """part: of the line that it stands in; empty for all of them"""
        self._lines, self._part = list(lines), part
        self.setAccessibleName("\n".join(lines))
        self.updateGeometry()
        self.update()

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    def sizeHint(self) -> QSize:
        return QSize(300, 20 + max(1, len(self._lines)) * self._high)

    @property
    def _high(self) -> int:
        return round(20 * theme().text_scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("sunken"))
        radius = theme().tokens["radius"]["control"]
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(16, 2, -16, -2), radius, radius)
        for number, line in enumerate(self._lines):
            self._draw(painter, 10 + number * self._high, line)
        painter.end()

    def _draw(self, painter: QPainter, top: float, line: str) -> None:
        before, part, after = line.partition(self._part) if self._part in line and self._part else ("", line, "")
        quiet = "code_comment" if line.startswith("#") else "text"
        left = 28.0
        for text, token in ((before, "code_comment"), (part, quiet), (after, "code_comment")):
            weight = "semibold" if token == "text" and before + after else "regular"
            painter.setFont(theme().font("small", weight, mono=True))
            painter.setPen(theme().color(token))
            room = QRectF(left, top, max(0.0, self.width() - 28 - left), self._high)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
            left += painter.fontMetrics().horizontalAdvance(text)

"""A lesson as one meets it in the list and on the welcome page: its number, title, sentence, and how far it is."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from playground.core.text import _
from playground.window.theme import theme

if TYPE_CHECKING:
    from playground.core.lessons.lesson import Lesson  # the page that the program begins with does without

FRAMED_LINES = 2  # that a sentence may have
_EDGE, _ABOVE = 12, 9  # px around the words
_HIGHEST = 10_000  # px
_WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


def state_text(done: int, steps: int) -> str:
    """ "✓ done", "1 of 2", "" """
    if done >= steps:
        return _("✓ done")
    return _("{done} of {steps}").format(done=done, steps=steps) if done else ""


class LessonCard(QAbstractButton):
    """lesson: that it opens;  done: how many of its steps are;  marked: it is the one that is followed"""

    def __init__(self, lesson: "Lesson", number: int, framed: bool = True) -> None:
        super().__init__()
        self.lesson, self.done, self.marked = lesson, 0, False
        self._number, self._framed = number, framed
        self.setText(_("{number}  {title}").format(number=number, title=lesson.title))
        self.setToolTip(lesson.summary)
        self.setProperty("own_ring", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        # of a fixed height, a layout would hold one in the list to what it needed in the width of before
        vertical = QSizePolicy.Policy.Fixed if framed else QSizePolicy.Policy.Preferred
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, vertical)
        policy.setHeightForWidth(not framed)
        self.setSizePolicy(policy)
        self.show_state(0, False)

    def show_state(self, done: int, marked: bool) -> None:
        self.done, self.marked = done, marked
        said = self.text(), self.lesson.summary, state_text(done, len(self.lesson.steps)).removeprefix("✓ ")
        self.setAccessibleName(", ".join(filter(None, said)))
        self.update()

    def hasHeightForWidth(self) -> bool:
        return not self._framed

    def heightForWidth(self, width: int) -> int:
        """px; in a row of frames all are as high, in the list a sentence takes what it needs"""
        return height_of(self._lines(width))

    def _lines(self, width: int) -> int:
        if self._framed:
            return FRAMED_LINES
        metrics, room = QFontMetrics(theme().font("small")), QRect(0, 0, max(1, width - 2 * _EDGE), _HIGHEST)
        return -(-metrics.boundingRect(room, _WRAPPED, self.lesson.summary).height() // metrics.lineSpacing())

    def sizeHint(self) -> QSize:
        return QSize(120, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, height_of(FRAMED_LINES if self._framed else 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.focusNextPrevChild(event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Right))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        marked = self.hasFocus() or self.isDown()
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        ground = "hover" if self.underMouse() else "accent_tint" if self.marked else "surface"
        shown = self._framed or marked
        pen = QPen(theme().color("accent" if marked else "line"), 2 if marked else 1)
        painter.setPen(pen if shown else Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(ground))
        radius = theme().tokens["radius"]["card"]
        painter.drawRoundedRect(frame, radius, radius)
        self._draw_words(painter)

    def _draw_words(self, painter: QPainter) -> None:
        width, above = self.width() - 2 * _EDGE, _ABOVE
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        state = state_text(self.done, len(self.lesson.steps))
        shown, taken = theme().elided(state, width, "small", "medium")
        painter.setFont(theme().font("small", "medium"))
        painter.setPen(theme().color("accent" if self.done >= len(self.lesson.steps) else "text_secondary"))
        painter.drawText(QRectF(self.width() - _EDGE - taken, above, taken + 2, _high("base")), left, shown)
        painter.setFont(theme().font("base", "semibold"))
        painter.setPen(theme().color("text"))
        room = width - (taken + 8 if taken else 0)
        shown, _wide = theme().elided(self.text(), room, "base", "semibold")
        painter.drawText(QRectF(_EDGE, above, room + 2, _high("base")), left, shown)
        painter.setFont(theme().font("small"))
        painter.setPen(theme().color("text_secondary"))
        below = QRectF(_EDGE, above + _high("base") + 2, width, self._lines(self.width()) * _high("small"))
        painter.drawText(below, _WRAPPED, self.lesson.summary)


def height_of(lines: int) -> int:
    """Of a card whose sentence has so many lines, px."""
    return 2 * _ABOVE + _high("base") + 2 + lines * _high("small")


def _high(size: str) -> int:
    return round(1.5 * theme().font(size).pixelSize())

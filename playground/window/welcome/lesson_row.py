"""The lessons on the welcome page: a row of those that come next, and the way to all of them."""

from itertools import pairwise

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from playground.core.text import _
from playground.session.lessons import Lessons
from playground.window.lessons.card import FRAMED_LINES, LessonCard, height_of
from playground.window.theme import theme

_NARROWEST, _GAP = 224, 12  # px of a card, and between two


class LessonRow(QWidget):
    """chosen: a lesson that was pressed;  all_wanted: the list of all"""

    chosen = Signal(object)
    all_wanted = Signal()

    def __init__(self, lessons: Lessons) -> None:
        super().__init__()
        self._lessons = lessons
        self.cards: list[LessonCard] = []
        self.said = QLabel()
        title = QLabel(_("Learn it step by step"))
        title.setProperty("role", "heading")
        self.said.setProperty("role", "small")
        self.all = QPushButton(_("All lessons"))
        self.all.clicked.connect(lambda _on=False: self.all_wanted.emit())
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(title)
        head.addWidget(self.said, 1)
        head.addWidget(self.all)
        self._line = _Line()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._line)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        lessons.loaded.connect(self.refresh)
        lessons.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Those that are not done come first to see; all from the first on where every one is."""
        lessons = self._lessons
        if [card.lesson for card in self.cards] != list(lessons.all):
            for old in self.cards:
                old.setParent(None)
                old.deleteLater()
            self.cards = [LessonCard(lesson, number) for number, lesson in enumerate(lessons.all, 1)]
            for card in self.cards:
                card.setParent(self._line)
                card.clicked.connect(lambda _on=False, lesson=card.lesson: self.chosen.emit(lesson))
            for before, after in pairwise([self.all, *self.cards]):
                QWidget.setTabOrder(before, after)
        for card in self.cards:
            card.show_state(lessons.reached(card.lesson), False)
        done = sum(map(lessons.is_done, lessons.all))
        said = _("{done} of {all} lessons done").format(done=done, all=len(lessons.all))
        self.said.setText(said if lessons.all else "")
        first = next((number for number, card in enumerate(self.cards) if not lessons.is_done(card.lesson)), 0)
        self._line.show_cards(self.cards, first)


class _Line(QWidget):
    """As many cards side by side as have room."""

    def __init__(self) -> None:
        super().__init__()
        self._cards: list[LessonCard] = []
        self._first = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_cards(self, cards: list[LessonCard], first: int) -> None:
        self._cards, self._first = cards, first
        self.updateGeometry()
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(_NARROWEST, height_of(FRAMED_LINES))  # also before there are cards: nothing moves when they come

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        narrowest = round(_NARROWEST * theme().text_scale)
        count = max(1, min(len(self._cards), (self.width() + _GAP) // (narrowest + _GAP)))
        first = max(0, min(self._first, len(self._cards) - count))
        wide = (self.width() - (count - 1) * _GAP) // count
        for number, card in enumerate(self._cards):
            place = number - first
            card.setVisible(0 <= place < count)
            card.setGeometry(place * (wide + _GAP), 0, wide, self.height())

"""Every lesson, how far each is, and why a file is left out."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from playground.core.lessons.lesson import Lesson
from playground.core.text import _, plural
from playground.disk import lessons as files
from playground.session.lessons import Lessons
from playground.window.lessons.card import LessonCard
from playground.window.scrolling import ScrollArea


class ListPage(QWidget):
    """cards: one a lesson, in order"""

    def __init__(self, lessons: Lessons, on_chosen: Callable[[Lesson], Any]) -> None:
        super().__init__()
        self._lessons, self._on_chosen = lessons, on_chosen
        self.cards: list[LessonCard] = []
        self.count, self.own = QLabel(), QLabel()
        self.faults: list[QLabel] = []
        self.count.setProperty("role", "secondary")
        self.count.setContentsMargins(4, 0, 4, 4)
        self.own.setProperty("role", "small-quiet")
        self.own.setContentsMargins(4, 8, 4, 0)
        for label in (self.count, self.own):
            label.setWordWrap(True)
        self.own.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        holder = QWidget()
        self._rows = QVBoxLayout(holder)
        self._rows.setContentsMargins(12, 12, 12, 12)
        self._rows.setSpacing(2)
        self._rows.addWidget(self.count)
        self._rows.addWidget(self.own)
        self._rows.addStretch(1)
        self.area = ScrollArea(holder)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.area)
        lessons.loaded.connect(self.refresh)

    def refresh(self) -> None:
        """Show what is known now."""
        lessons = self._lessons
        if [card.lesson for card in self.cards] != list(lessons.all):
            self._make_cards()
        for card in self.cards:
            card.show_state(lessons.reached(card.lesson), card.lesson == lessons.current)
        done = sum(map(lessons.is_done, lessons.all))
        said = plural("{n} lesson", "{n} lessons", len(lessons.all))
        self.count.setText(_("{lessons}, {done} done. Each ends in something to try.").format(lessons=said, done=done))
        self.own.setText(_("Lessons of your own are files in {folder}").format(folder=files.folder()))
        self._show_faults()

    def _make_cards(self) -> None:
        for old in self.cards:
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.cards = [LessonCard(lesson, number, framed=False) for number, lesson in enumerate(self._lessons.all, 1)]
        for number, card in enumerate(self.cards):
            card.clicked.connect(lambda _on=False, lesson=card.lesson: self._on_chosen(lesson))
            self._rows.insertWidget(1 + number, card)
        for before, after in pairwise(self.cards):
            QWidget.setTabOrder(before, after)

    def _show_faults(self) -> None:
        said = [str(fault) for fault in self._lessons.faults]
        while len(self.faults) < len(said):
            label = QLabel()
            label.setProperty("role", "warning")
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setContentsMargins(4, 8, 4, 0)
            self._rows.insertWidget(self._rows.count() - 2, label)
            self.faults.append(label)
        for number, label in enumerate(self.faults):
            label.setVisible(number < len(said))
            label.setText(said[number] if number < len(said) else "")

    def first(self) -> QWidget:
        """What gets the keyboard: the lesson that is followed, else the first that is not done."""
        followed = next((card for card in self.cards if card.marked), None)
        todo = next((card for card in self.cards if card.done < len(card.lesson.steps)), None)
        return followed or todo or (self.cards[0] if self.cards else self)

"""The steps of a lesson: what to try, and what of it is done."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.core.lessons.lesson import Lesson
from playground.core.text import _
from playground.window.theme import theme

DONE, TO_DO = "✓", "○"
_LAST = _("This was the last lesson. Now open an example, or data of your own in the room Data.")
_MARK = 14  # px, of their column


class Finish(QLabel):
    """One sentence, once all steps of a lesson are done: where it goes on, or that it was the last."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "notice")
        self.setProperty("level", "info")
        self.setIndent(0)
        self.setContentsMargins(16, 8, 16, 8)
        self.hide()

    def show_end(self, is_done: bool, following: Lesson | None) -> None:
        """following: the lesson behind it, None behind the last"""
        said = _("All done. Next comes “{title}”.")
        self.setText(said.format(title=following.title) if following is not None else _LAST)
        self.setVisible(is_done)


class StepRows(QWidget):
    """A mark, the sentence, and a word: what is done, what is to be tried now, what comes later."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[QLabel, QLabel, QLabel]] = []
        self._title, self.count = QLabel(_("Try it")), QLabel()
        self._title.setProperty("role", "title")
        self.count.setProperty("role", "small")
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.count)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(self._grid)

    def show_steps(self, lesson: Lesson, done: int) -> None:
        """done: how many of them are"""
        self._have(len(lesson.steps))
        for number, (step, row) in enumerate(zip(lesson.steps, self.rows, strict=False)):
            state = "done" if number < done else "now" if number == done else "then"
            self._show_row(row, step.say, state)
        all_done = done >= len(lesson.steps)
        said = _("all done") if all_done else _("{done} of {all} done")
        self.count.setText(said.format(done=done, all=len(lesson.steps)))

    def _have(self, count: int) -> None:
        while len(self.rows) < count:
            mark, sentence, word = QLabel(), QLabel(), QLabel()
            sentence.setWordWrap(True)
            sentence.setTextFormat(Qt.TextFormat.PlainText)
            word.setProperty("role", "small")
            for place, label in enumerate((mark, sentence, word)):
                self._grid.addWidget(
                    label, len(self.rows), place, Qt.AlignmentFlag.AlignTop if place != 1 else Qt.AlignmentFlag(0)
                )
            self.rows.append((mark, sentence, word))
        for number, row in enumerate(self.rows):
            for label in row:
                label.setVisible(number < count)

    def _show_row(self, row: tuple[QLabel, QLabel, QLabel], text: str, state: str) -> None:
        mark, sentence, word = row
        words = {"done": _("done"), "now": _("now"), "then": _("then")}
        mark.setFixedWidth(round(_MARK * theme().text_scale))
        mark.setText(DONE if state == "done" else TO_DO)
        mark.setStyleSheet(f"color: {theme().color('accent' if state != 'then' else 'text_quiet').name()}")
        sentence.setText(text)
        word.setText(words[state])
        role = "secondary" if state != "now" else ""
        if sentence.property("role") != role:
            sentence.setProperty("role", role)
            sentence.style().polish(sentence)
        sentence.setAccessibleName(f"{words[state]}: {text}")

"""The column: the lesson that is followed, its steps, and the way to the others; or the list of all."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from playground.core.lessons.lesson import Lesson
from playground.core.text import _
from playground.session.session import Session
from playground.window import icons
from playground.window.icon_button import icon_button
from playground.window.layer_list.panel import hairline
from playground.window.lessons.data_strip import DataStrip
from playground.window.lessons.list_page import ListPage
from playground.window.lessons.steps import DONE, TO_DO, Finish, StepRows
from playground.window.lessons.text import LessonText
from playground.window.theme import theme

WIDTH, NARROW, FOLDED = 340, 288, 44  # px, in a wide and in a narrow window, and folded


class LessonColumn(QWidget):
    """chosen: a lesson that is to be opened;  restart_requested: the one that is followed, from its first step
    closed: nothing of lessons is to be seen;  left: the keyboard is wanted elsewhere;  folded_changed: its width is another
    """

    chosen = Signal(object)
    restart_requested = Signal(object)
    closed = Signal()
    left = Signal()
    folded_changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setProperty("role", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.lessons, self.folded, self._narrow = session.lessons, False, False
        self.text, self.steps, self.data, self.finish = LessonText(), StepRows(), DataStrip(session), Finish()
        self.list = ListPage(self.lessons, self.chosen.emit)
        self._make_buttons()
        self._lay_out()
        self.lessons.changed.connect(self.refresh)
        self.lessons.loaded.connect(self.refresh)
        theme().changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    # Parts --------------------------------------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.all = QPushButton(_("Lessons"))
        self.all.setProperty("kind", "quiet")
        self.all.setIcon(icons.icon("chevron-left"))
        self.all.setToolTip(_("All lessons, and how far each is"))
        self.all.clicked.connect(lambda _on=False: self.show_list())
        self.place = QLabel()
        self.place.setProperty("role", "small")
        self.marks = QLabel()  # of the steps, while it is folded
        self.marks.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.marks.setContentsMargins(0, 8, 0, 0)
        self.marks.hide()
        self.fold_button = icon_button("chevron-left", _("Fold the lesson"), lambda: self.fold(not self.folded))
        self.close_button = icon_button("close", _("Close the lesson"), self.closed.emit)
        self.way = QPushButton(_("Show the network"))
        self.way.setToolTip(_("Fold the lesson: its steps are looked at all the same"))
        self.way.clicked.connect(lambda _on=False: self.fold(True))
        self.way.hide()
        self.again = QPushButton(_("Start again"))
        self.again.setToolTip(_("Open its page anew; its steps are to be done again"))
        self.before, self.next = QPushButton(_("Previous")), QPushButton(_("Next"))
        self.again.clicked.connect(lambda _on=False: self.restart_requested.emit(self.lessons.current))
        for button, step in ((self.before, -1), (self.next, 1)):
            button.clicked.connect(lambda _on=False, step=step: self._go(step))

    def _lay_out(self) -> None:
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(8, 0, 8, 0)
        head.setSpacing(4)
        for widget, stretch in ((self.all, 0), (self.place, 1), (self.fold_button, 0), (self.close_button, 0)):
            head.addWidget(widget, stretch)
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 4, 16, 12)
        foot.setSpacing(8)
        foot.addWidget(self.before)
        foot.addWidget(self.again)
        foot.addStretch(1)
        foot.addWidget(self.next)
        inner.addWidget(self.text, 1)
        inner.addWidget(self.data)
        inner.addWidget(hairline())
        inner.addWidget(self.steps)
        self._way = way = QHBoxLayout()
        way.setContentsMargins(16, 0, 16, 4)
        way.addWidget(self.way)
        inner.addLayout(way)
        inner.addWidget(self.finish)
        inner.addLayout(foot)
        self._page, self.stack = page, QStackedWidget()
        self.stack.addWidget(self.list)
        self.stack.addWidget(page)
        self._line = hairline()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._line)
        column.addWidget(self.stack, 1)
        column.addWidget(self.marks)
        column.addStretch(0)

    # What is shown ------------------------------------------------------------------------------------------------

    @property
    def is_list(self) -> bool:
        """Whether all lessons are seen, and not one."""
        return self.stack.currentWidget() is self.list

    def show_list(self) -> None:
        """All lessons; the files are looked at again."""
        self.stack.setCurrentWidget(self.list)
        self.fold(False)
        self.refresh()
        self.lessons.load()
        self.take_keyboard()

    def show_lesson(self) -> None:
        """The one that is followed; the list where there is none."""
        if self.lessons.current is None:
            self.show_list()
            return
        self.stack.setCurrentWidget(self._page)
        self.fold(False)
        self.refresh()

    def refresh(self) -> None:
        """Show what is known now."""
        lesson = self.lessons.current
        self.list.refresh()
        if lesson is None:
            self.stack.setCurrentWidget(self.list)
        self.all.setVisible(not self.is_list and not self.folded)
        self.place.setText(self._place_text(lesson))
        self.place.setContentsMargins(8 if self.is_list else 0, 0, 0, 0)
        self.data.wanted = lesson is not None and bool(lesson.preset)
        self.data.refresh()
        if lesson is None:
            return
        self.text.show_text(f"# {lesson.title}\n\n{lesson.text}")
        done = self.lessons.done(lesson)
        self.steps.show_steps(lesson, done)
        self._show_marks(lesson)
        following = self.lessons.beside(lesson, 1)
        is_done = done == len(lesson.steps)
        self.finish.show_end(is_done, following)
        _set_kind(self.next, "main" if is_done and following is not None else "")
        for button, step in ((self.before, -1), (self.next, 1)):
            there = self.lessons.beside(lesson, step)
            button.setEnabled(there is not None)
            button.setToolTip(there.title if there is not None else "")

    def _show_marks(self, lesson: Lesson) -> None:
        """What is done can be seen in the strip, too."""
        done = self.lessons.done(lesson)
        marks = [DONE if number < done else TO_DO for number in range(len(lesson.steps))]
        self.marks.setText("\n".join(marks))
        said = "\n".join(f"{mark} {step.say}" for mark, step in zip(marks, lesson.steps, strict=True))
        self.marks.setToolTip(said)
        self.marks.setAccessibleName(f"{lesson.title}, {self.steps.count.text()}")
        self.marks.setStyleSheet(f"color: {theme().color('accent').name()}")

    def _place_text(self, lesson: Lesson | None) -> str:
        if self.is_list or lesson is None:
            return _("Lessons")
        known = self.lessons.all
        number = known.index(lesson) + 1 if lesson in known else 0
        return _("{number} of {all}").format(number=number, all=len(known)) if number else ""

    def _go(self, step: int) -> None:
        there = self.lessons.beside(self.lessons.current, step) if self.lessons.current is not None else None
        if there is not None:
            self.chosen.emit(there)

    # Room ---------------------------------------------------------------------------------------------------------

    def fold(self, folded: bool) -> None:
        """Leave a strip with one button, or take the room again."""
        changed = folded != self.folded
        self.folded = folded
        for widget in (self.stack, self.place, self.close_button, self._line):
            widget.setVisible(not folded)
        self.all.setVisible(not folded and not self.is_list)
        self.marks.setVisible(folded and self.lessons.current is not None)
        self.fold_button.setIcon(icons.icon("chevron-right" if folded else "chevron-left", "text_secondary"))
        name = _("Unfold the lesson") if folded else _("Fold the lesson")
        self.fold_button.setToolTip(name)
        self.fold_button.setAccessibleName(name)
        self._measure()
        if changed:
            self.folded_changed.emit()

    def show_way(self, there: bool) -> None:
        """there: the list of the network has no room beside the lesson"""
        self.way.setVisible(there)
        self._way.setContentsMargins(16, 8 if there else 0, 16, 4)

    def set_narrow(self, narrow: bool) -> None:
        """Take less room in a narrow window."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._measure()

    def _measure(self) -> None:
        wide = (NARROW if self._narrow else WIDTH) * theme().text_scale ** 0.7
        self.setFixedWidth(FOLDED if self.folded else round(wide))
        self.layout().setStretch(2, 0 if self.folded else 1)
        self.layout().setStretch(4, 1 if self.folded else 0)

    def _on_theme_changed(self) -> None:
        self._head.setFixedHeight(theme().size("tabs") - 1)
        for button in (self.fold_button, self.close_button):
            button.setFixedSize(theme().size("hit_min"), theme().size("hit_min"))
        self._measure()
        self.refresh()

    # Keyboard -----------------------------------------------------------------------------------------------------

    def take_keyboard(self) -> None:
        if self.folded:
            self.fold(False)
        wanted = self.list.first() if self.is_list else self.text
        wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(
            self.focusWidget(), (QPushButton, QToolButton)
        ):
            self.focusWidget().click()
        else:
            super().keyPressEvent(event)


def _set_kind(button: QPushButton, kind: str) -> None:
    """Another look for a button that is seen."""
    if button.property("kind") != kind:
        button.setProperty("kind", kind)
        button.style().unpolish(button)
        button.style().polish(button)

"""The lessons in the window: the column at its left edge, and how a lesson is opened. Nothing is made before it is wanted."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QWidget
from shiboken6 import isValid

from playground.core.lab.page import TOPICS
from playground.core.problem import Problem
from playground.disk import projects
from playground.window.layer_list.panel import hairline
from playground.window.rooms import ALONE, FIRST, ROOMS
from playground.window.theme import theme
from playground.window.web import open_page

if TYPE_CHECKING:
    from playground.core.lessons.lesson import Lesson
    from playground.window.lessons.column import LessonColumn
    from playground.window.main_window import MainWindow

_NARROW, _TIGHT = 1280, 1180  # px of the window, below which the column is narrower, and takes the place of the list


class LessonSide(QObject):
    """column: None until lessons were wanted first"""

    def __init__(self, window: "MainWindow", body: QBoxLayout) -> None:
        super().__init__(window)
        self._window, self._body = window, body
        self.column: LessonColumn | None = None
        self._edge: QFrame | None = None
        self._had_focus: QWidget | None = None
        theme().changed.connect(self._on_theme_changed)

    @property
    def taken(self) -> int:
        """px of the window's width."""
        return self.column.width() + 1 if self.column is not None and not self.column.isHidden() else 0

    @property
    def is_tight(self) -> bool:
        """Whether the column stands in the place of palette and list."""
        column, least = self.column, _TIGHT * theme().text_scale ** 0.7
        return column is not None and not column.isHidden() and not column.folded and self._window.width() < least

    def fit(self) -> None:
        """The window has another width, the column another state, or another room is seen."""
        if self.column is not None and self._edge is not None:
            self.column.set_narrow(self._window.width() < _NARROW)
            self.column.show_way(self.is_tight and self._window.rooms.name not in ALONE)
            self._edge.setVisible(not self.column.isHidden() and not self.is_tight)

    # What people do -----------------------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Show the column and give it the keyboard; back to the page where it has it."""
        column = self.column
        if column is not None and not column.isHidden() and column.isAncestorOf(self._window.focusWidget()):
            self._leave()
            return
        self._had_focus = self._window.focusWidget()
        shown = self._shown()
        self._window.front.leave()
        shown.show_lesson()
        shown.take_keyboard()

    def show_list(self) -> None:
        """All lessons, to choose one."""
        self._had_focus = self._window.focusWidget()
        self._window.front.leave()
        self._shown().show_list()

    def open(self, lesson: "Lesson") -> None:
        """Open a lesson's page, or its example once it was asked whether to save what is the learner's own."""
        self._when_safe(lesson, lambda: self._begin(lesson))

    def open_name(self, name: str) -> None:
        """Open the lesson of this name; all of them where there is none, or "" is asked for."""
        lessons = self._window.session.lessons
        if not lessons.all:
            lessons.load_now()
        lesson = lessons.find(name) if name else None
        if lesson is None:
            self.show_list()
        else:
            self.open(lesson)

    def restart(self, lesson: "Lesson") -> None:
        """From its first step, on a page as it was at first."""

        def again() -> None:
            self._window.session.lessons.forget(lesson)
            self._begin(lesson, anew=True)

        self._when_safe(lesson, again)

    def close(self) -> None:
        """Follow no lesson; the column is gone, what it opened stays."""
        self._window.session.lessons.close()
        if self.column is not None and self._edge is not None:
            had = self.column.isAncestorOf(self._window.focusWidget())
            self.column.hide()
            self._window.fit_columns()
            if had:
                self._leave()

    def follow(self, link: str) -> None:
        """A link of a text: to an example, a topic of the lab, a room, another lesson, or a page of the web."""
        kind, _colon, name = link.partition(":")
        window = self._window
        if kind == "preset" and name in projects.presets():
            window.files.open_example(name)
        elif kind == "lab" and name in TOPICS:
            window.open_lab(name)
        elif kind == "room" and name in ROOMS:
            window.enter(name)
        elif kind == "lesson":
            self.open_name(name)
        elif kind == "https":
            open_page(link)

    # Inside -------------------------------------------------------------------------------------------------------

    def _when_safe(self, lesson: "Lesson", do: Callable[[], None]) -> None:
        """A page of the lab takes no project away, and the example of a lesson is put aside."""
        if lesson.preset and self._window.session.lessons.holds_own_work:
            self._window.files.when_safe(do)
        else:
            do()

    def _begin(self, lesson: "Lesson", *, anew: bool = False) -> None:
        window = self._window
        try:
            window.session.lessons.begin(lesson, anew=anew)
        except Problem as problem:
            window.notices.add(problem.fault, "error")
            return
        window.front.leave()
        if lesson.page is not None:
            window.open_lab()
        else:
            window.enter(lesson.room or FIRST)
        column, self._had_focus = self._shown(), None
        column.show_lesson()
        if lesson.page is None:
            column.take_keyboard()  # a page of the lab takes it itself

    def _shown(self) -> "LessonColumn":
        """The column, in its place."""
        if self.column is None:
            self._make()
        assert self.column is not None
        assert self._edge is not None
        self.column.show()
        self._window.fit_columns()
        return self.column

    def _on_theme_changed(self) -> None:
        if self.column is not None:
            self._window.fit_columns()  # larger text may be too large for list and lesson

    def _make(self) -> None:
        from playground.window.lessons.column import LessonColumn  # many sessions never see it

        self.column, self._edge = LessonColumn(self._window.session), hairline("vertical")
        column = self.column
        column.chosen.connect(self.open)
        column.restart_requested.connect(self.restart)
        column.closed.connect(self.close)
        column.left.connect(self._leave)
        column.folded_changed.connect(self._window.fit_columns)
        column.text.link_chosen.connect(self.follow)
        self._body.insertWidget(0, column)
        self._body.insertWidget(1, self._edge)
        self._window.session.lessons.load()

    def _leave(self) -> None:
        """The keyboard goes back to where it was, or to the page."""
        if self.is_tight and self._window.rooms.name not in ALONE and self.column is not None:
            self.column.fold(True)
        back, self._had_focus = self._had_focus, None
        if back is None or not isValid(back) or not back.isVisible():
            docks = self._window.rooms.area(self._window.rooms.name).docks
            back = docks[0].panel if self._window.rooms.name == "lab" and docks else self._window.list_panel.view
        back.setFocus(Qt.FocusReason.OtherFocusReason)

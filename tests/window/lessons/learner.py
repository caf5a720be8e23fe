"""A window with lessons, and what its tests do with one."""

import pytest
from PySide6.QtWidgets import QApplication

from playground.window.lessons.column import LessonColumn
from playground.window.main_window import MainWindow
from tests.session.test_lessons import rest as rested
from tests.window.panels.feed import settle


@pytest.fixture
def window(told, qtbot) -> MainWindow:
    told.lessons.load_now()
    made = MainWindow(told)
    qtbot.addWidget(made, before_close_func=lambda one: one.session.document.undo_stack.setIndex(0))
    made.resize(1440, 900)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made)
    settle()
    return made


def opened(window: MainWindow, name: str) -> LessonColumn:
    window.lessons.open_name(name)
    settle()
    assert window.lessons.column is not None
    return window.lessons.column


def step_states(column: LessonColumn) -> list[tuple[str, str]]:
    return [(mark.text(), word.text()) for mark, _say, word in column.steps.rows if mark.isVisible()]


def rest(window: MainWindow) -> None:
    """The hand is off the page of the lab until it was looked at."""
    rested(window.session)
    settle()


def finish(window: MainWindow, done: int | None = None) -> None:
    """So many steps of the lesson that is followed are done, all without a number."""
    lessons = window.session.lessons
    assert lessons.current is not None
    window.session.settings.set(f"lessons/{lessons.current.name}", len(lessons.current.steps) if done is None else done)
    lessons.changed.emit()
    settle()

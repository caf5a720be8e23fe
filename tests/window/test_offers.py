"""What is offered when the window opens. The engine is not started."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from playground.core.edit import SetRecipe
from playground.disk import runs
from playground.session.runs import unfinished_run
from playground.window import offers
from playground.window.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def window(session, qtbot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=lambda one: one.session.document.undo_stack.setIndex(0))
    made.show()
    QApplication.processEvents()
    return made


def leave_run(session) -> None:
    """As a program that was killed at step 422 of a run leaves it."""
    folder = runs.new_run(session.document.project, "lenet-digits")
    runs.change_run(folder, state="running", pid=2**22, process_started=1.0)
    runs.checkpoint_path(folder, 422).touch()


def test_a_run_that_died_is_offered_in_a_quiet_notice(window, session, qtbot, monkeypatch):
    resumed = []
    monkeypatch.setattr(session.training, "resume_unfinished", resumed.append)
    leave_run(session)
    offers.make(session, window.notices)
    qtbot.waitUntil(lambda: len(window.notices.shown) == 1, timeout=5_000)
    (notice,) = window.notices.shown
    assert (notice.text, notice.level) == ("The last run stopped at step 422.", "info")
    qtbot.mouseClick(notice.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert [run.step for run in resumed] == [422]
    assert window.notices.shown == []


def test_the_offer_goes_when_a_run_begins(window, session):
    leave_run(session)
    offers.offer_resume(session, window.notices, unfinished_run(session.document.project))
    assert len(window.notices.shown) == 1
    session.training.history_reset.emit()
    assert window.notices.shown == []


def test_nothing_is_offered_for_another_project_or_without_such_a_run(window, session):
    offers.offer_resume(session, window.notices, None)
    leave_run(session)
    run = unfinished_run(session.document.project)
    session.document.apply(SetRecipe({"epochs": 3}))
    offers.offer_resume(session, window.notices, run)
    assert window.notices.shown == []

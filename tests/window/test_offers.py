"""What is offered when the window opens. The engine is not started."""

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from playground.core.edit import SetRecipe
from playground.core.project import Project, write_project
from playground.core.recipe import Recipe
from playground.disk import folders, runs
from playground.session import autosave
from playground.session.autosave import Unsaved
from playground.session.runs import unfinished_run
from playground.window import offers
from playground.window.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

CHANGED = Project(recipe=Recipe(epochs=77))


@pytest.fixture
def window(session, qtbot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=lambda one: one.session.document.new(CHANGED, "nothing unsaved"))
    made.show()
    QApplication.processEvents()
    return made


def leave_run(session) -> Path:
    """As a program that was killed at step 422 of a run leaves it."""
    folder = runs.new_run(session.document.project, "lenet-digits")
    runs.change_run(folder, state="running", pid=2**22, process_started=1.0)
    runs.checkpoint_path(folder, 422).touch()
    return folder


def test_a_run_that_died_is_offered_in_a_quiet_notice(window, session, qtbot, monkeypatch):
    resumed = []
    monkeypatch.setattr(session.training, "resume_unfinished", resumed.append)
    leave_run(session)
    offers.make(session, window.notices)
    qtbot.waitUntil(lambda: len(window.notices.shown) == 1, timeout=5_000)
    (notice,) = window.notices.shown
    assert (notice.text, notice.level) == ("The last run stopped at step 422.", "info")
    qtbot.mouseClick(notice.findChild(QPushButton), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: [run.step for run in resumed] == [422], timeout=5_000)
    assert window.notices.shown == []


def test_a_run_that_another_window_has_gone_on_with_is_not_resumed_twice(window, session, qtbot, monkeypatch):
    monkeypatch.setattr(
        session.training, "resume_unfinished", lambda _run: pytest.fail("two would write to one folder")
    )
    folder = leave_run(session)
    offers.make(session, window.notices)
    qtbot.waitUntil(lambda: len(window.notices.shown) == 1, timeout=5_000)
    runs.change_run(folder, state="running", **runs.own_process())  # there
    window.notices.shown[0].findChild(QPushButton).click()
    qtbot.waitUntil(lambda: "another window" in "".join(one.text for one in window.notices.shown), timeout=5_000)


def test_unsaved_changes_are_offered_and_one_after_another(window, session, qtbot):
    for written, name in enumerate(("older", "newer"), 1):
        unsaved = Unsaved(name, "", write_project(CHANGED), written, 2**22 + 1, 1.0)
        (folders.made(autosave.folder()) / f"{name}{autosave.SUFFIX}").write_bytes(msgspec.json.encode(unsaved))
    offers.make(session, window.notices)
    qtbot.waitUntil(lambda: len(window.notices.shown) == 1, timeout=5_000)
    assert window.notices.shown[0].text.startswith("newer has changes that were not saved")
    recover, throw_away, *_dismiss = window.notices.shown[0].findChildren(QPushButton)
    assert (recover.text(), throw_away.text()) == ("Recover", "Throw away")
    throw_away.click()
    assert window.notices.shown[0].text.startswith("older has changes")
    window.notices.shown[0].findChildren(QPushButton)[0].click()
    assert session.document.project == CHANGED
    assert session.document.is_modified
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

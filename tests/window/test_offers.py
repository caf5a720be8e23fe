"""What is offered when the window opens, and when a project is opened. The engine is not started."""

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from playground.core.edit import SetRecipe
from playground.core.project import Project, write_project
from playground.core.recipe import Recipe
from playground.disk import folders, projects, runs
from playground.session import autosave
from playground.session.autosave import Unsaved
from playground.session.runs import unfinished_run
from playground.window import offers
from playground.window.main_window import MainWindow
from playground.window.offers import ResumeOffer

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

CHANGED = Project(recipe=Recipe(epochs=77))


@pytest.fixture
def window(session, qtbot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=lambda one: one.session.document.new(CHANGED, "nothing unsaved"))
    made.show()
    QApplication.processEvents()
    return made


def leave_run(session, project: Project | None = None) -> Path:
    """As a program that was killed at step 422 of a run leaves it."""
    folder = runs.new_run(project or session.document.project, "lenet-digits")
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
    project = session.document.project
    ResumeOffer(session, window.notices).offer(project, unfinished_run(project))
    assert len(window.notices.shown) == 1
    session.training.history_reset.emit()
    assert window.notices.shown == []


def test_nothing_is_offered_for_another_project_or_without_such_a_run(window, session):
    offer, project = ResumeOffer(session, window.notices), session.document.project
    offer.offer(project, None)
    leave_run(session)
    run = unfinished_run(project)
    session.document.apply(SetRecipe({"epochs": 3}))
    offer.offer(project, run)
    assert window.notices.shown == []


def test_a_project_that_is_opened_later_has_its_run_offered_too(window, session, qtbot, monkeypatch):
    resumed = []
    monkeypatch.setattr(session.training, "resume_unfinished", resumed.append)
    iris = projects.load("preset:softmax-iris")
    leave_run(session, iris)
    offers.make(session, window.notices)
    session.background.close()
    QApplication.processEvents()
    assert window.notices.shown == []  # of the project with which the program began, nothing is left
    session.document.new(iris, "iris")
    qtbot.waitUntil(lambda: len(window.notices.shown) == 1, timeout=5_000)
    (notice,) = window.notices.shown
    assert (notice.text, notice.level) == ("The last run stopped at step 422.", "info")
    notice.findChild(QPushButton).click()
    qtbot.waitUntil(lambda: [run.project for run in resumed] == [iris], timeout=5_000)


def test_the_offer_goes_with_its_project_and_an_edit_asks_for_none(window, session, qtbot):
    first = session.document.project
    leave_run(session)
    offers.make(session, window.notices)
    qtbot.waitUntil(lambda: len(window.notices.shown) == 1, timeout=5_000)
    session.document.new(projects.load("preset:softmax-iris"), "iris")
    assert window.notices.shown == []
    session.document.apply(SetRecipe({"epochs": first.recipe.epochs}))
    session.background.close()
    QApplication.processEvents()
    assert window.notices.shown == []
    session.document.new(first, "first again")
    qtbot.waitUntil(lambda: len(window.notices.shown) == 1, timeout=5_000)
    window.notices.dismiss(window.notices.shown[0])
    session.document.apply(SetRecipe({"epochs": 3}))
    session.document.undo_stack.undo()  # the very project again, which nobody has opened
    session.background.close()
    QApplication.processEvents()
    assert window.notices.shown == []


def test_beside_a_run_nothing_is_offered(window, session):
    iris = projects.load("preset:softmax-iris")
    leave_run(session, iris)
    offer = ResumeOffer(session, window.notices)
    session.training.project, session.training.state = session.document.project, "running"
    session.document.new(iris, "iris")
    offer.offer(iris, unfinished_run(iris))
    assert window.notices.shown == []
    session.training.project, session.training.state = None, "idle"

"""Project files as people meet them: drops, recent files, other windows, and the question before anything is lost.

The engine is not started.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRect, QSize, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QPushButton, QWidget

from playground.core.edit import InsertLayers, SetRecipe
from playground.core.messages import Steered
from playground.core.project import write_project
from playground.disk import kept_runs, projects, runs
from playground.session import windows
from playground.window.cascade import cascaded
from playground.window.dialogs import ChangedSheet, SaveSheet
from playground.window.main_window import MainWindow
from tests.window.frame import names, relu

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

IRIS, SPIRALS = projects.load("preset:softmax-iris"), projects.load("preset:mlp-spirals")


@pytest.fixture
def window(session, qtbot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=lambda one: one.session.document.new(IRIS, "nothing unsaved"))
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def mine(window, session, tmp_path, qtbot) -> Path:
    """A file that is open in the window."""
    file = tmp_path / "mine.playground"
    projects.save(IRIS, file)
    with qtbot.waitSignal(session.document.begun, timeout=5_000):
        window.files.open_path(file)
    QApplication.processEvents()
    return file


def sheet(window: MainWindow, kind: type[QDialog]) -> QDialog | None:
    return next((one for one in window.findChildren(kind) if one.isVisible()), None)


def come_back_to(window: MainWindow) -> None:
    """From another window."""
    assert window.isActiveWindow()
    QApplication.sendEvent(window, QEvent(QEvent.Type.ActivationChange))


def file_of(path: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    mime.setText(str(path))  # as file managers do
    return mime


def drag_in(widget: QWidget, mime: QMimeData, at: QPoint) -> bool:
    """Bring a drag over a widget, as Qt does: it asks the widget, then those that it lies in. Whether one took it."""
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    event = QDragEnterEvent(at, copy, mime, left, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def drop(widget: QWidget, mime: QMimeData) -> None:
    at = widget.rect().center()
    assert drag_in(widget, mime, at)
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    QApplication.sendEvent(widget, QDropEvent(QPointF(at), copy, mime, left, Qt.KeyboardModifier.NoModifier))


# Drops ---------------------------------------------------------------------------------------------------------------


def test_a_project_file_can_be_dropped_anywhere_in_the_window(window, session, tmp_path, monkeypatch):
    opened: list[Path] = []
    monkeypatch.setattr(window.files, "open_path", opened.append)
    session.document.select([(0,)])
    QApplication.processEvents()
    file = tmp_path / "dropped.playground"
    parts = [window, *(one for one in window.findChildren(QWidget) if one.isVisible() and one.window() is window)]
    assert {"LayerListView", "Plot", "SearchField", "ValueLine"} <= {type(part).__name__ for part in parts}
    for part in parts:
        opened.clear()
        drop(part, file_of(file))
        assert opened == [file], f"{part} keeps it"


def test_several_files_at_once_are_not_taken(window, tmp_path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("a.playground", "b.playground")])
    assert not drag_in(window, mime, window.rect().center())


# The question before anything is lost --------------------------------------------------------------------------------

WAYS: dict[str, Callable[[MainWindow, Path], None]] = {
    "new": lambda window, _file: window.actions_.new.trigger(),
    "example": lambda window, _file: window.files.open_example("mlp-spirals"),
    "open": lambda window, file: chosen(window, file),
    "drop": lambda window, file: drop(window.list_panel.view.viewport(), file_of(file)),
    "recent": lambda window, file: recent(window, file),
    "quit": lambda window, _file: window.actions_.quit.trigger(),
}


def chosen(window: MainWindow, file: Path) -> None:
    window.actions_.open.trigger()
    choose(window, file)


def choose(window: MainWindow, file: Path) -> None:
    """In the dialog, where it has been opened."""
    if (dialog := window.findChild(QFileDialog)) is not None:
        dialog.fileSelected.emit(str(file))
        dialog.close()


def recent(window: MainWindow, file: Path) -> None:
    window.session.settings.add_recent(file)
    entries = [action for action in recent_actions(window) if action.toolTip() == str(file)]
    entries[0].trigger()


def recent_actions(window: MainWindow) -> list:
    window.actions_.menu.aboutToShow.emit()
    menu = next(one.menu() for one in window.actions_.menu.actions() if one.text() == "Open recent")
    return menu.actions()


def test_what_is_unsaved_is_asked_about_on_every_way(window, session, tmp_path, qtbot):
    other = tmp_path / "other.playground"
    projects.save(SPIRALS, other)
    for way, go in WAYS.items():
        session.document.new(IRIS, "mine")
        session.document.apply(InsertLayers((0,), (relu(),)))
        before = session.document.project
        go(window, other)
        sheet(window, SaveSheet).cancel_button.click()
        session.background.close()
        QApplication.processEvents()
        assert session.document.project is before, way
        assert window.isVisible()
        go(window, other)
        sheet(window, SaveSheet).discard_button.click()
        if way == "open":
            choose(window, other)
        gone = (lambda: not window.isVisible()) if way == "quit" else lambda: session.document.project != before  # noqa: B023
        qtbot.waitUntil(gone, timeout=5_000)
        expected = {"new": [], "quit": names(session)}.get(way, [layer.layer for layer in SPIRALS.network])
        assert names(session) == expected, way


def test_nothing_is_asked_where_nothing_is_unsaved(window, session, tmp_path):
    other = tmp_path / "other.playground"
    projects.save(SPIRALS, other)
    for go in WAYS.values():
        go(window, other)
        assert sheet(window, SaveSheet) is None
        session.background.close()
        QApplication.processEvents()
    assert not window.isVisible()


def test_save_as_adds_the_suffix_and_the_file_is_the_newest_of_the_recent_ones(window, session, tmp_path, qtbot):
    session.document.apply(SetRecipe({"epochs": 3}))
    window.actions_.save_as.trigger()
    with qtbot.waitSignal(session.document.saved, timeout=5_000):
        choose(window, tmp_path / "named")
    file = tmp_path / "named.playground"
    assert file.read_text() == write_project(session.document.project)
    assert (session.document.path, session.document.name) == (file, "named")
    assert not window.isWindowModified()
    newest = recent_actions(window)[0]
    assert (newest.text(), newest.toolTip()) == (f"named.playground in {tmp_path.name}", str(file))


# Other windows -------------------------------------------------------------------------------------------------------


def test_a_file_that_another_window_saved_is_offered_to_be_read_again(window, session, mine, qtbot):
    projects.save(SPIRALS, mine)
    come_back_to(window)
    qtbot.waitUntil(lambda: bool(window.notices.shown), timeout=5_000)
    (notice,) = window.notices.shown
    assert notice.text == "mine.playground was changed by another program or window."
    assert session.document.project == IRIS
    notice.findChild(QPushButton).click()
    qtbot.waitUntil(lambda: session.document.project == SPIRALS, timeout=5_000)
    assert not session.document.is_modified
    assert window.notices.shown == []
    session.document.undo_stack.undo()
    assert session.document.project == IRIS


def test_it_is_offered_once_and_no_more_when_it_was_answered(window, session, mine, qtbot):
    projects.save(SPIRALS, mine)
    for _time in range(2):
        come_back_to(window)
        session.background.close()
        QApplication.processEvents()
        window.notices.clear()
    assert window.notices.shown == []


def test_a_file_of_our_own_is_no_news(window, session, mine, qtbot):
    session.document.apply(SetRecipe({"epochs": 3}))
    with qtbot.waitSignal(session.document.saved, timeout=5_000):
        window.actions_.save.trigger()
    come_back_to(window)
    session.background.close()
    QApplication.processEvents()
    assert window.notices.shown == []


@pytest.fixture
def refused(window, session, mine, qtbot) -> ChangedSheet:
    """Ctrl+S in one window after another one has saved the same file."""
    projects.save(SPIRALS, mine)
    session.document.apply(SetRecipe({"epochs": 3}))
    window.actions_.save.trigger()
    qtbot.waitUntil(lambda: sheet(window, ChangedSheet) is not None, timeout=5_000)
    assert projects.read_file(mine) == SPIRALS
    return sheet(window, ChangedSheet)


def test_saving_over_it_can_be_wanted(window, session, mine, refused, qtbot):
    with qtbot.waitSignal(session.document.saved, timeout=5_000):
        refused.overwrite_button.click()
    assert projects.read_file(mine) == session.document.project


def test_the_file_can_be_taken_up_and_undo_brings_mine_back(window, session, mine, refused, qtbot):
    own = session.document.project
    refused.reload_button.click()
    qtbot.waitUntil(lambda: session.document.project == SPIRALS, timeout=5_000)
    session.document.undo_stack.undo()
    assert session.document.project == own


def test_it_can_be_saved_under_another_name(window, session, mine, refused, qtbot, tmp_path):
    refused.save_as_button.click()
    with qtbot.waitSignal(session.document.saved, timeout=5_000):
        choose(window, tmp_path / "both.playground")
    assert projects.read_file(mine) == SPIRALS
    assert projects.read_file(tmp_path / "both.playground") == session.document.project


def test_nothing_is_written_when_it_is_cancelled(window, session, mine, refused):
    refused.reject()
    session.background.close()
    assert projects.read_file(mine) == SPIRALS
    assert session.document.is_modified


def test_a_window_that_saves_while_it_closes_asks_and_then_closes(window, session, mine, qtbot):
    projects.save(SPIRALS, mine)
    session.document.apply(SetRecipe({"epochs": 3}))
    window.close()
    sheet(window, SaveSheet).save_button.click()
    qtbot.waitUntil(lambda: sheet(window, ChangedSheet) is not None, timeout=5_000)
    assert window.isVisible()
    sheet(window, ChangedSheet).overwrite_button.click()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=5_000)
    assert projects.read_file(mine).recipe.epochs == 3


@pytest.fixture
def opened(monkeypatch) -> list[Path | None]:
    """What other windows were opened on."""
    found: list[Path | None] = []
    monkeypatch.setattr(windows, "open_window", lambda project=None: found.append(project))
    return found


def test_a_new_window_begins_as_the_program_does(window, session, opened):
    session.document.apply(SetRecipe({"epochs": 3}))
    window.actions_.new_window.trigger()
    assert opened == [None]
    assert sheet(window, SaveSheet) is None  # nothing is lost here


def test_a_file_is_opened_in_a_window_of_its_own(window, session, opened, tmp_path, qtbot):
    file, before = tmp_path / "other.playground", session.document.project
    projects.save(SPIRALS, file)
    window.actions_.open_beside.trigger()
    choose(window, file)
    qtbot.waitUntil(lambda: opened == [file], timeout=5_000)
    assert session.document.project is before


def test_a_broken_file_is_told_in_this_window_and_no_other_is_opened(window, opened, tmp_path, qtbot):
    file = tmp_path / "broken.playground"
    file.write_text('{"format": "torch-pl')
    window.files.open_path_beside(file)
    qtbot.waitUntil(lambda: bool(window.notices.shown), timeout=5_000)
    assert "not a whole JSON text" in window.notices.shown[0].text
    assert opened == []


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, QRect(132, 82, 1440, 900)),
        (4, QRect(228, 178, 1440, 900)),
        (8, QRect(356, 306, 1440, 774)),  # smaller, where the screen ends
        (15, QRect(580, 150, 1340, 900)),  # 530 px down is more than the 380 that there are
    ],
)
def test_windows_stand_in_steps_on_the_screen(number, expected):
    screen, smallest = QRect(0, 0, 1920, 1080), QSize(1024, 700)
    assert cascaded(QRect(100, 50, 1440, 900), number, screen, smallest) == expected
    assert screen.contains(expected)


def test_a_screen_with_no_room_is_filled(window):
    assert cascaded(QRect(0, 0, 1440, 900), 3, QRect(0, 0, 1024, 700), QSize(1024, 700)) == QRect(0, 0, 1024, 700)


def test_a_second_window_does_not_lie_on_the_first(window, session, qtbot):
    second = MainWindow(session)
    qtbot.addWidget(second)
    second.show()
    assert second.pos() != window.pos() or second.size() != window.size()


# Kept runs ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def looked(session, monkeypatch) -> list:
    """The runs that the runner was told to show."""
    found: list = []
    monkeypatch.setattr(session.training, "look_at", found.append)
    return found


def kept_run(step: int | None, **changes) -> kept_runs.Kept:
    """A run on Iris as it lies on the disk. step: of its checkpoint"""
    folder = runs.new_run(IRIS, "iris")
    runs.change_run(folder, title="the long one", **{"state": "finished"} | changes)
    if step is not None:
        runs.checkpoint_path(folder, step).touch()
    return kept_runs.read(folder)


def test_a_kept_run_is_opened_with_what_it_came_to(window, session, looked):
    run = kept_run(600, steered=(Steered(300, "lr", 0.01, 0.002),))
    window.files.open_run(run)
    assert session.document.name == "the long one"
    assert session.document.project.recipe.optimizer_arguments["lr"] == 0.002  # as the run has left it
    assert [(one.folder, one.step, one.project) for one in looked] == [(str(run.folder), 600, session.document.project)]


def test_a_run_that_goes_on_here_is_not_stopped_for_one_that_is_opened(window, session, looked):
    session.training.project, session.training.state = session.document.project, "running"
    window.files.open_run(kept_run(600))
    assert session.document.project == IRIS
    assert looked == []
    (notice,) = window.notices.shown
    assert notice.text == "A run goes on, so of the long one only the project is open. Open it again after that run."
    session.training.project, session.training.state = None, "idle"


def test_of_a_run_without_a_checkpoint_the_project_is_opened(window, session, looked):
    window.files.open_run(kept_run(None))
    assert session.document.project == IRIS
    assert (looked, window.notices.shown) == ([], [])

"""A file is read beside the window, whose thread never waits for a disk. The engine is not started."""

import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from playground.core.edit import InsertLayers
from playground.disk import projects
from playground.window.dialogs import SaveSheet
from playground.window.main_window import MainWindow
from tests.window.frame import names, relu

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def window(session, qtbot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=lambda one: one.session.document.undo_stack.setIndex(0))
    made.show()
    QApplication.processEvents()
    return made


def test_a_huge_file_is_refused_and_the_window_never_waits_for_it(window, session, tmp_path, qtbot, monkeypatch):
    file, before = tmp_path / "huge.playground", session.document.project
    with file.open("wb") as huge:
        huge.truncate(200_000_000)
    reading, may_read = threading.Event(), threading.Event()
    read = projects.read_marked

    def slow(path: Path) -> object:
        reading.set()
        may_read.wait(5)
        return read(path)

    monkeypatch.setattr(projects, "read_marked", slow)
    window.files.open_path(file)  # comes back while the disk is still busy
    assert reading.wait(5)
    assert window.notices.shown == []
    may_read.set()
    qtbot.waitUntil(lambda: bool(window.notices.shown), timeout=5_000)
    assert "more than 4 MB" in window.notices.shown[-1].text
    assert session.document.project is before


def test_an_edit_made_while_a_file_is_read_is_asked_about(window, session, tmp_path, qtbot):
    file = tmp_path / "other.playground"
    projects.save(projects.load("preset:softmax-iris"), file)
    window.files.open_path(file)
    session.document.apply(InsertLayers((0,), (relu(),)))
    qtbot.waitUntil(lambda: window.findChild(SaveSheet) is not None, timeout=5_000)
    assert names(session)[0] == "ReLU"
    window.findChild(SaveSheet).discard_button.click()
    assert names(session) == ["Linear"]

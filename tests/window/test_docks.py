"""The docks in their window: another theme, drops on a plot, and the window's end. The engine is not started."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from playground.disk import projects
from playground.window.main_window import MainWindow
from playground.window.plots.plot import Plot
from playground.window.theme import theme
from tests.window.frame import names

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def window(session, qtbot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=lambda one: one.session.document.undo_stack.setIndex(0))
    made.show()
    QApplication.processEvents()
    return made


@pytest.mark.parametrize("room", ["training", "results"])
def test_another_theme_leaves_every_dock_its_size(window, room):
    window.enter(room)
    QApplication.processEvents()
    docks = window.rooms.area(room).docks
    before = [dock.geometry() for dock in docks]
    for name in ("dark", "light", "dark", "light"):
        theme().set(name)
        QApplication.processEvents()
    assert [dock.geometry() for dock in docks] == before


def test_a_project_file_that_is_dropped_on_a_plot_is_opened(window, session, tmp_path, qtbot):
    file = tmp_path / "dropped.playground"
    projects.save(projects.load("preset:softmax-iris"), file)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    plot = next(one for one in window.findChildren(Plot) if one.isVisible())
    place = plot.mapTo(window, plot.rect().center())
    words = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    for event in (QDragEnterEvent(place, *words), QDragMoveEvent(place, *words), QDropEvent(QPointF(place), *words)):
        QApplication.sendEvent(window.windowHandle(), event)  # as the system does
        assert event.isAccepted()
    qtbot.waitUntil(lambda: names(session) == ["Linear"], timeout=5_000)


def test_a_window_that_closes_is_gone_before_its_processes_are_waited_for(window, session, monkeypatch):
    close, seen = session.close, []
    monkeypatch.setattr(session, "close", lambda: (seen.append(window.isVisible()), close()))
    assert window.close()
    assert seen == [False]

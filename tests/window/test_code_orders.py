"""What the menu does with the code, whether or not it is looked at. The workbench answers when a test says so."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from playground.core.edit import SetArgument
from playground.window.command_finder import commands_of
from playground.window.main_window import MainWindow
from tests.session.desk import Desk
from tests.session.fake_engine import MISFIT

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def window(session, qtbot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=lambda one: one.session.document.undo_stack.setIndex(0))
    made.show()
    return made


def test_every_order_is_among_the_commands(window):
    texts = {one.text for one in commands_of(window.actions_.menu)}
    assert {"Show the code", "Copy the code", "Save the code …"} <= texts


def test_the_code_is_saved_though_nobody_looks_at_it(window, session, tmp_path, qtbot):
    desk = Desk(session)
    window.actions_.save_code.trigger()
    assert window.findChild(QFileDialog) is None  # there is nothing to save yet
    desk.answer_all()
    dialog = window.findChild(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "net.py"))
    dialog.close()
    qtbot.waitUntil((tmp_path / "net.py").exists, timeout=5_000)
    assert (tmp_path / "net.py").read_text(encoding="utf-8") == session.scripts.script.text
    assert len(window.rooms.areas) == 1


def test_what_cannot_be_written_is_told_and_the_clipboard_stays(window, session):
    desk = Desk(session)
    QGuiApplication.clipboard().setText("as it was")
    session.document.apply(SetArgument((11,), "in_features", 1))
    window.actions_.copy_code.trigger()
    desk.answer_all()
    assert [notice.text for notice in window.notices.shown] == [str(MISFIT)]
    assert QGuiApplication.clipboard().text() == "as it was"

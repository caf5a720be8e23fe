"""What the window tells in a strip below the run bar. The engine is not started."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from playground.core.messages import Frame
from playground.core.problem import Problem
from playground.window.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

FAULT = Problem(where="Training", what="the loss is not a number", fix="Lower the learning rate").fault


@pytest.fixture
def window(session, qtbot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=lambda one: one.session.document.undo_stack.setIndex(0))
    made.show()
    return made


def test_a_failed_run_is_told_in_a_strip_and_can_be_resumed(window, session, monkeypatch, qtbot):
    resumed = []
    monkeypatch.setattr(type(session.training), "can_resume", property(lambda _self: True))
    monkeypatch.setattr(session.training, "resume_from_checkpoint", lambda: resumed.append(True))
    session.training.run_failed.emit(FAULT)
    (notice,) = window.notices.shown
    assert "the loss is not a number" in notice.text
    button = next(one for one in notice.findChildren(QPushButton) if one.text() == "Resume from checkpoint")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert resumed == [True]
    assert window.notices.shown == []


@pytest.mark.parametrize("signal", ["run_failed", "engine_died"])
def test_what_was_told_of_a_run_is_gone_when_another_begins(window, session, signal):
    getattr(session.training, signal).emit(FAULT)
    session.training.state_changed.emit("failed")
    assert len(window.notices.shown) == 1
    session.training.state_changed.emit("preparing")
    assert window.notices.shown == []


def test_without_a_checkpoint_no_way_back_is_offered(window, session):
    session.training.engine_died.emit(FAULT)
    (notice,) = window.notices.shown
    assert not notice.findChildren(QPushButton)


def test_the_same_notice_stands_once_and_the_oldest_gives_way(window, session):
    session.notice(FAULT)
    session.notice(FAULT)
    assert len(window.notices.shown) == 1
    for number in range(5):
        window.notices.add(f"notice {number}")
    assert [notice.text for notice in window.notices.shown] == ["notice 2", "notice 3", "notice 4"]
    window.notices.clear()
    assert window.notices.shown == []


def test_a_drawn_frame_is_acknowledged(session, qtbot, monkeypatch):
    acknowledged = []
    monkeypatch.setattr(session.training, "acknowledge", lambda: acknowledged.append(True))
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.show()
    session.training.frame_received.emit(Frame(state="running"))
    assert acknowledged == []
    qtbot.waitUntil(lambda: acknowledged == [True], timeout=5_000)
    made.hide()
    session.training.frame_received.emit(Frame(state="running"))  # one that was on its way when the window was closed
    qtbot.wait(50)
    assert acknowledged == [True]

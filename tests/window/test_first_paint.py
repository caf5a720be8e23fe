"""What waits until a window is seen."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.window import first_paint
from playground.window.first_paint import AfterFirstPaint
from tests.campaigns import start_stop


class Window(QWidget):
    def __init__(self, told: list[str]) -> None:
        super().__init__()
        self._told = told

    def paintEvent(self, event: QPaintEvent) -> None:
        self._told.append("painted")


@pytest.fixture
def told():
    return []


@pytest.fixture
def window(qtbot, told):
    window = Window(told)
    qtbot.addWidget(window)
    AfterFirstPaint(window, lambda: told.append("started"))
    return window


def test_it_waits_for_the_first_paint_and_comes_once(window, told, qtbot):
    window.show()
    assert "started" not in told
    qtbot.waitUntil(lambda: "started" in told)
    assert told.index("painted") < told.index("started")
    window.update()
    window.resize(300, 200)
    qtbot.waitUntil(lambda: told[-1] == "painted")
    qtbot.wait(50)
    assert told.count("started") == 1


def test_an_update_that_is_asked_for_before_the_window_is_seen_is_no_paint(window, told, qtbot):
    QCoreApplication.sendEvent(window, QEvent(QEvent.Type.UpdateRequest))
    qtbot.wait(20)
    assert "started" not in told


def test_a_window_that_is_not_painted_waits_no_longer_than_a_while(qtbot, told, monkeypatch):
    monkeypatch.setattr(first_paint, "AT_THE_LATEST_MS", 50)
    window = Window(told)
    qtbot.addWidget(window)
    AfterFirstPaint(window, lambda: told.append("started"))
    qtbot.waitUntil(lambda: told == ["started"])


def test_nothing_is_started_by_a_window_that_went_before(qtbot, told):
    window = Window(told)
    AfterFirstPaint(window, lambda: told.append("started"))
    window.show()
    window.close()
    window.deleteLater()
    qtbot.wait(first_paint.AT_THE_LATEST_MS + 100)
    assert "started" not in told


@pytest.mark.parametrize("is_shown", [True, False])
def test_no_timer_is_left_by_a_window_that_went_before(qtbot, told, is_shown):
    window = Window(told)
    AfterFirstPaint(window, lambda: told.append("started"), later_ms=500)
    window.setVisible(is_shown)
    window.close()
    window.deleteLater()
    assert [one for one in start_stop.left_behind() if one.startswith("timer")] == []


def test_it_can_come_a_while_after_the_paint(qtbot, told):
    window = Window(told)
    qtbot.addWidget(window)
    AfterFirstPaint(window, lambda: told.append("started"), later_ms=200)
    window.show()
    qtbot.waitUntil(lambda: "painted" in told)
    qtbot.wait(50)
    assert "started" not in told
    qtbot.waitUntil(lambda: "started" in told)

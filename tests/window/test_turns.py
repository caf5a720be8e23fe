"""Widgets draw in turns, and what waits for all of them comes last."""

import time

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import delete

from playground.window import turns as module
from playground.window.turns import Turns


@pytest.fixture
def queue(qapp):
    return Turns()


def widgets(qtbot, count: int) -> list[QWidget]:
    made = [QWidget() for _number in range(count)]
    for one in made:
        qtbot.addWidget(one)
    return made


def test_each_draws_once_and_in_order(qtbot, queue):
    first, second = widgets(qtbot, 2)
    drawn: list[str] = []
    queue.ask(first, lambda: drawn.append("first"))
    queue.ask(second, lambda: drawn.append("second"))
    queue.ask(first, lambda: drawn.append("first again"))
    queue.afterwards(lambda: drawn.append("all"))
    qtbot.waitUntil(lambda: "all" in drawn)
    assert drawn == ["first", "second", "all"]


def test_between_two_that_take_long_the_window_answers(qtbot, queue):
    first, second = widgets(qtbot, 2)
    seen: list[str] = []
    queue.ask(first, lambda: (time.sleep(2 * module.AT_ONCE_S), seen.append("first")))
    queue.ask(second, lambda: seen.append("second"))
    while "first" not in seen:
        QApplication.processEvents()
    assert seen == ["first"]
    qtbot.waitUntil(lambda: seen == ["first", "second"])


def test_one_that_is_hidden_does_not_draw(qtbot, queue):
    first, second = widgets(qtbot, 2)
    drawn: list[str] = []
    queue.ask(first, lambda: drawn.append("first"))
    queue.ask(second, lambda: drawn.append("second"))
    queue.forget(first)
    qtbot.waitUntil(lambda: bool(drawn))
    assert drawn == ["second"]


def test_one_that_asks_while_it_draws_has_another_turn_before_the_end(qtbot, queue):
    (widget,) = widgets(qtbot, 1)
    drawn: list[str] = []

    def draw() -> None:
        drawn.append("drawn")
        if len(drawn) < 3:
            queue.ask(widget, draw)

    queue.ask(widget, draw)
    queue.afterwards(lambda: drawn.append("all"))
    qtbot.waitUntil(lambda: "all" in drawn)
    assert drawn == ["drawn", "drawn", "drawn", "all"]


def test_what_was_cancelled_does_not_come(qtbot, queue):
    came: list[str] = []

    def then() -> None:
        came.append("then")

    queue.afterwards(then)
    queue.cancel(then)
    qtbot.wait(20)
    assert came == []


def test_one_that_is_gone_neither_draws_nor_keeps_the_timer(qtbot, queue):
    widget = QWidget()
    drawn: list[str] = []
    queue.ask(widget, lambda: drawn.append("drawn"))
    assert queue.findChildren(QTimer)[0].isActive()
    delete(widget)
    assert not queue.findChildren(QTimer)[0].isActive()
    qtbot.wait(20)
    assert drawn == []


def test_when_the_last_one_is_hidden_the_timer_rests(qtbot, queue):
    (widget,) = widgets(qtbot, 1)
    queue.ask(widget, lambda: None)
    queue.forget(widget)
    assert not queue.findChildren(QTimer)[0].isActive()

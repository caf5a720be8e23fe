"""A hand at the keyboard of a window; `conftest.py` shares its fixture."""

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.window.main_window import MainWindow
from tests.window.frame import names

LENET = ["Conv2d", "ReLU", "MaxPool2d", "Conv2d"]
KEYS_OF_THE_RUN = ("start", "resume", "stop", "step", "step_epoch", "reset")


class Typist:
    """A window with the first layers of LeNet, the second one selected, the keyboard in the list."""

    def __init__(self, window: MainWindow, orders: list[str]) -> None:
        self.window, self.session, self.orders = window, window.session, orders
        self.list = window.list_panel.view
        self.session.document.select(((1,),))
        self.list.setFocus()

    def press(self, keys: str) -> None:
        combination = QKeySequence(keys)[0]
        to = QApplication.focusWidget() or self.window
        QTest.keyClick(to, combination.key(), combination.keyboardModifiers())
        QApplication.processEvents()

    @property
    def names(self) -> list[str]:
        return names(self.session)

    @property
    def selection(self) -> tuple:
        return tuple(sorted(self.session.document.selection))


@pytest.fixture
def typist(session, qtbot, monkeypatch) -> Typist:
    orders: list[str] = []
    for name in KEYS_OF_THE_RUN:
        monkeypatch.setattr(session.training, name, lambda name=name: orders.append(name))
    window = MainWindow(session)
    qtbot.addWidget(window, before_close_func=lambda one: one.session.document.undo_stack.setIndex(0))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    assert names(session)[:4] == LENET
    yield Typist(window, orders)
    session.training._set_state("idle")

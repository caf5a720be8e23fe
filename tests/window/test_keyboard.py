"""The README's table of keys, key by key: each is pressed in a window and does what the table says."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from playground.window.main_window import MainWindow
from tests.window.frame import names

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

README = Path(__file__).resolve().parents[2] / "README.md"
LENET = ["Conv2d", "ReLU", "MaxPool2d", "Conv2d"]
KEYS_OF_THE_RUN = ("start", "resume", "stop", "step", "step_epoch")


def keys_in_readme() -> list[str]:
    table = README.read_text(encoding="utf-8").partition("## Keyboard")[2].partition("## ")[0]
    return re.findall(r"`([^`]+)`", "\n".join(line for line in table.splitlines() if line.startswith("|")))


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


def find(typist: Typist) -> None:
    typist.press("Ctrl+K")
    assert typist.window.actions_.finder.isVisible()


def escape(typist: Typist) -> None:
    find(typist)
    typist.press("Esc")
    assert not typist.window.actions_.finder.isVisible()


def search(typist: Typist) -> None:
    typist.press("/")
    assert typist.window.palette_panel.search.hasFocus()


def enter(typist: Typist) -> None:
    search(typist)
    QTest.keyClicks(typist.window.palette_panel.search, "dropout")
    typist.press("Enter")
    assert typist.names[:3] == ["Conv2d", "ReLU", "Dropout"]


def train(typist: Typist) -> None:
    typist.press("Ctrl+R")
    typist.session.training._set_state("paused")
    typist.press("Ctrl+R")
    assert typist.orders == ["start", "resume"]


def order(keys: str, name: str) -> Callable[[Typist], None]:
    def press(typist: Typist) -> None:
        typist.session.training._set_state("paused")
        typist.press(keys)
        assert typist.orders == [name]

    return press


def selects(keys: str, *selection: tuple[int, ...]) -> Callable[[Typist], None]:
    def press(typist: Typist) -> None:
        typist.press(keys)
        assert typist.selection == selection

    return press


def several(typist: Typist) -> None:
    typist.press("Shift+Down")
    assert typist.selection == ((1,), (2,))


def makes(keys: str, *after: str) -> Callable[[Typist], None]:
    def press(typist: Typist) -> None:
        typist.press(keys)
        assert typist.names[: len(after)] == list(after)

    return press


def copy(typist: Typist) -> None:
    typist.press("Ctrl+C")
    assert '"ReLU"' in QApplication.clipboard().mimeData().text()


def paste(typist: Typist) -> None:
    copy(typist)
    makes("Ctrl+V", "Conv2d", "ReLU", "ReLU", "MaxPool2d")(typist)


def cut(typist: Typist) -> None:
    makes("Ctrl+X", "Conv2d", "MaxPool2d")(typist)
    makes("Ctrl+V", "Conv2d", "MaxPool2d", "ReLU")(typist)


def undo(typist: Typist) -> None:
    typist.press("Del")
    makes("Ctrl+Z", *LENET)(typist)


def redo(typist: Typist) -> None:
    undo(typist)
    makes("Ctrl+Shift+Z", "Conv2d", "MaxPool2d")(typist)


def new(typist: Typist) -> None:
    typist.press("Ctrl+N")
    assert typist.names == []


def welcome(typist: Typist) -> None:
    typist.press("Ctrl+Shift+N")
    assert typist.window.front.is_open
    typist.press("Esc")
    assert not typist.window.front.is_open
    assert typist.list.hasFocus()


def asks_for_a_file(keys: str) -> Callable[[Typist], None]:
    def press(typist: Typist) -> None:
        typist.press(keys)
        dialog = typist.window.findChild(QFileDialog)
        assert dialog is not None
        dialog.reject()

    return press


def fold(typist: Typist) -> None:
    typist.press("Ctrl+B")
    assert typist.window.palette_panel.folded


def menu(typist: Typist) -> None:
    button = typist.window._more
    assert button.shortcut() == QKeySequence("Alt+M")
    assert button.menu() is typist.window.actions_.menu  # pressing would wait for the menu to be closed


CHECKS: dict[str, Callable[[Typist], None]] = {
    "Ctrl+K": find, "Esc": escape, "/": search, "Enter": enter, "Ctrl+R": train,
    "Ctrl+.": order("Ctrl+.", "stop"), "F10": order("F10", "step"), "Shift+F10": order("Shift+F10", "step_epoch"),
    "Up": selects("Up", (0,)), "Down": selects("Down", (2,)), "Shift": several,
    "Alt+Up": makes("Alt+Up", "ReLU", "Conv2d"), "Alt+Down": makes("Alt+Down", "Conv2d", "MaxPool2d", "ReLU"),
    "Del": makes("Del", "Conv2d", "MaxPool2d"), "Ctrl+D": makes("Ctrl+D", "Conv2d", "ReLU", "ReLU", "MaxPool2d"),
    "Ctrl+X": cut, "Ctrl+C": copy, "Ctrl+V": paste, "Ctrl+Z": undo, "Ctrl+Shift+Z": redo, "Ctrl+N": new,
    "Ctrl+Shift+N": welcome,
    "Ctrl+O": asks_for_a_file("Ctrl+O"), "Ctrl+S": asks_for_a_file("Ctrl+S"),
    "Ctrl+Shift+S": asks_for_a_file("Ctrl+Shift+S"), "Ctrl+B": fold, "Alt+M": menu,
}  # fmt: skip


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


def test_every_key_of_the_table_is_checked():
    assert set(keys_in_readme()) == set(CHECKS)


@pytest.mark.parametrize("key", CHECKS)
def test_a_key_does_what_the_table_says(typist, key):
    CHECKS[key](typist)


def test_no_two_commands_have_the_same_keys(typist):
    bound = [
        keys
        for action in {*typist.window.findChildren(QAction)}
        if action.shortcutContext() == Qt.ShortcutContext.WindowShortcut
        for keys in {sequence.toString() for sequence in action.shortcuts()}
        if keys
    ]
    assert len(bound) == len(set(bound))

"""The README's table of keys, key by key: each is pressed in a window and does what the table says."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from playground.core.edit import RemoveLayers
from playground.core.lab.page import default_page
from tests.session.desk import Desk
from tests.window.typist import LENET, Typist

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

README = Path(__file__).resolve().parents[2] / "README.md"


def keys_in_readme() -> list[str]:
    table = README.read_text(encoding="utf-8").partition("## Keyboard")[2].partition("## ")[0]
    return re.findall(r"`([^`]+)`", "\n".join(line for line in table.splitlines() if line.startswith("|")))


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


def new_window(keys: str, opened: str) -> Callable[[Typist], None]:
    def press(typist: Typist) -> None:
        orders: list[object] = []
        typist.window.files._attempt = orders.append  # no second window is wanted here
        typist.press(keys)
        dialog = typist.window.findChild(QFileDialog)
        assert (len(orders), dialog is not None) == {"window": (1, False), "dialog": (0, True)}[opened]
        if dialog is not None:
            dialog.reject()

    return press


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


def reset(typist: Typist) -> None:
    typist.press("Ctrl+Alt+R")
    assert typist.orders == []  # there is no run yet
    typist.session.training.project = typist.session.document.project
    typist.session.training._set_state("paused")
    typist.press("Ctrl+Alt+R")
    assert typist.orders == ["reset"]


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


def filter_(typist: Typist) -> None:
    typist.press("Ctrl+F")
    QTest.keyClicks(typist.window.list_panel.filter_line.field, "conv")
    assert typist.list.isRowHidden(2, typist.list.rootIndex())
    typist.press("Esc")
    assert not typist.list.isRowHidden(2, typist.list.rootIndex())


def grouped(typist: Typist) -> None:
    typist.press("Ctrl+G")
    assert typist.names[:3] == ["Conv2d", "Sequential", "MaxPool2d"]


def ungrouped(typist: Typist) -> None:
    grouped(typist)
    makes("Ctrl+Shift+G", *LENET)(typist)


def into_and_out(typist: Typist) -> None:
    grouped(typist)
    typist.session.document.select(((2,),))
    makes("Alt+Right", "Conv2d", "Sequential", "Conv2d")(typist)
    assert typist.selection == ((1, 1),)
    makes("Alt+Left", "Conv2d", "Sequential", "MaxPool2d")(typist)


def folded(typist: Typist) -> None:
    grouped(typist)
    block = typist.list.layers.index_of((1,))
    typist.press("Left")
    assert not typist.list.isExpanded(block)
    typist.press("Right")
    assert typist.list.isExpanded(block)


def renamed(typist: Typist) -> None:
    typist.press("F2")
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "bend")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert typist.session.document.project.network[1].name == "bend"


def switched(typist: Typist) -> None:
    typist.press("Ctrl+/")
    assert typist.session.document.project.network[1].disabled


def show_code(typist: Typist) -> None:
    typist.press("Ctrl+E")
    assert typist.window.rooms.name == "code"
    view = typist.window.rooms.area("code").docks[0].panel.view
    assert view.hasFocus()
    before = typist.names
    typist.session.document.apply(RemoveLayers(((0,),)))
    typist.press("Ctrl+Z")  # a text that is only read leaves it to the window
    assert typist.names == before


def show_runs(typist: Typist) -> None:
    typist.press("Ctrl+Shift+R")
    assert typist.window.rooms.name == "runs"
    assert typist.window.rooms.area("runs").docks[0].panel.table.hasFocus()


def show_lab(typist: Typist) -> None:
    typist.press("Ctrl+L")
    assert typist.window.rooms.name == "lab"
    panel = typist.window.rooms.area("lab").docks[0].panel
    assert panel.run.hasFocus()  # nothing of the page has run
    typist.press("Return")
    editor = panel.view.editor
    assert editor.hasFocus()
    QTest.keyClicks(editor, "z = 1")
    typist.press("Ctrl+Return")
    assert "z = 1" in typist.session.lab.page.state.lines[0]
    before = typist.names
    typist.press("Ctrl+Z")
    assert typist.session.lab.page == default_page("tensors")
    assert typist.names == before


def show_lessons(typist: Typist) -> None:
    before = typist.window.focusWidget()
    typist.press("Ctrl+Shift+L")
    column = typist.window.lessons.column
    assert column.isVisible()
    assert column.isAncestorOf(typist.window.focusWidget())
    typist.press("Ctrl+Shift+L")
    assert typist.window.focusWidget() is before
    assert column.isVisible()


def copy_code(typist: Typist) -> None:
    desk = Desk(typist.session)
    typist.press("Ctrl+Shift+C")
    desk.answer_all()
    assert QApplication.clipboard().text() == typist.session.scripts.script.text


def show_results(typist: Typist) -> None:
    typist.press("Ctrl+Shift+E")
    assert typist.window.rooms.name == "results"


def asked_to_test(typist: Typist) -> None:
    typist.press("Ctrl+T")
    assert typist.window.rooms.name == "results"
    assert [notice.text for notice in typist.window.notices.shown] == [typist.session.evaluating.refusal]


def shows(keys: str, page: str, field: str) -> Callable[[Typist], None]:
    def press(typist: Typist) -> None:
        form = typist.window.form
        typist.session.document.select(((0,),))
        typist.press(keys)
        assert form.page == page
        assert QApplication.focusWidget().accessibleName() == field
        assert QApplication.focusWidget().isVisible()
        typist.press("Esc")
        assert typist.list.hasFocus()

    return press


CHECKS: dict[str, Callable[[Typist], None]] = {
    "Ctrl+K": find, "Esc": escape, "/": search, "Enter": enter, "Ctrl+R": train,
    "Ctrl+.": order("Ctrl+.", "stop"), "F10": order("F10", "step"), "Shift+F10": order("Shift+F10", "step_epoch"),
    "Ctrl+Alt+R": reset,
    "Up": selects("Up", (0,)), "Down": selects("Down", (2,)), "Shift": several,
    "Alt+Up": makes("Alt+Up", "ReLU", "Conv2d"), "Alt+Down": makes("Alt+Down", "Conv2d", "MaxPool2d", "ReLU"),
    "Del": makes("Del", "Conv2d", "MaxPool2d"), "Ctrl+D": makes("Ctrl+D", "Conv2d", "ReLU", "ReLU", "MaxPool2d"),
    "Ctrl+X": cut, "Ctrl+C": copy, "Ctrl+V": paste, "Ctrl+Z": undo, "Ctrl+Shift+Z": redo, "Ctrl+N": new,
    "Ctrl+Shift+N": welcome,
    "Ctrl+O": asks_for_a_file("Ctrl+O"), "Ctrl+S": asks_for_a_file("Ctrl+S"),
    "Ctrl+Alt+N": new_window("Ctrl+Alt+N", "window"), "Ctrl+Alt+O": new_window("Ctrl+Alt+O", "dialog"),
    "Ctrl+Shift+S": asks_for_a_file("Ctrl+Shift+S"), "Ctrl+B": fold, "Alt+M": menu,
    "Ctrl+F": filter_, "Ctrl+G": grouped, "Ctrl+Shift+G": ungrouped, "Alt+Right": into_and_out, "Alt+Left": into_and_out,
    "Left": folded, "Right": folded, "F2": renamed, "Ctrl+/": switched,
    "Ctrl+E": show_code, "Ctrl+Shift+C": copy_code, "Ctrl+Shift+E": show_results, "Ctrl+T": asked_to_test,
    "Ctrl+1": shows("Ctrl+1", "layer", "out_channels"), "Ctrl+2": shows("Ctrl+2", "data", "dataset"),
    "Ctrl+3": shows("Ctrl+3", "recipe", "loss"),
    "Ctrl+Shift+R": show_runs, "Ctrl+L": show_lab, "Ctrl+Shift+L": show_lessons,
}  # fmt: skip


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
        for keys in [sequence.toString() for sequence in action.shortcuts()]  # nor has one the same keys twice
        if keys
    ]
    assert len(bound) == len(set(bound))


def test_enter_on_the_input_row_leads_to_the_data(typist):
    typist.list.setCurrentIndex(typist.list.model().index(0, 0))
    assert typist.selection == ()
    typist.press("Return")
    assert typist.window.form.page == "data"
    assert QApplication.focusWidget().accessibleName() == "dataset"


@pytest.mark.parametrize(("selection", "name"), [((), "data"), (((0,),), "layer")])
def test_tab_leads_from_the_list_through_the_form(typist, qtbot, selection, name):
    form = typist.window.form
    typist.session.document.select(selection)
    qtbot.waitUntil(lambda: form.page == name)
    typist.press("Tab")
    assert QApplication.focusWidget() is form._tabs[name]
    typist.press("Tab")
    assert form._pages[name].isAncestorOf(QApplication.focusWidget())
    typist.press("Shift+Tab")
    typist.press("Right")
    other = {"layer": "data", "data": "recipe"}[name]
    assert (form.page, QApplication.focusWidget()) == (other, form._tabs[other])
    typist.press("Tab")
    assert form._pages[other].isAncestorOf(QApplication.focusWidget())

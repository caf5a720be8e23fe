"""The box that finds a command: what fits, and what the keys do. The engine is not started."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from playground.window.command_finder import Command, CommandFinder, commands_of, fit, found
from playground.window.main_window import MainWindow
from playground.window.theme import theme
from tests.window.frame import names

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def window(session, qtbot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=lambda one: one.session.document.undo_stack.setIndex(0))
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made)
    return made


def command(text: str, group: str = "") -> Command:
    return Command(text, group, "", QAction(text))


def opened(window: MainWindow) -> CommandFinder:
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    return window.actions_.finder


def shown(finder: CommandFinder) -> list[str]:
    return [one.text for one in finder.entries.commands]


@pytest.mark.parametrize(
    ("wanted", "text", "fits"),
    [("sva", "Save as", True), ("SAVE", "Save as", True), ("asve", "Save as", False), ("", "Save", True),
     ("as s", "Save as", False), ("a s", "Save as", True), ("save as x", "Save as", False)],
)  # fmt: skip
def test_letters_fit_in_their_order(qapp, wanted, text, fits):
    assert (fit(wanted, text) is not None) is fits


def test_starts_of_words_and_whole_words_come_first(qapp):
    choices = [command("Undo"), command("Reset the layout"), command("Dark", "Appearance"), command("Redo")]
    assert [one.text for one in found("re", choices)][:2] == ["Reset the layout", "Redo"]
    assert [one.text for one in found("appearance", choices)] == ["Dark"]
    assert [one.text for one in found("rl", choices)] == ["Reset the layout"]
    assert [one.text for one in found(" ", choices)] == ["Undo", "Reset the layout", "Dark", "Redo"]
    assert found("xyz", choices) == []


def test_every_action_of_every_menu_that_can_be_done_is_there(window):
    window.session.document.select(((0,),))

    def actions(menu: QMenu) -> list[QAction]:
        return [
            one
            for action in menu.actions()
            for one in (actions(action.menu()) if action.menu() else [] if action.isSeparator() else [action])
        ]

    menu = window.actions_.menu
    listed = [one.action for one in commands_of(menu)]
    assert listed == [action for action in actions(menu) if action.isEnabled() and action.isVisible()]
    texts = {one.text for one in commands_of(menu)}
    assert {"New", "Save", "Duplicate", "Train", "One step", "Dark", "Loss", "lenet-digits", "Text 125 %"} <= texts


def test_enter_does_the_first_and_the_keyboard_goes_back(window, session):
    window.list_panel.view.setFocus()
    session.document.select(((1,),))
    finder = opened(window)
    assert finder.isVisible()
    assert finder.field.hasFocus()
    QTest.keyClicks(finder.field, "dupl")
    assert shown(finder) == ["Duplicate"]
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert names(session)[:3] == ["Conv2d", "ReLU", "ReLU"]
    assert not finder.isVisible()
    assert window.list_panel.view.hasFocus()


def test_arrows_choose_and_a_click_does(window, qtbot):
    finder = opened(window)
    QTest.keyClicks(finder.field, "appearance")
    assert shown(finder)[:2] == ["Light", "Dark"]
    QTest.keyClick(finder.field, Qt.Key.Key_Down)
    assert finder.list.currentIndex().data() == "Dark"
    place = finder.list.visualRect(finder.list.currentIndex()).center()
    qtbot.mouseClick(finder.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert theme().name == "dark"
    theme().set("light")


def test_escape_closes_without_doing_anything(window, session):
    before = session.document.project
    window.list_panel.view.setFocus()
    finder = opened(window)
    QTest.keyClicks(finder.field, "new")
    QTest.keyClick(finder.field, Qt.Key.Key_Escape)
    assert not finder.isVisible()
    assert session.document.project is before
    assert window.list_panel.view.hasFocus()
    assert opened(window).field.text() == ""
    assert len(shown(finder)) > 20


def test_a_command_that_wants_the_keyboard_keeps_it(window):
    finder = opened(window)
    QTest.keyClicks(finder.field, "search layers")
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert window.palette_panel.search.hasFocus()


def test_it_closes_when_the_keyboard_goes_elsewhere_and_when_nothing_fits_enter_does_nothing(window):
    finder = opened(window)
    QTest.keyClicks(finder.field, "qqqq")
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert finder.isVisible()
    assert (finder.nothing.isVisible(), finder.list.isVisible()) == (True, False)
    assert finder.nothing.text() == "Nothing found"
    window.palette_panel.search.setFocus()
    assert not finder.isVisible()
    assert window.palette_panel.search.hasFocus()


def test_the_button_of_the_run_bar_opens_it_and_it_lies_inside_of_the_window(window, qtbot):
    button = window.run_bar.line.find_button
    for size in ((1440, 900), (1024, 700)):
        window.resize(*size)
        QApplication.processEvents()
        if button.isVisible():
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        finder = window.actions_.finder if button.isVisible() else opened(window)
        assert finder.isVisible()
        assert window.rect().contains(finder.geometry())
        finder.grab()
        finder.dismiss()


@pytest.mark.parametrize(
    ("wanted", "command"),
    [("recipe", "Show the recipe"), ("learning rate", "Show the recipe"), ("Learn", "Show the recipe"),
     ("rate", "Show the recipe"), ("batch size", "Show the data"), ("argum", "Show the layer")],
)  # fmt: skip
def test_the_pages_of_the_form_are_found_by_what_stands_on_them(window, session, wanted, command):
    session.document.select(((0,),))
    finder = opened(window)
    QTest.keyClicks(finder.field, wanted)
    assert command in [one.text for one in finder.entries.commands]
    assert not finder.nothing.isVisible()
    assert finder.list.isVisible()


def test_letters_scattered_over_other_words_find_nothing(window):
    finder = opened(window)
    QTest.keyClicks(finder.field, "lngte")  # of learning rate
    assert "Show the recipe" not in [one.text for one in finder.entries.commands]

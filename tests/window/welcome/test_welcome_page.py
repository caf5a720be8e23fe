"""The page in its window: when it is there, what it opens, and what it asks first."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QVBoxLayout, QWidget

from playground.core.edit import InsertLayers
from playground.core.messages import DatasetState
from playground.disk import presets, projects
from playground.window.command_finder import commands_of
from playground.window.dialogs import SaveSheet
from playground.window.files import Files
from playground.window.main_window import MainWindow
from playground.window.notices import NoticeStrip
from playground.window.theme import theme
from playground.window.welcome.front import AT_START
from playground.window.welcome.page import WelcomePage
from tests.window.frame import relu

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def window(session, qtbot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=lambda one: one.session.document.undo_stack.setIndex(0))
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made)
    return made


@pytest.fixture
def page(window) -> WelcomePage:
    window.front.open()
    assert window.front.page is not None
    return window.front.page


@pytest.fixture
def alone(session, qtbot) -> WelcomePage:
    """The page without the window around it, which takes longer to make."""
    holder = QWidget()
    qtbot.addWidget(holder)
    made = WelcomePage(session, Files(holder, session, NoticeStrip()))
    QVBoxLayout(holder).addWidget(made)
    holder.layout().setContentsMargins(0, 0, 0, 0)
    holder.resize(1440, 900)
    made.refresh()
    holder.show()
    holder.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is holder)
    return made


def card_of(page: WelcomePage, name: str):
    return next(card for card in page.grid.cards if card.preset.name == name)


def press(keys: str) -> None:
    combination = QKeySequence(keys)[0]
    QTest.keyClick(QApplication.focusWidget(), combination.key(), combination.keyboardModifiers())
    QApplication.processEvents()


def test_the_page_stands_in_place_of_the_project_and_esc_goes_back_to_where_one_was(window):
    window.list_panel.view.setFocus()
    assert window.front.page is None
    press("Ctrl+Shift+N")
    page = window.front.page
    assert window.front.is_open
    assert page.isVisible()
    assert not any(one.isVisible() for one in (window.run_bar, window.list_panel, window.palette_panel))
    assert page.go_on.hasFocus()
    press("Esc")
    assert not page.isVisible()
    assert all(one.isVisible() for one in (window.run_bar, window.list_panel, window.palette_panel))
    assert window.list_panel.view.hasFocus()
    window.actions_.welcome.trigger()
    assert window.front.page is page


def test_a_window_that_begins_with_the_page_has_its_columns_when_it_is_left(session, qtbot):
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.front.open()
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    assert window.front.page.go_on.hasFocus()
    assert not window.run_bar.isVisible()
    press("Return")
    assert window.list_panel.view.hasFocus()
    assert window.palette_panel.width() == 200
    assert abs(window.list_panel.width() - 380) <= 2
    area = window.dock_area
    shares = lambda: [round(dock.width() / area.width(), 1) for dock in area.docks[:4]]  # noqa: E731
    qtbot.waitUntil(lambda: shares() == [0.5, 0.5, 0.4, 0.6], timeout=3_000)


def test_the_panels_are_made_when_the_page_in_front_of_them_was_painted(session, qtbot):
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.front.open()
    window.show()
    assert window.rooms.areas == []
    qtbot.waitUntil(lambda: len(window.rooms.areas) == 1, timeout=3_000)
    titles = {dock.windowTitle() for dock in window.dock_area.docks}
    assert len(titles) == 4
    assert titles <= {one.text for one in commands_of(window.actions_.menu) if one.group == "Panels"}
    assert window.front.is_open


def test_a_window_that_is_closed_before_its_panels_are_made_keeps_the_layout(session, qtbot):
    session.settings.layout = b"as it was"
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.front.open()
    window._remember()
    assert session.settings.layout == b"as it was"
    assert window.rooms.areas == []


def test_enter_goes_on_with_the_project(window, page, session):
    before = session.document.project
    assert page.go_on.accessibleName() == "Go on with lenet-digits"
    press("Return")
    assert not window.front.is_open
    assert session.document.project is before


def test_a_card_opens_its_project(window, page, session):
    QTest.mouseClick(card_of(page, "softmax-iris"), Qt.MouseButton.LeftButton)
    assert session.document.project == projects.load("preset:softmax-iris")
    assert session.document.name == "softmax-iris"
    assert not window.front.is_open


def test_what_is_unsaved_is_asked_about_first(window, session):
    session.document.apply(InsertLayers((0,), (relu(),)))
    window.front.open()
    card = card_of(window.front.page, "softmax-iris")
    card.click()
    sheet = next(one for one in window.findChildren(SaveSheet) if one.isVisible())
    sheet.cancel_button.click()
    assert window.front.is_open
    assert session.document.project.network[0] == relu()
    card.click()
    sheet = next(one for one in window.findChildren(SaveSheet) if one.isVisible())
    sheet.discard_button.click()
    assert session.document.name == "softmax-iris"
    assert not window.front.is_open


def test_new_begins_an_empty_project_and_open_asks_for_a_file(window, page, session):
    page.open.click()
    dialog = window.findChild(QFileDialog)
    dialog.reject()
    assert window.front.is_open
    page.new.click()
    assert session.document.project.network == ()
    assert not window.front.is_open


def test_a_recent_project_is_opened_and_one_that_is_gone_is_removed(window, session, tmp_path, qtbot):
    here, gone = tmp_path / "here.playground", tmp_path / "gone.playground"
    projects.save(projects.load("preset:softmax-iris"), here)
    for path in (gone, here):
        session.settings.add_recent(path)
    window.front.open()
    page = window.front.page
    assert list(page.recents.buttons) == [here, gone]
    qtbot.waitUntil(lambda: page.recents.buttons[gone].missing)
    page.recents.removers[gone].click()
    assert list(session.settings.recent) == list(page.recents.buttons) == [here]
    with qtbot.waitSignal(session.document.begun, timeout=5_000):
        page.recents.buttons[here].click()
    assert session.document.path == here
    assert not window.front.is_open


@pytest.mark.parametrize("state", ["preparing", "running"])
def test_a_run_that_begins_is_shown(window, page, session, state):
    session.training._set_state(state)
    assert not window.front.is_open
    session.training._set_state("idle")


def test_the_key_of_the_run_bar_trains_from_the_page(window, page, session, monkeypatch):
    orders = []
    monkeypatch.setattr(session.training, "start", lambda: orders.append("start"))
    press("Ctrl+R")
    assert orders == ["start"]


def test_the_keyboard_never_leaves_the_page(window, page):
    seen = set()
    for _ in range(60):
        press("Tab")
        now = QApplication.focusWidget()
        assert page.isAncestorOf(now)
        assert now.accessibleName() or now.text()
        seen.add(now)
    assert seen >= {page.go_on, page.new, page.open, page.at_start, *page.grid.cards}


def test_down_and_up_go_through_the_buttons(alone):
    alone.go_on.setFocus()
    for key, to in (("Down", alone.new), ("Down", alone.open), ("Up", alone.new)):
        press(key)
        assert to.hasFocus()


def test_a_card_that_gets_the_keyboard_is_scrolled_into_sight(alone):
    last = alone.grid.cards[-1]
    assert last.visibleRegion().isEmpty()
    last.setFocus()
    QApplication.processEvents()
    assert last.visibleRegion().boundingRect() == last.rect()


def test_cards_tell_what_is_to_be_downloaded_once_it_is_known(alone, session):
    iris, fashion = card_of(alone, "softmax-iris"), card_of(alone, "softmax-fashion-mnist")
    session.client.datasets = (DatasetState("fashion-mnist", False, ""), DatasetState("iris", True, "here"))
    session.client.datasets_changed.emit()
    assert "to download" in fashion.facts
    assert "to download" in fashion.accessibleName()
    assert "to download" not in iris.facts


def test_every_picture_that_there_is_comes_from_beside_the_window(alone, qtbot):
    wanted = [card for card in alone.grid.cards if presets.picture(card.preset.name)]
    assert wanted
    qtbot.waitUntil(lambda: not any(card._image.isNull() for card in wanted))


def test_whether_the_program_begins_with_the_page_is_remembered(alone, session):
    assert session.settings.get(AT_START, True)
    assert alone.at_start.isChecked()
    alone.at_start.click()
    assert session.settings.get(AT_START, True) is False


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700)])
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_nothing_of_the_page_is_wider_than_its_room(alone, size, scale):
    theme().set_text_scale(scale)
    alone.window().resize(*size)
    QApplication.processEvents()
    assert alone.size().toTuple() == size
    assert alone.area.widget().width() <= alone.area.viewport().width()
    for button in (alone.go_on, alone.new, alone.open, alone.at_start):
        assert button.mapTo(alone, button.rect().bottomRight()).x() < alone._left_column.width()
        assert button.width() >= button.minimumSizeHint().width()
    assert alone.go_on.text() == "Go on with lenet-digits" or scale > 1

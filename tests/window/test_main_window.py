"""The window as a whole: files, notices, layout, leaving. The engine is not started."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget

from playground.core.edit import InsertLayers, RemoveLayers, SetData
from playground.core.layer import Layer
from playground.disk import projects
from playground.session.session import Session
from playground.window.dialogs import SaveSheet
from playground.window.main_window import MainWindow
from playground.window.panels import PANELS
from playground.window.rooms import ROOMS
from playground.window.theme import theme
from tests.window.frame import lenet_report, names, relu, show_report

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

LIVE = [spec for spec in PANELS.values() if spec.room == "training"]


@pytest.fixture
def window(session, qtbot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=lambda one: one.session.document.undo_stack.setIndex(0))
    made.show()
    QApplication.processEvents()
    return made


def sheet_of(window: MainWindow) -> SaveSheet | None:
    return next((one for one in window.findChildren(SaveSheet) if one.isVisible()), None)


def add_layer(session: Session) -> None:
    session.document.apply(InsertLayers((0,), (relu(),)))


# Layout --------------------------------------------------------------------------------------------------------------


def test_the_columns_have_the_widths_of_the_mock_ups(window):
    assert window.size().toTuple() == (1440, 900)
    assert window.palette_panel.width() == 200
    assert abs(window.list_panel.width() - 380) <= 2


def test_every_panel_of_the_registry_has_its_dock(window):
    for room in ROOMS:
        window.enter(room)
        QApplication.processEvents()
        docks = window.rooms.area(room).docks
        specs = [spec for spec in PANELS.values() if spec.room == room]
        assert [dock.spec for dock in docks] == sorted(specs, key=lambda spec: spec.order)
        assert all(dock.isVisible() for dock in docks)


def test_a_room_is_made_when_its_tab_is_clicked_and_the_palette_gives_way(window):
    assert len(window.rooms.areas) == 1
    tab = window.tabs.tabRect(list(ROOMS).index("data")).center()
    QTest.mouseClick(window.tabs, Qt.MouseButton.LeftButton, pos=tab)
    assert window.rooms.name == "data"
    assert window.palette_panel.folded
    assert not any(dock.isVisible() for dock in window.dock_area.docks)
    window.enter("training")
    assert not window.palette_panel.folded
    assert all(dock.isVisible() for dock in window.dock_area.docks)


def test_beside_the_code_the_palette_stays_because_one_drags_layers_in(window):
    window.enter("code")
    assert not window.palette_panel.folded
    window.enter("devices")
    assert window.palette_panel.folded
    window.enter("code")
    window.resize(1100, 800)
    assert window.palette_panel.folded


def test_nothing_is_clipped_at_the_smallest_size(window, session):
    session.document.select(((0,),))
    show_report(session, lenet_report(session.document.project))
    window.resize(window.minimumSize())
    QApplication.processEvents()
    assert window.size().toTuple() == (1024, 700)
    central = window.centralWidget()
    for widget in (window.run_bar, window.palette_panel, window.list_panel, window.form, window.dock_area):
        corner = widget.mapTo(central, QPoint(0, 0))
        assert central.rect().contains(corner)
        assert central.rect().contains(corner + QPoint(widget.width() - 1, widget.height() - 1))
    assert window.list_panel.view.height() >= 3 * 28


def test_buttons_that_are_seen_are_as_large_as_they_want_to_be(window):
    window.resize(window.minimumSize())
    QApplication.processEvents()
    for button in window.findChildren(QPushButton):
        if button.isVisible() and not button.menu():
            assert button.width() >= button.minimumSizeHint().width(), button.text()


def test_a_narrow_window_folds_the_palette_and_the_user_decides_otherwise(window):
    window.resize(1100, 800)
    assert window.palette_panel.folded
    window.toggle_palette()
    assert not window.palette_panel.folded
    window.resize(1060, 800)
    assert not window.palette_panel.folded


def test_larger_text_makes_larger_rows_and_fields(window, session, qtbot):
    session.document.select(((1,),))
    before = window.list_panel.view.visualRect(window.list_panel.view.layers.index_of((1,))).height()
    theme().set_text_scale(1.5)
    QApplication.processEvents()
    after = window.list_panel.view.visualRect(window.list_panel.view.layers.index_of((1,))).height()
    theme().set_text_scale(1.0)
    assert (before, after) == (28, 42)


def test_the_layout_is_remembered(session, qtbot):
    first = MainWindow(session)
    qtbot.addWidget(first)
    first.show()
    hidden = first.dock_area.docks[-1]
    hidden.close()
    QApplication.processEvents()
    first._remember()
    second = MainWindow(session)
    qtbot.addWidget(second)
    second.show()
    QApplication.processEvents()
    assert session.settings.geometry == first.saveGeometry().data()
    assert [dock.isHidden() for dock in second.dock_area.docks] == [False] * (len(LIVE) - 1) + [True]
    second.reset_layout()
    assert not any(dock.isHidden() for dock in second.dock_area.docks)


def test_a_theme_that_is_chosen_is_remembered(window, session):
    theme().set("dark")
    assert session.settings.theme == "dark"
    theme().set("light")


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_window_is_drawn_in_both_themes(window, session, name):
    theme().set(name)
    show_report(session, lenet_report(session.document.project, misfit_at=7))
    QApplication.processEvents()
    shot = window.grab().toImage()
    view = window.list_panel.view.viewport()
    corner = view.mapTo(window, QPoint(view.width() // 2, 4))
    assert shot.pixelColor(corner) == theme().color("surface")
    theme().set("light")


# Edits ---------------------------------------------------------------------------------------------------------------


def test_the_palette_inserts_behind_the_selection_and_undo_takes_it_out(window, session):
    session.document.select(((1,),))
    palette = window.palette_panel
    palette.search.setText("dropout")
    palette.view.insert_requested.emit(palette.view.currentIndex().data(Qt.ItemDataRole.UserRole + 1))
    assert names(session)[:3] == ["Conv2d", "ReLU", "Dropout"]
    window.actions_.undo.trigger()
    assert names(session)[:3] == ["Conv2d", "ReLU", "MaxPool2d"]
    window.actions_.redo.trigger()
    assert names(session)[2] == "Dropout"


def test_the_title_says_what_is_unsaved(window, session):
    assert "lenet-digits.playground" in window.windowTitle()
    assert not window.isWindowModified()
    add_layer(session)
    assert window.isWindowModified()


# Files ---------------------------------------------------------------------------------------------------------------


def test_a_project_is_saved_and_opened_again(window, session, tmp_path, qtbot):
    add_layer(session)
    file = tmp_path / "mine.playground"
    with qtbot.waitSignal(session.document.saved, timeout=5_000):
        window.files._write(file, None)
    assert projects.read_file(file) == session.document.project
    assert session.settings.recent == (file.resolve(),)
    session.document.apply(RemoveLayers(((0,),)))
    window.files.open_path(file)
    with qtbot.waitSignal(session.document.begun, timeout=5_000):
        sheet_of(window).discard_button.click()
    qtbot.waitUntil(lambda: names(session)[:2] == ["ReLU", "Conv2d"])
    assert session.document.path == file


def test_a_broken_file_is_explained_and_nothing_is_lost(window, session, tmp_path, qtbot):
    file = tmp_path / "broken.playground"
    file.write_text('{"format": "torch-pl')
    before = session.document.project
    window.files.open_path(file)
    qtbot.waitUntil(lambda: bool(window.notices.shown), timeout=5_000)
    assert "not a whole JSON text" in window.notices.shown[-1].text
    assert session.document.project is before


def test_a_place_where_nothing_can_be_written_is_explained(window, session, tmp_path, qtbot):
    add_layer(session)
    with qtbot.waitSignal(session.document.save_failed, timeout=5_000):
        window.files._write(tmp_path / "missing" / "deep" / "x.playground", None)
    assert len(window.notices.shown) == 1
    assert session.document.is_modified


def test_a_project_file_that_is_dropped_is_opened(window, session, tmp_path, qtbot):
    file = tmp_path / "dropped.playground"
    projects.save(projects.load("preset:softmax-iris"), file)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    event = QDropEvent(
        QPoint(700, 400), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)
    qtbot.waitUntil(lambda: names(session) == ["Linear"], timeout=5_000)


@pytest.mark.parametrize("name", projects.presets())
def test_every_example_opens_from_the_menu(window, session, name):
    window.files.open_example(name)
    assert session.document.project == projects.load(f"preset:{name}")
    assert window.list_panel.view.layers.rowCount() == 1 + len(session.document.project.network)


def test_an_example_about_its_script_opens_beside_it(window, session, qtbot):
    window.files.open_example("softmax-fashion-mnist-from-scratch")
    qtbot.waitUntil(lambda: window.rooms.name == "code", timeout=2_000)
    assert window.tabs.tabText(window.tabs.currentIndex()) == ROOMS["code"]
    assert session.scripts.style == "scratch"


def test_new_is_an_empty_network(window, session):
    window.files.new()
    assert session.document.project.network == ()
    assert session.document.project.data.dataset == "digits"


def test_saving_asks_for_a_name_when_there_is_none(window, session, tmp_path, qtbot):
    window.files.save()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    with qtbot.waitSignal(session.document.saved, timeout=5_000):
        dialog.fileSelected.emit(str(tmp_path / "named"))
    assert (tmp_path / "named.playground").is_file()
    dialog.close()


# Leaving -------------------------------------------------------------------------------------------------------------


def test_closing_asks_about_unsaved_changes_and_cancel_keeps_the_window(window, session):
    add_layer(session)
    assert not window.close()
    sheet = sheet_of(window)
    assert "lenet-digits" in sheet.findChild(QLabel).text()
    sheet.cancel_button.click()
    assert window.isVisible()
    assert names(session)[0] == "ReLU"


def test_discard_closes_the_window_and_the_session(window, session, monkeypatch):
    closed = []
    close = session.close
    monkeypatch.setattr(session, "close", lambda **more: (closed.append(True), close(**more)))
    add_layer(session)
    window.close()
    sheet_of(window).discard_button.click()
    assert not window.isVisible()
    assert closed


def test_save_saves_and_then_closes(window, session, tmp_path, qtbot):
    file = tmp_path / "kept.playground"
    session.document.save(file)
    add_layer(session)
    window.close()
    sheet_of(window).save_button.click()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=5_000)
    assert projects.read_file(file).network[0].layer == "ReLU"


def test_an_unchanged_project_closes_without_a_question(window):
    assert window.close()
    assert window.findChild(SaveSheet) is None


def test_a_panel_that_breaks_is_named_and_left_out(session, qtbot, monkeypatch):
    import msgspec

    from playground.window import main_window

    def broken(_session: Session) -> QWidget:
        raise RuntimeError("no luck")

    first = LIVE[0]
    bad = msgspec.structs.replace(first, name="bad", make=broken)
    monkeypatch.setattr(main_window, "PANELS", {**PANELS, "bad": bad})
    made = MainWindow(session)
    qtbot.addWidget(made)
    assert len(made.dock_area.docks) == len(LIVE)
    assert any("bad" in notice.text and "no luck" in notice.text for notice in made.notices.shown)


def test_unknown_layers_are_kept_and_shown(window, session, tmp_path, qtbot):
    file = tmp_path / "future.playground"
    file.write_text('{"format": "torch-playground", "version": 1, "network": [{"layer": "Mystery", "depth": 3}]}')
    with qtbot.waitSignal(session.document.begun, timeout=5_000):
        window.files.open_path(Path(file))
    session.document.select(((0,),))
    QApplication.processEvents()
    assert session.document.project.network == (Layer("Mystery", {"depth": 3}),)
    assert window.list_panel.view.layers.text((0,)).unknown


def test_nothing_flashes_up_as_a_window_of_its_own(window, session):
    shown: list[QWidget] = []

    class Watcher(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(watched)
            return False

    watcher = Watcher()
    QApplication.instance().installEventFilter(watcher)
    for position in range(12):
        session.document.select(((position,),))
        QApplication.processEvents()
    for page in ("data", "recipe", "layer"):
        window.form.show_page(page)
    session.document.apply(SetData({"dataset": "fashion-mnist"}))
    show_report(session, lenet_report(session.document.project, misfit_at=7))
    QApplication.processEvents()
    QApplication.instance().removeEventFilter(watcher)
    assert shown == []

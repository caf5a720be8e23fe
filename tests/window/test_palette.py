"""The palette: what the search finds, and what leaves it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from playground.core.layers import LAYERS
from playground.window.layer_list import clipboard
from playground.window.palette import Palette, SpecRole, found, matches
from playground.window.theme import theme

# Qt's offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin does not support", extend=True)


@pytest.fixture
def palette(qtbot):
    theme().set("light")
    made = Palette()
    qtbot.addWidget(made)
    made.resize(200, 600)
    made.show()
    return made


def shown(palette: Palette) -> list[str]:
    entries = palette.view.entries
    indexes = [entries.index(row, 0) for row in range(entries.rowCount())]
    return [index.data() for index in indexes if index.data(SpecRole)]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("conv", "Conv2d"),
        ("MAX pool", "MaxPool2d"),
        ("rectifier", "ReLU"),
        ("probability", "Dropout"),
        ("shape", "Flatten"),
    ],
)
def test_a_layer_is_found_by_name_title_family_or_summary(words, name):
    assert matches(LAYERS[name], words)
    assert name in [spec.name for specs in found(words).values() for spec in specs]


@pytest.mark.parametrize(
    ("words", "first"),
    [("linear", "Linear"), ("elu", "ELU"), ("relu", "ReLU"), ("norm", "BatchNorm1d"), ("", "Conv1d")],
)
def test_the_best_match_by_name_comes_first(words, first):
    assert next(iter(found(words).values()))[0].name == first


def test_a_search_that_finds_nothing_finds_no_family():
    assert found("no layer has this") == {}


def test_every_layer_of_the_catalogue_is_there_once(palette):
    assert sorted(shown(palette)) == sorted(LAYERS)


def test_headings_cannot_be_chosen_or_dragged(palette):
    heading = palette.view.entries.index(0, 0)
    assert heading.data(SpecRole) is None
    assert not heading.flags() & (Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemIsSelectable)


def test_typing_narrows_and_enter_inserts_the_first_found(palette, qtbot):
    palette.focus_search()
    qtbot.keyClicks(palette.search, "linear")
    assert shown(palette)[0] == "Linear"
    with qtbot.waitSignal(palette.insert_requested, timeout=1_000) as inserted:
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert inserted.args[0].name == "Linear"
    qtbot.keyClick(palette.search, Qt.Key.Key_Escape)
    assert len(shown(palette)) == len(LAYERS)


def test_enter_and_a_double_click_on_an_entry_insert_it(palette, qtbot):
    view = palette.view
    index = next(one for row in range(view.entries.rowCount()) if (one := view.entries.index(row, 0)).data() == "Tanh")
    view.setCurrentIndex(index)
    with qtbot.waitSignal(palette.insert_requested, timeout=1_000) as inserted:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert inserted.args[0] is LAYERS["Tanh"]
    with qtbot.waitSignal(palette.insert_requested, timeout=1_000):
        view.doubleClicked.emit(index)


def test_the_menu_of_an_entry_inserts_it_or_leads_to_its_page(palette, qtbot, opened_pages):
    view = palette.view
    index = next(one for row in range(view.entries.rowCount()) if (one := view.entries.index(row, 0)).data() == "Tanh")
    view.scrollTo(index)
    place = view.visualRect(index).center()
    QApplication.sendEvent(
        view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.viewport().mapToGlobal(place))
    )
    (menu,) = view.findChildren(QMenu)
    insert, read = menu.actions()
    assert (insert.text(), read.text()) == ("Insert Tanh", "Read about Tanh in PyTorch's documentation")
    assert opened_pages == []
    read.trigger()
    assert opened_pages == ["https://docs.pytorch.org/docs/stable/generated/torch.nn.Tanh.html"]
    with qtbot.waitSignal(palette.insert_requested, timeout=1_000) as inserted:
        insert.trigger()
    assert inserted.args[0] is LAYERS["Tanh"]
    menu.close()


def test_what_is_dragged_is_a_layer_on_auto(palette):
    entries = palette.view.entries
    index = next(one for row in range(entries.rowCount()) if (one := entries.index(row, 0)).data() == "Conv2d")
    (layer,) = clipboard.layers_of(entries.mimeData([index]))
    assert (layer.layer, layer.arguments) == ("Conv2d", {})


def test_folded_it_is_48_px_of_icons_and_the_search_unfolds_it(palette):
    palette.fold(True)
    assert palette.width() == 48
    assert palette.search.isHidden()
    assert len(shown(palette)) == palette.view.entries.rowCount() == len(LAYERS)
    palette.focus_search()
    assert palette.width() == 200
    assert not palette.search.isHidden()

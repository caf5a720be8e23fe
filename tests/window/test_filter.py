"""The search that filters the list."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from playground.core import network as tree
from playground.core.edit import GroupLayers, InsertLayers, RenameLayer
from playground.window.layer_list.panel import LayerListPanel
from tests.window.frame import lenet_report, relu, show_report

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def shown(panel: LayerListPanel) -> list[tree.Path]:
    found, index = [], panel.view.layers.index(0, 0)
    while (index := panel.view.indexBelow(index)).isValid():
        found.append(panel.view.layers.path(index))
    return found


def search(panel: LayerListPanel, words: str) -> list[tree.Path]:
    panel.commands.find.trigger()
    panel.filter_line.field.setText(words)
    return shown(panel)


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        ("conv", [0, 3]),
        ("CONV2D 16x13", [3]),  # every word; as a shape is typed
        ("activation", [1, 4, 8, 10]),  # a family
        ("rectifier", [1, 4, 8, 10]),  # a title
        ("k3", [0, 3]),
        ("nothing of the kind", []),
        ("", list(range(12))),
    ],
)
def test_rows_stay_that_match(panel, words, rows):
    assert search(panel, words) == [(row,) for row in rows]


def test_a_name_of_ones_own_is_found_and_how_many_are_is_said(panel, session):
    session.document.apply(RenameLayer((6,), "bridge"))
    assert search(panel, "bridge") == [(6,)]
    assert panel.filter_line.count.text() == "1 of 12"


def test_what_does_not_fit_is_never_hidden(panel, session):
    show_report(session, lenet_report(session.document.project, misfit_at=7))
    assert search(panel, "conv") == [(0,), (3,), (7,)]
    assert search(panel, "error") == [(7,)]


def test_escape_shows_all_rows_and_gives_the_keyboard_back(panel, qtbot):
    search(panel, "conv")
    QTest.keyClick(panel.filter_line.field, Qt.Key.Key_Escape)
    assert len(shown(panel)) == 12
    assert not panel.filter_line.isVisible()
    search(panel, "conv")
    panel.filter_line.left.emit()
    QTest.keyClick(panel.view, Qt.Key.Key_Escape)
    assert len(shown(panel)) == 12


def test_what_is_hidden_is_chosen_no_longer_and_all_means_all_that_match(panel, session):
    session.document.select(((0,), (1,)))
    search(panel, "relu")
    assert session.document.selection == ((1,),)
    panel.commands.select_all.trigger()
    assert session.document.selection == ((1,), (4,), (8,), (10,))


def test_enter_goes_from_match_to_match_and_down_into_the_list(panel, session, qtbot):
    search(panel, "conv")
    field = panel.filter_line.field
    for expected in ((0,), (3,), (0,)):
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert session.document.selection == (expected,)
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert session.document.selection == ((3,),)
    with qtbot.waitSignal(panel.filter_line.left, timeout=1_000):
        QTest.keyClick(field, Qt.Key.Key_Down)


def test_a_match_in_a_block_shows_its_block_and_edits_keep_the_filter(panel, session):
    session.document.apply(GroupLayers(((0,), (1,), (2,))))
    assert search(panel, "conv") == [(0,), (0, 0), (1,)]
    session.document.apply(InsertLayers((3,), (relu(),)))  # what is new is chosen, and so it is seen
    assert shown(panel) == [(0,), (0, 0), (1,), (3,)]

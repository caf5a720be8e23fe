"""Names, layers that are switched off, blocks that are folded: what is edited in the layer list itself."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit

from playground.core import network as tree
from playground.core.edit import GroupLayers, InsertLayers, RemoveLayers
from playground.core.layer import Layer
from playground.window.layer_list.panel import LayerListPanel
from tests.window.frame import lenet_report, names, relu, show_report

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def shown(panel: LayerListPanel) -> list[tree.Path]:
    """The layers whose rows can be seen or scrolled to."""
    found, index = [], panel.view.layers.index(0, 0)
    while (index := panel.view.indexBelow(index)).isValid():
        found.append(panel.view.layers.path(index))
    return found


def editor(panel: LayerListPanel) -> QLineEdit:
    return next(one for one in panel.view.findChildren(QLineEdit) if one.isVisible())


# Names ---------------------------------------------------------------------------------------------------------------


def test_f2_names_the_layer_in_its_row_and_the_row_says_what_it_is(panel, session, qtbot):
    session.document.select(((3,),))
    panel.commands.rename.trigger()
    field = editor(panel)
    assert (field.text(), field.placeholderText()) == ("", "Conv2d")
    qtbot.keyClicks(field, "second one")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    QApplication.processEvents()  # the delegate hands the name over in the next turn of the loop
    text = panel.view.layers.text((3,))
    assert (text.name, text.brief) == ("second one", "Conv2d 6→16, k3")
    assert session.document.undo_stack.undoText() == "rename Conv2d to second one"
    session.document.undo_stack.undo()
    assert panel.view.layers.text((3,)).name == "Conv2d"


def test_escape_and_a_name_that_is_the_same_are_no_edit(panel, session, qtbot):
    panel.view.rename((0,))
    qtbot.keyClicks(editor(panel), "x")
    qtbot.keyClick(editor(panel), Qt.Key.Key_Escape)
    QApplication.processEvents()
    panel.view.rename((0,))
    qtbot.keyClick(editor(panel), Qt.Key.Key_Return)
    QApplication.processEvents()
    assert session.document.undo_stack.count() == 0


def test_another_rename_by_the_menu_keeps_the_name_that_is_being_written(panel, session, qtbot):
    panel.view.rename((0,))
    qtbot.keyClicks(editor(panel), "first")
    panel.view.rename((3,))
    QApplication.processEvents()
    assert panel.view.layers.text((0,)).name == "first"
    qtbot.keyClicks(editor(panel), "fourth")
    qtbot.keyClick(editor(panel), Qt.Key.Key_Return)
    QApplication.processEvents()
    assert panel.view.layers.text((3,)).name == "fourth"


def test_a_rename_amid_a_drag_ends_the_one_before(panel, session, qtbot):
    panel.view.rename((0,))
    qtbot.keyClicks(editor(panel), "first")
    panel.view.setState(QAbstractItemView.State.DraggingState)  # the button is down on a row, the field still open
    panel.view.rename((0,))
    QApplication.processEvents()
    assert panel.view.layers.text((0,)).name == "first"
    qtbot.keyClicks(editor(panel), "second")
    qtbot.keyClick(editor(panel), Qt.Key.Key_Return)
    QApplication.processEvents()
    assert panel.view.layers.text((0,)).name == "second"


def test_a_layer_that_does_not_fit_can_be_named(panel, session, qtbot):
    show_report(session, lenet_report(session.document.project, misfit_at=3))
    path = panel.view.layers.paths[3]
    row = panel.view.layers.index_of(path)
    assert panel.view.indexWidget(row) is not None
    panel.view.rename(path)
    assert row_height(panel, path) < 60  # of a row like any other
    qtbot.keyClicks(editor(panel), "second one")
    qtbot.keyClick(editor(panel), Qt.Key.Key_Return)
    QApplication.processEvents()
    assert panel.view.layers.text(path).name == "second one"
    show_report(session, lenet_report(session.document.project, misfit_at=3))
    qtbot.waitUntil(lambda: panel.view.indexWidget(panel.view.layers.index_of(path)) is not None)


def test_an_error_is_there_again_when_no_name_was_written(panel, session, qtbot):
    show_report(session, lenet_report(session.document.project, misfit_at=3))
    path = panel.view.layers.paths[3]
    height = row_height(panel, path)
    panel.view.rename(path)
    qtbot.keyClick(editor(panel), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: panel.view.indexWidget(panel.view.layers.index_of(path)) is not None)
    assert row_height(panel, path) == height


def row_height(panel: LayerListPanel, path: tree.Path) -> int:
    return panel.view.visualRect(panel.view.layers.index_of(path)).height()


def test_the_field_covers_the_name_and_stays_inside_the_row(panel):
    panel.view.rename((0,))
    row = panel.view.visualRect(panel.view.layers.index_of((0,)))
    assert row.contains(editor(panel).geometry())
    assert editor(panel).width() > 150


# Switched off --------------------------------------------------------------------------------------------------------


def test_layers_are_switched_off_and_on_together(panel, session):
    session.document.select(((1,), (2,)))
    panel.commands.switch.trigger()
    assert [layer.disabled for layer in session.document.project.network[:4]] == [False, True, True, False]
    assert panel.view.layers.text((1,)).disabled
    assert panel.view.layers.text((1,)).brief == "switched off"
    assert panel.commands.switch.text() == "Switch on"
    panel.commands.switch.trigger()
    assert not any(layer.disabled for layer in session.document.project.network)


# Blocks --------------------------------------------------------------------------------------------------------------


def test_layers_become_a_block_and_layers_again(panel, session):
    before = session.document.project
    session.document.select(((0,), (1,), (2,)))
    panel.commands.group.trigger()
    assert names(session)[0] == "Sequential"
    assert session.document.selection == ((0,),)
    assert shown(panel)[:5] == [(0,), (0, 0), (0, 1), (0, 2), (1,)]
    assert panel.commands.ungroup.isEnabled()
    panel.commands.ungroup.trigger()
    assert session.document.project == before
    assert not panel.commands.ungroup.isEnabled()


def test_a_click_on_its_sign_folds_a_block_which_stays_so_through_edits(panel, session, qtbot):
    session.document.apply(GroupLayers(((0,), (1,), (2,))))
    QApplication.processEvents()
    sign = panel.view.itemDelegate().fold_place(panel.view.visualRect(panel.view.layers.index_of((0,))), (0,)).center()
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=sign)
    assert shown(panel)[:2] == [(0,), (1,)]
    session.document.apply(InsertLayers((0,), (relu(),)))  # it moves down
    assert shown(panel)[:3] == [(0,), (1,), (2,)]
    session.document.apply(RemoveLayers(((1, 0),)))  # it changes; and what is selected in it is seen
    assert shown(panel)[:4] == [(0,), (1,), (1, 0), (1, 1)]
    QApplication.processEvents()
    panel.view.setExpanded(panel.view.layers.index_of((1,)), False)
    session.document.undo_stack.undo()
    session.document.select(((1, 2),))
    assert (1, 2) in shown(panel)


def test_a_plain_layer_has_no_sign(panel):
    assert panel.view.itemDelegate().fold_place(panel.view.rect(), (0,)).isEmpty()
    assert not panel.view.itemDelegate().fold_place(panel.view.rect(), (0,)).contains(QPoint(40, 10))


def test_layers_are_put_into_a_residual_block_and_a_new_one_goes_into_a_block_that_is_empty(panel, session):
    session.document.select(((0,), (1,)))
    panel.commands.group_residual.trigger()
    assert names(session)[0] == "Residual"
    session.document.apply(InsertLayers((0,), (Layer("Parallel"),)))
    assert panel.commands.insertion_path() == (0, 0)


def test_alt_right_and_alt_left_take_a_layer_into_a_block_and_out_of_it(panel, session):
    session.document.apply(GroupLayers(((0,), (1,))))
    session.document.select(((1,),))
    panel.commands.move_in.trigger()
    assert [layer.layer for layer in session.document.project.network[0].children] == ["Conv2d", "ReLU", "MaxPool2d"]
    assert session.document.selection == ((0, 2),)
    panel.commands.move_out.trigger()
    assert names(session)[:3] == ["Sequential", "MaxPool2d", "Conv2d"]
    assert not panel.commands.move_out.isEnabled()


def test_all_blocks_are_folded_and_a_folded_one_tells_of_what_is_in_it(panel, session):
    session.document.apply(GroupLayers(((0,), (1,), (2,))))
    session.document.select(((1,),))
    panel.commands.fold_all.trigger()
    assert shown(panel)[:2] == [(0,), (1,)]
    parameters, wrong = panel.view.layers.inside((0,))
    assert (parameters, wrong) == (60, False)
    panel.commands.unfold_all.trigger()
    assert shown(panel)[:2] == [(0,), (0, 0)]


def test_a_row_leads_to_the_page_of_its_layer(panel, session, opened_pages):
    read = panel.commands.read
    session.document.select(((0,),))
    assert read.text() == "Read about Conv2d in PyTorch's documentation"
    assert read in panel.commands.actions()  # of the menus, and so of the command finder
    read.trigger()
    assert opened_pages == ["https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html"]
    session.document.select(((0,), (1,)))
    assert not read.isEnabled()

"""Rows that do not fit: what is said, the boxes, the fixes; and what is said at the foot of the list."""

import math

import msgspec
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel

from playground.core import network as tree
from playground.core.edit import SetArgument
from playground.core.problem import Problem
from playground.core.report import Fix, Misfit, Report, Row, RowError
from playground.window.layer_list.error_row import ErrorRow, ShapeBoxes
from playground.window.layer_list.panel import LayerListPanel
from playground.window.theme import theme
from tests.window.frame import FIX, lenet_report, show_report

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def texts(panel: LayerListPanel) -> dict:
    model = panel.view.layers
    return {path: model.text(path) for path in model.paths}


def height(panel: LayerListPanel, path: tree.Path | None) -> int:
    QApplication.processEvents()
    return panel.view.visualRect(panel.view.layers.index_of(path)).height()


@pytest.fixture
def misfit(panel, session):
    session.document.apply(SetArgument((3,), "kernel_size", 5))
    show_report(session, lenet_report(session.document.project, misfit_at=7))
    QApplication.processEvents()
    return panel


def error_row(panel):
    return panel.view.indexWidget(panel.view.layers.index_of((7,)))


def test_an_error_stands_on_its_row_and_rows_below_are_unknown(misfit):
    rows = texts(misfit)
    assert rows[(7,)].shape == "?"
    assert [rows[(place,)].shape for place in (8, 9, 11)] == ["–", "–", "–"]
    assert rows[(6,)].shape == "576"
    assert 120 < height(misfit, (7,)) < 210
    assert "mat1 and mat2" in misfit.view.layers.index_of((7,)).data(Qt.ItemDataRole.ToolTipRole)


def test_the_safest_fix_is_the_filled_button_and_it_mends_the_project(misfit, session, qtbot):
    buttons = error_row(misfit).buttons
    assert [button.text() for button in buttons] == ["Set in_features to 400", "Undo"]
    assert [button.property("kind") for button in buttons] == ["main", None]
    qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    assert session.document.project.network[7].arguments["in_features"] == 400
    assert session.document.undo_stack.undoText() == FIX.label


def test_pytorchs_own_words_stand_below_the_boxes(misfit):
    labels = [label.text() for label in error_row(misfit).findChildren(QLabel)]
    assert "PyTorch: mat1 and mat2 shapes cannot be multiplied (1x400 and 576x120)" in labels
    assert len(error_row(misfit).findChildren(ShapeBoxes)) == 1


def test_many_ways_out_are_offered_the_first_as_buttons_the_others_in_a_menu(panel, session, qtbot):
    ways = tuple(Fix(f"Set out_features to {n}", (SetArgument((7,), "out_features", n),)) for n in range(1, 8))
    report = lenet_report(session.document.project, misfit_at=7)
    rows = tuple(msgspec.structs.replace(row, fixes=ways) if row.error else row for row in report.rows)
    show_report(session, msgspec.structs.replace(report, rows=rows))
    QApplication.processEvents()
    row = error_row(panel)
    assert [button.text() for button in row.buttons] == [ways[0].label, ways[1].label, "5 more …"]
    assert [action.text() for action in row.more.actions()] == [way.label for way in ways[2:]]
    row.more.actions()[-1].trigger()
    assert session.document.project.network[7].arguments["out_features"] == 7


def test_a_box_of_words_says_what_was_wanted(panel, session):
    error = RowError(sentence="It needs a picture.", given=(400,), wanted="channels × height × width")
    row = ErrorRow(Row(index=1, path=(0,), layer="Conv2d"), error, can_undo=False)
    assert row.findChild(ShapeBoxes).accessibleName() == "given 400, expected channels × height × width"
    row.deleteLater()


def test_a_button_is_cut_off_where_its_words_are_wider_than_the_list(panel, session):
    label = "Insert AdaptiveAvgPool2d of 6×10 above Flatten, row 149, and then some more words"
    way = Fix(label, (SetArgument((7,), "out_features", 5),))
    report = lenet_report(session.document.project, misfit_at=7)
    rows = tuple(msgspec.structs.replace(row, fixes=(way,)) if row.error else row for row in report.rows)
    show_report(session, msgspec.structs.replace(report, rows=rows))
    QApplication.processEvents()
    row = error_row(panel)
    assert row.rect().contains(row.buttons[0].geometry())
    assert row.buttons[0].toolTip() == label


def test_undo_on_the_row_takes_the_edit_back(misfit, session, qtbot):
    qtbot.mouseClick(error_row(misfit).buttons[1], Qt.MouseButton.LeftButton)
    assert session.document.project.network[3].arguments["kernel_size"] == 3


def test_the_row_is_small_again_when_its_error_is_gone(misfit, session):
    show_report(session, lenet_report(session.document.project))
    assert height(misfit, (7,)) == 28
    assert error_row(misfit) is None


def test_the_whole_error_row_fits_a_narrow_list(misfit):
    misfit.resize(340, 640)
    QApplication.processEvents()
    row = error_row(misfit)
    for button in row.buttons:
        assert row.rect().contains(button.geometry())
    assert row.height() - row.buttons[-1].geometry().bottom() < 20


def test_faults_beside_the_rows_stand_at_the_foot_with_their_fixes(panel, session, qtbot):
    fault = Problem(where="Output", what="10 scores are wanted, one a class, and 3 come out", fix="Set it to 10").fault
    report = lenet_report(session.document.project)
    show_report(session, Report(input_shape=(1, 32, 32), rows=report.rows, faults=(fault,), fixes=(FIX,)))
    strip = panel._faults
    assert strip.isVisible()
    strip.fix_requested.emit(FIX)
    assert session.document.project.network[7].arguments["in_features"] == 400
    show_report(session, report)
    assert not strip.isVisible()


@pytest.mark.parametrize(
    ("level", "message", "words"),
    [
        ("error", "Target 9 is out of bounds.", "PyTorch: Target 9 is out of bounds."),
        ("warning", "", "PyTorch itself raises no error here."),
    ],
)
def test_an_output_that_does_not_fit_its_loss_is_drawn_with_pytorchs_words(panel, session, level, message, words):
    fault = Problem(where="Network", what="the last layer gives 7 values", fix="Mend").fault
    report = lenet_report(session.document.project)
    told = {"faults" if level == "error" else "warnings": (fault,)}
    misfit = Misfit(given=(7,), needed=(10,), torch_message=message)
    show_report(session, msgspec.structs.replace(report, fixes=(FIX,), misfit=misfit, **told))
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    (boxes,) = panel._faults.findChildren(ShapeBoxes)
    assert boxes.accessibleName() == "given 7, expected 10"
    assert words in [label.text() for label in panel._faults.findChildren(QLabel)]
    QApplication.processEvents()
    shot = boxes.grab().toImage()
    seen = [shot.pixelColor(x, y).getRgb() for x in range(shot.width()) for y in range(shot.height())]

    def far(token):
        """How far the nearest pixel is from a colour; lines are smoothed."""
        return min(math.dist(one, theme().color(token).getRgb()) for one in seen)

    assert far(level) < far("warning" if level == "error" else "error")
    show_report(session, msgspec.structs.replace(report, fixes=(FIX,), **told))
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert panel._faults.findChildren(ShapeBoxes) == []


def test_what_hardly_was_meant_is_said_below_the_name_and_at_the_foot(panel, session):
    report = lenet_report(session.document.project)
    rows = (*report.rows[:-1], msgspec.structs.replace(report.rows[-1], warnings=("Nothing bends.", "Another thing.")))
    doubt = Problem(where="Network", what="the last layer gives 84 values, but Digits has 10 classes", fix="Mend").fault
    show_report(session, msgspec.structs.replace(report, rows=rows, warnings=(doubt,), fixes=(FIX,)))
    assert (texts(panel)[(11,)].note, texts(panel)[(11,)].warned) == ("Nothing bends.", True)
    assert height(panel, (11,)) == 52
    assert panel._faults.isVisible()
    shot = panel._faults.grab().toImage()
    assert shot.pixelColor(0, 5) == theme().color("warning")

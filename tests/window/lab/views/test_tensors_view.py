"""The view of tensors, driven by hand, with what the workbench's own functions answer."""

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from playground.core.lab.page import TOPICS, LabPage
from playground.core.lab.topics import Tensors
from playground.core.lab.words import WORDS
from playground.session.history import numbers
from playground.window.lab.room import LabRoom
from tests.window.panels.feed import settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin does not support", "Mouse event", extend=True)
MISFIT = ("a = torch.arange(10.).reshape(1, 10)", "b = torch.ones(1, 10)", "c = a @ b")


@pytest.fixture
def room(told, qtbot) -> LabRoom:
    made = LabRoom(told)
    qtbot.addWidget(made)
    made.resize(1300, 700)
    made.show()
    told.lab.run()
    settle()
    return made


@pytest.fixture
def view(room):
    return room.view


def take(view, *lines: str, **fields) -> None:
    view.change(Tensors(lines=lines, **fields), "test")
    settle()


def card(view, label):
    return next(one for one in view.cards if one.shown.facts.label == label and one.isVisible())


def test_each_value_has_a_card_that_says_what_it_shares(view):
    assert [one.shown.facts.label for one in view.cards if one.isVisible()] == ["x", "b", "y", "x + b"]
    assert card(view, "y").words() == "y, 4 × 3 · float32, shares memory with x"
    assert card(view, "x").words().endswith("looked at")
    assert (
        numbers(card(view, "x + b").shown.cells.values).tolist()
        == (torch.arange(12.0).reshape(3, 4) + torch.tensor([10.0, 20.0, 30.0, 40.0])).tolist()
    )


def test_a_cell_is_marked_wherever_its_memory_is_shared_and_in_no_copy(view):
    view.detail.cell_chosen.emit((1, 2))
    settle()
    assert np.argwhere(card(view, "y").shown.same).tolist() == [[2, 1]]
    assert not card(view, "x + b").shown.same.any()


def test_a_number_typed_into_a_cell_becomes_a_line_and_changes_what_shares_it(view, qtbot):
    grid = view.detail.grids[0]
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.rect_of(1, 2).center().toPoint())
    qtbot.keyClicks(grid, "9")
    qtbot.keyClicks(grid._field, "9")
    qtbot.keyClick(grid._field, Qt.Key.Key_Return)
    settle()
    assert view.lab.page.state.lines[-1] == "x[1, 2] = 99"
    assert view.editor.lines[-1] == "x[1, 2] = 99"
    assert numbers(card(view, "y").shown.cells.values)[2, 1] == 99
    assert view.detail.changed.text() == (
        "Line 5 changed x[1, 2] from 6 to 99, y[2, 1] from 6 to 99. Not b and x + b: memory of their own."
    )
    view.set_number((1, 2), 7.0)  # the same cell again is the same line
    assert view.lab.page.state.lines[4:] == ("x[1, 2] = 7",)
    view.lab.undo_stack.undo()
    view.lab.undo_stack.undo()
    settle()
    assert len(view.editor.lines) == 4
    assert numbers(card(view, "y").shown.cells.values)[2, 1] == 6


def test_what_has_no_name_cannot_be_written_to_and_says_so(view):
    card(view, "x + b").wanted.emit("x + b", ())
    view.set_number((0, 0), 1.0)
    assert "only a name can be written to" in view.help.text()
    assert len(view.lab.page.state.lines) == 4


def test_a_word_is_explained_with_a_link_to_its_page(view, qtbot, opened_pages):
    view.editor.setFocus()
    view.editor.hinted.emit(WORDS["torch.arange"])
    assert "torch.arange(" in view.help.text()
    assert opened_pages == []
    view.help.setFocus(Qt.FocusReason.TabFocusReason)
    view.help.focusNextPrevChild(True)
    qtbot.keyClick(view.help, Qt.Key.Key_Return)
    assert opened_pages == ["https://docs.pytorch.org/docs/stable/generated/torch.arange.html"]
    view.editor.hinted.emit(None)
    assert "<a" not in view.help.text()
    assert not view.help.focusPolicy() & Qt.FocusPolicy.TabFocus  # Tab comes only where there is a link


def test_a_chip_adds_its_line_and_takes_it_away(view, qtbot):
    chip = next(one for one in view.detail.chips if one.text() == "x.sum(0)")
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    settle()
    assert view.lab.page.state.lines[-1] == "x.sum(0)"
    assert chip.isChecked()
    assert numbers(card(view, "x.sum(0)").shown.cells.values).tolist() == [[12, 15, 18, 21]]
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    settle()
    assert len(view.lab.page.state.lines) == 4


def test_a_new_tensor_is_made_by_a_form_and_looked_at(view, qtbot):
    qtbot.mouseClick(view.new, Qt.MouseButton.LeftButton)
    assert view.form.isVisible()
    view.form.choose("eye")
    qtbot.keyClick(view.form, Qt.Key.Key_Return)
    settle()
    assert not view.form.isVisible()
    assert view.lab.page.state.lines[-1] == "a = torch.eye(3)"
    assert view.editor.lines[-1] == "a = torch.eye(3)"
    assert view.detail.title.text() == "a"
    assert view.lab.undo_stack.undoText() == "add a = torch.eye(3)"
    view.lab.undo_stack.undo()
    settle()
    assert len(view.editor.lines) == 4
    qtbot.mouseClick(view.new, Qt.MouseButton.LeftButton)
    qtbot.keyClick(view.form, Qt.Key.Key_Escape)
    assert not view.form.isVisible()
    assert len(view.lab.page.state.lines) == 4


def test_a_form_on_a_page_that_has_not_run_lets_it_rest_until_something_is_made(view, qtbot):
    page = LabPage(Tensors(lines=("a = torch.rand(2)",)))
    view.lab.begin(page, "test", run=False)
    settle()
    view.open_form()
    assert not view.lab.is_running
    assert view.form.line == "b = torch.zeros(2, 3)"
    assert "2 × 3" in view.form.outcome.text()  # by itself, without the page
    assert not any("_like" in action.text() for action in view.form.offers.menu().actions())
    qtbot.keyClick(view.form, Qt.Key.Key_Return)
    settle()
    assert view.lab.is_running
    assert card(view, "b").shown.facts.shape == (2, 3)


def test_facts_are_those_of_pytorch(view):
    take(view, "w = torch.ones(2, 3, dtype=torch.float64, requires_grad=True)", "v = w[:, 1:]", shown="v")
    said = {key: label.text() for key, label in view.detail.values.items()}
    tensor = torch.ones(2, 3, dtype=torch.float64, requires_grad=True)[:, 1:]
    assert said["shape"] == "2, 2"
    assert said["strides"] == ", ".join(map(str, tensor.stride()))
    assert said["dtype"] == "float64"
    assert said["memory"] == "32 bytes, of a storage of 48 bytes"
    assert said["requires_grad"] == "yes"
    assert said["shares"] == "w"
    assert "not contiguous" in view.detail.sentence.text()
    assert tensor.grad_fn.name() in view.detail.sentence.text()


def test_a_tensor_of_four_axes_is_seen_as_its_matrices(view):
    take(view, "t = torch.arange(48.).reshape(2, 3, 2, 4)", shown="t")
    seen = [grid for grid in view.detail.grids if grid.isVisible()]
    expected = torch.arange(48.0).reshape(6, 2, 4)
    assert [numbers(grid.cells.values).tolist() for grid in seen] == expected.tolist()


def test_a_shape_error_is_drawn_and_a_way_out_mends_the_line(view, qtbot):
    take(view, *MISFIT)
    assert list(view.editor.faults) == [3]
    assert "mat1 and mat2 shapes cannot be multiplied (1x10 and 1x10)" in view.help.text()
    assert view.misfit.isVisible()
    assert "1 × 10" in view.misfit.boxes.accessibleName()
    ways = [one.property("line") for one in view.misfit.ways if one.isVisible()]
    assert {"a @ b.reshape(10, 1)", "a @ b.view(10, 1)", "a @ b.T", "a @ b.resize_(10, 1)"} <= set(ways)
    way = next(one for one in view.misfit.ways if one.property("line") == "a @ b.T")
    qtbot.mouseClick(way, Qt.MouseButton.LeftButton)
    settle()
    assert view.lab.page.state.lines[2] == "c = a @ b.T"
    assert not view.editor.faults
    assert not view.misfit.isVisible()
    assert numbers(card(view, "c").shown.cells.values).tolist() == [[45.0]]


def test_lines_that_are_typed_are_computed(view, qtbot):
    view.editor.setFocus()
    view.editor.go_to(4)
    qtbot.keyClick(view.editor, Qt.Key.Key_Return)
    qtbot.keyClicks(view.editor, "x * 2")
    qtbot.keyClick(view.editor, Qt.Key.Key_Escape)
    qtbot.keyClick(view.editor, Qt.Key.Key_Return)
    settle()
    assert numbers(card(view, "x * 2").shown.cells.values)[1].tolist() == [8, 10, 12, 14]


def test_the_pair_is_broadcast_with_its_rule(view):
    assert "stretched to 3 along axis 0" in view.pair.picture.words()
    assert "its stride there is 0" in view.pair.rule.text()
    drawn, rows, columns = view.pair.picture._drawn(1)
    assert (drawn.tolist(), rows, columns) == ([[10, 20, 30, 40]] * 3, True, False)


def test_a_pair_that_is_not_broadcast_is_laid_on_each_other_with_the_rule_and_ways_out(view, qtbot):
    lines = ("x = torch.arange(12.).reshape(3, 4)", "y = x.T", "x + y")
    take(view, *lines, left="x", right="y")
    with pytest.raises(RuntimeError) as refused:
        torch.ones(3, 4) + torch.ones(4, 3)
    for misfit in (view.pair.misfit, view.misfit):  # beside the two, and below the line
        assert misfit.alignment.isVisible()
        assert not misfit.boxes.isVisible()
        assert misfit.alignment.accessibleName() == "x and y laid on each other from the right: 3, 4 → –; 4, 3 → –"
        assert misfit.rule.text().startswith("From the right, 4 meets 3: two sizes must be equal")
        assert "x + y.T" in [one.property("line") for one in misfit.ways if not one.isHidden()]
    assert view.pair.misfit.message.text() == str(refused.value)
    qtbot.mouseClick(view.pair.pages.button("product"), Qt.MouseButton.LeftButton)
    take(view, "x = torch.ones(1, 10)", left="x", right="x")
    assert view.pair.misfit.boxes.isVisible()
    assert not view.pair.misfit.alignment.isVisible()


def test_a_cell_of_a_product_is_told_with_its_products(view, qtbot):
    take(view, "a = torch.arange(6.).reshape(2, 3)", "b = torch.arange(6.).reshape(3, 2) - 2", left="a", right="b")
    qtbot.mouseClick(view.pair.pages.button("product"), Qt.MouseButton.LeftButton)
    settle()
    picture = view.pair.product.picture
    qtbot.mouseMove(picture, picture._rect(2, 1, 0).center().toPoint())
    settle()
    expected = torch.arange(6.0).reshape(2, 3) @ (torch.arange(6.0).reshape(3, 2) - 2)
    assert view.pair.product.sum.text() == f"3·(−2) + 4·0 + 5·2\n= −6 + 0 + 10\n= {expected[1, 0]:.0f}"
    qtbot.keyClick(picture, Qt.Key.Key_Right)
    assert view.pair.product.sum.text().endswith(f"= {expected[1, 1]:.0f}")


def test_a_product_with_a_vector_is_drawn_as_a_column(view, qtbot):
    take(view, "m = torch.ones(2, 3)", "v = torch.arange(3.)", left="m", right="v")
    qtbot.mouseClick(view.pair.pages.button("product"), Qt.MouseButton.LeftButton)
    settle()
    picture = view.pair.product.picture
    assert [side.values.shape for side in picture._sides] == [(2, 3), (3, 1), (2, 1)]
    picture.point(1, 0)
    assert view.pair.product.sum.text().endswith("= 3")


def test_kinds_of_products_stand_side_by_side_with_what_they_refuse(view, qtbot):
    take(view, "a = torch.ones(3)", "b = torch.arange(3.)", left="a", right="b")
    qtbot.mouseClick(view.pair.pages.button("kinds"), Qt.MouseButton.LeftButton)
    settle()
    said = {line.text(): (shape.text(), text.text()) for line, shape, text in view.pair.kinds.rows}
    assert said["torch.dot(a, b)"][1].endswith(": 3")
    assert said["torch.mm(a, b)"][0] == "✗ refused"
    assert said["a * b"][1].endswith(": 0, 1, 2")


def test_a_page_without_lines_says_what_to_do(view):
    take(view)
    assert view.nothing.isVisible()
    assert not view.detail.isVisible()
    assert view.code() == ""


def test_the_page_is_copied_as_code(room, qtbot):
    qtbot.mouseClick(room.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == room.view.code()
    assert "print(x + b)" in room.view.code()
    room.copy._rest.stop()


def test_a_small_matrix_is_seen_whole_in_a_narrow_window(room, view):
    take(view, "x = torch.arange(12.).reshape(3, 4)", "y = x.T")
    for width in (700, 760, 960, 1340):
        room.resize(width, 560)
        for label in ("x", "y"):
            card(view, label).wanted.emit(label, ())
            settle()
            assert view.detail.facts.label == label
            grid = view.detail.grids[0]
            assert grid.horizontalScrollBar().maximum() == 0, width
            assert grid.verticalScrollBar().maximum() == 0, width


def test_a_page_that_is_named_as_its_topic_is_named_once(room):
    room.lab.begin(LabPage(room.lab.page.state, TOPICS["tensors"]), "test", run=True)
    assert room.subtitle == ""
    room.lab.begin(LabPage(room.lab.page.state, "Mine"), "test", run=True)
    assert room.subtitle == "Mine"

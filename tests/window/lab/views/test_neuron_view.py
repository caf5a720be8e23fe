"""A neuron, then a layer: every number is turned by hand and by keys, and what is shown is what PyTorch has."""

from itertools import pairwise

import msgspec
import numpy as np
import pytest
import torch
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from playground.core.lab.topics import Neuron
from playground.window.lab.neuron.drawing import edge_color
from playground.window.lab.neuron.layer_picture import Cell
from playground.window.lab.tensors.words import figure
from playground.window.theme import theme
from tests.window.lab.opened import drag, opened
from tests.window.panels.feed import pixels
from tests.window.test_theme import contrast

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def view(session, qtbot):
    return opened(session, qtbot, "neuron")


def enter(view, name: str):
    """The section, as a click on its name opens it."""
    view.chooser.button(name).click()
    QApplication.processEvents()
    return view.section


def change(view, **changes) -> None:
    view.change(msgspec.structs.replace(view.state, **changes), "test")


def typed(field, text: str) -> None:
    field.editor.selectAll()
    QTest.keyClicks(field.editor, text)


# One neuron ---------------------------------------------------------------------------------------------------------


def test_the_arithmetic_is_written_out_and_spoken(view):
    one = view.section
    assert one.arithmetic.text() == "0.5·1 + (−1)·2 + 0 = −1.5 → ReLU → 0"
    assert one.arithmetic.text() in one.drawing.accessibleName()


def test_a_slider_a_key_and_a_field_turn_a_number(view):
    one = view.section
    stack = view.lab.undo_stack
    before = stack.count()
    for _press in range(3):
        QTest.keyClick(one.weight_knobs[1].slider, Qt.Key.Key_Right)
    assert view.state.weights[0] == (0.5, -0.7)
    assert stack.count() == before + 1
    assert one.arithmetic.text().startswith("0.5·1 + (−0.7)·2 + 0 = −0.9")
    typed(one.bias_knob.field, "2.25")
    assert view.state.biases[0] == 2.25
    assert one.bias_knob.slider.value() == round(2.25 * 10)
    typed(one.input_knobs[0].field, "-70")
    assert view.state.inputs[0] == -70
    assert one.input_knobs[0].slider.value() == one.input_knobs[0].slider.minimum()
    assert view.state.inputs[0] == -70  # the slider's end does not pull it back


@pytest.mark.parametrize(("name", "module"), [("sigmoid", torch.nn.Sigmoid()), ("tanh", torch.nn.Tanh())])
def test_slopes_are_those_of_autograd(view, name, module):
    one = view.section
    one.activation.button(name).click()
    x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    w = torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True)
    b = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    module(x @ w + b).backward()
    rows = {row[0]: row[1:] for row in one.slopes.texts()}
    assert [rows[key][2] for key in ("w₁", "w₂", "b", "x₁", "x₂")] == [
        figure(one) for one in (*w.grad.tolist(), b.grad.item(), *x.grad.tolist())
    ]
    assert [rows[key][1] for key in ("w₁", "w₂", "b", "x₁", "x₂")] == ["1", "2", "1", "0.5", "−1"]


@pytest.mark.parametrize("count", [1, 8])
def test_inputs_come_and_go(view, count):
    one = view.section
    typed(one.inputs, str(count))
    assert len(view.state.inputs) == count
    assert {len(row) for row in view.state.weights} == {count}
    assert sum(knob.isVisibleTo(one) for knob in one.weight_knobs) == count
    assert one.arithmetic.text().count("·") == count
    at = one.drawing.places()
    assert len(at.inputs) == count
    assert all(0 < place.y() < one.drawing.height() for place in at.inputs)
    view.lab.undo_stack.undo()
    assert len(view.state.inputs) == 2


def test_a_negative_weight_is_not_told_by_its_colour_alone(view):
    change(view, inputs=(1.0,), weights=((2.0,),), biases=(0.0,))
    drawing = view.section.drawing
    solid = along_edge(drawing)
    change(view, weights=((-2.0,),))
    dashed = along_edge(drawing)
    assert gaps(solid) == 0
    assert gaps(dashed) >= 2


def along_edge(drawing) -> list[bool]:
    """Where the edge of the only input is painted, from its weight to the sum."""
    picture, at = drawing.grab().toImage(), drawing.places()
    ink = {edge_color(1.0).name(), edge_color(-1.0).name()}
    y = round(at.inputs[0].y())
    begin, end = at.inputs[0].x() + 0.75 * (at.sum.x() - at.inputs[0].x()), at.sum.x() - 30
    return [picture.pixelColor(x, y).name() in ink for x in range(round(begin), round(end))]


def gaps(painted: list[bool]) -> int:
    return sum(one and not other for one, other in pairwise(painted))


def test_a_page_whose_sizes_do_not_fit_says_so(view):
    change(view, biases=(1.0, 2.0))
    assert "2 biases" in view.fault.text()
    assert view.code() == ""
    change(view, biases=(0.0,) * 10)
    assert view.fault.isHidden()


# A layer ------------------------------------------------------------------------------------------------------------


def test_its_code_is_set_as_code_from_the_first_sight(view):
    layer = enter(view, "layer")
    assert layer.code.font().family() == theme().font("small", mono=True).family()


def test_a_layer_is_linear(view):
    layer = enter(view, "layer")
    state = view.state
    linear = torch.nn.Linear(2, 10).double()
    linear.load_state_dict(
        {
            "weight": torch.tensor(state.weights, dtype=torch.float64),
            "bias": torch.tensor(state.biases, dtype=torch.float64),
        }
    )
    z = linear(torch.tensor(state.inputs, dtype=torch.float64)).detach()
    np.testing.assert_allclose(layer.picture.grids["z"][:, 0], z)
    np.testing.assert_allclose(layer.picture.grids["a"][:, 0], z.relu())
    assert "Linear(2, 10): 10 × 2 weights + 10 biases = 30 parameters" in layer.linear.text()
    assert "x @ W.T + b" in layer.code.text()


def test_the_row_pointed_at_is_the_neuron_of_the_first_section(view):
    layer = enter(view, "layer")
    QTest.mouseMove(layer.picture, layer.picture.rect_of(Cell("z", 3, 0)).center().toPoint())
    QApplication.processEvents()
    assert view.state.row == 3
    assert layer.row_title.text().startswith("Row 3 ")
    words = layer.row_words.text()
    assert words.endswith(f"→ {figure(layer.picture.grids['a'][3, 0])}")
    assert enter(view, "neuron").arithmetic.text() == words
    assert view.lab.undo_stack.count() == 1  # only looked at


def test_numbers_of_a_layer_are_dragged_typed_and_turned(view):
    layer = enter(view, "layer")
    picture = layer.picture
    at = picture.rect_of(Cell("W", 2, 1)).center()
    before = view.state.weights[2][1]
    drag(picture, at, at - QPointF(0, 20), at - QPointF(0, 50))
    assert view.state.weights[2][1] == pytest.approx(before + 1.0)
    picture.setFocus()
    QTest.keyClick(picture, Qt.Key.Key_PageDown)
    assert view.state.weights[2][1] == pytest.approx(before + 0.9)
    QTest.keyClick(picture, Qt.Key.Key_Right)
    assert picture.cell.part == "x"
    QTest.keyClick(picture, Qt.Key.Key_5)
    field = picture._field
    QTest.keyClicks(field, ".5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert view.state.inputs[picture.cell.row] == 5.5
    QTest.keyClick(picture, Qt.Key.Key_Right)
    assert picture.cell == ("b", 2, 0)  # back in the row in hand
    QTest.keyClick(picture, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ShiftModifier)
    assert picture.grids["z"][2, 0] == pytest.approx(
        np.dot(view.state.weights[2], view.state.inputs) + view.state.biases[2]
    )


def test_neurons_come_and_go_and_weights_are_drawn_anew(view):
    layer = enter(view, "layer")
    typed(layer.neurons, "3")
    assert layer.picture.grids["z"].shape == (3, 1)
    assert "Linear(2, 3)" in layer.linear.text()
    before = view.state.weights
    layer.draw.click()
    assert view.state.weights != before
    layer.activation.button("none").click()
    assert "a" not in layer.picture.parts


# Softmax ------------------------------------------------------------------------------------------------------------


def test_a_number_of_classes_that_cannot_be_is_refused_in_words(view):
    softmax = enter(view, "softmax")
    typed(softmax.count, "1")
    assert "2 to" in softmax.refusal.text()
    QTest.keyClick(softmax.count.editor, Qt.Key.Key_Return)
    assert softmax.count.editor.text() == "3"
    assert len(view.state.scores) == 3
    typed(softmax.target, "7")
    assert "0 to 2" in softmax.refusal.text()
    QTest.keyClick(softmax.target.editor, Qt.Key.Key_Return)
    assert softmax.target.editor.text() == "0"
    typed(softmax.target, "1")
    assert softmax.refusal.text() == ""
    assert view.state.target == 1


def test_no_figure_is_cut(view):
    softmax = enter(view, "softmax")
    change(view, scores=(3.75, -0.25, 0.0))
    QApplication.processEvents()
    table = softmax.figures
    assert len(table.texts()[0][4]) >= 8  # "−0.04015"
    for row, texts in enumerate(table.texts()):
        for column in range(len(texts)):
            index = table.model().index(row, column)
            assert table.visualRect(index).width() >= table.sizeHintForIndex(index).width()


def test_a_dragged_bar_moves_the_shares(view):
    softmax = enter(view, "softmax")
    bars = softmax.bars
    plane = bars.planes()[0]
    drag(bars, plane.point(2, 0.0), plane.point(2, 1.0), plane.point(2, 3.0))
    assert view.state.scores == (2.0, 1.0, 3.0)
    scores = torch.tensor([2.0, 1.0, 3.0], dtype=torch.float64, requires_grad=True)
    np.testing.assert_allclose(bars.shares, scores.softmax(0).detach())
    loss = torch.nn.CrossEntropyLoss()(scores, torch.tensor(0))
    loss.backward()
    assert softmax.entropy.text() == figure(loss.item())
    assert [row[4] for row in softmax.figures.texts()] == [figure(one) for one in scores.grad.tolist()]
    wanted = torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64)
    mse = torch.nn.MSELoss()(scores.detach(), wanted)
    assert softmax.mse.text() == figure(mse.item())
    assert softmax.mse_words.text() == "((2 − 1)² + (1 − 0)² + (3 − 0)²) / 3 = 3.667"


def test_keys_choose_a_bar_change_it_and_make_it_the_target(view):
    softmax = enter(view, "softmax")
    softmax.bars.setFocus()
    QTest.keyClick(softmax.bars, Qt.Key.Key_Right)
    QTest.keyClick(softmax.bars, Qt.Key.Key_Up)
    QTest.keyClick(softmax.bars, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert view.state.scores == (2.0, 0.1, 0.0)
    QTest.keyClick(softmax.bars, Qt.Key.Key_Return)
    assert view.state.target == 1
    assert softmax.figures.texts()[1][0] == "1 target"
    assert "class 1, the right one" in softmax.bars.accessibleName()


def test_classes_come_and_go(view):
    softmax = enter(view, "softmax")
    typed(softmax.count, "8")
    assert len(view.state.scores) == 8
    assert len(softmax.bars.shares) == 8
    assert len(softmax.figures.texts()) == 8
    typed(softmax.target, "7")
    assert view.state.target == 7
    typed(softmax.count, "2")
    assert view.state.target == 1


def test_the_axis_stands_still_below_a_hand_and_grows_for_what_is_typed(view):
    bars = enter(view, "softmax").bars
    change(view, scores=(30.0, 1.0, 0.0))
    assert bars.reach == 32
    plane = bars.planes()[0]
    drag(bars, plane.point(0, 30.0), plane.point(0, 2.0))
    assert view.state.scores[0] == 2.0
    assert bars.reach == 4


# All of them --------------------------------------------------------------------------------------------------------


def test_every_section_is_drawn_small_and_large_light_and_dark(view):
    for chosen in ("light", "dark"):  # once each: to dress all widgets takes longer than to paint them
        theme().set(chosen)
        for weight in (-1.0, 0.0, 1.0):
            assert contrast(edge_color(weight).name(), theme().color("surface").name()) >= 4.5
        for name in ("neuron", "line", "layer", "softmax"):
            section = enter(view, name)
            assert view.code()
            for size in (QSize(880, 460), QSize(1340, 700)):
                view.resize(size)
                QApplication.processEvents()
                assert len(np.unique(np.ascontiguousarray(pixels(section)).view(np.uint32))) > 20


@pytest.mark.parametrize("name", ["neuron", "line", "layer", "softmax"])
def test_what_takes_the_keyboard_has_a_name(view, name):
    section = enter(view, name)
    taking = [one for one in section.findChildren(QWidget) if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus]  # fmt: skip
    assert len(taking) > 3
    assert [one for one in taking if not (one.accessibleName() or getattr(one, "text", str)() or one.toolTip())] == []


def test_a_page_of_a_file_with_more_of_everything_is_shown(view):
    wide = Neuron(
        inputs=(1.0,) * 20, weights=((0.5,) * 20,) * 30, biases=(0.0,) * 30, scores=tuple(map(float, range(20))), row=25
    )
    for name in ("neuron", "layer", "softmax"):
        view.change(msgspec.structs.replace(wide, section=name), "test")
        QApplication.processEvents()
        view.grab()
    assert enter(view, "neuron").more.isVisibleTo(view)
    assert "neuron 25" in view.section.of.text()

"""A line in the plane of two features: moved by hand, by keys and by training, as PyTorch has it."""

import msgspec
import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.core.lab.topics import Boundary
from playground.session.history import numbers
from playground.window.lab.tensors.words import figure
from playground.window.theme import theme
from tests.window.lab.opened import drag, opened
from tests.window.panels.feed import pixels

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


def test_a_hand_moves_the_line_and_turns_it(view):
    line = enter(view, "line")
    change(view, boundary=Boundary(weights=(1.0, 0.0), bias=0.0))
    plane = line.plane.plane()
    drag(line.plane, plane.point(0.6, 0.8), plane.point(1.0, 0.5), plane.point(1.6, 0.2))
    assert view.state.boundary.weights == (1.0, 0.0)
    assert view.state.boundary.bias == pytest.approx(-1.0, abs=0.03)  # x₁ = 1 now
    middle, handle = line.plane.handles()
    drag(line.plane, plane.point(*handle), plane.point(middle[0] - 1, middle[1] + 1), plane.point(middle[0] - 1.5, 0))
    w = view.state.boundary.weights
    assert w == pytest.approx((0.0, 1.0), abs=0.03)
    assert view.state.boundary.bias == pytest.approx(0.0, abs=0.03)


def test_keys_move_the_line_turn_it_and_make_w_longer(view):
    line = enter(view, "line")
    change(view, boundary=Boundary(weights=(1.0, 0.0), bias=0.0))
    line.plane.setFocus()
    QTest.keyClick(line.plane, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert view.state.boundary.bias == -0.5
    QTest.keyClick(line.plane, Qt.Key.Key_Up)  # along itself: the same line
    assert view.state.boundary.bias == -0.5
    QTest.keyClick(line.plane, Qt.Key.Key_Plus)
    assert view.state.boundary.weights == (1.1, 0.0)
    assert view.state.boundary.bias == -0.55
    for _press in range(18):
        QTest.keyClick(line.plane, Qt.Key.Key_PageUp)
    assert view.state.boundary.weights == pytest.approx((0.0, 1.1), abs=0.01)
    QTest.keyClick(line.knobs[0].slider, Qt.Key.Key_Right)
    assert view.state.boundary.weights[0] == pytest.approx(0.1, abs=0.01)


def test_training_walks_as_plain_pytorch_does(view):
    line = enter(view, "line")
    points, labels = (torch.tensor(numbers(one)) for one in (line.told.points, line.told.labels))
    for _step in range(3):
        line.walk.step.click()
    asked = view.state.boundary
    w = torch.tensor(asked.weights, dtype=torch.float64, requires_grad=True)
    b = torch.tensor(asked.bias, dtype=torch.float64, requires_grad=True)
    for _step in range(3):
        loss = torch.nn.functional.binary_cross_entropy_with_logits(points @ w + b, labels)
        slopes = torch.autograd.grad(loss, (w, b))
        with torch.no_grad():
            w -= asked.lr * slopes[0]
            b -= asked.lr * slopes[1]
    z = (points @ w + b).detach()
    assert line.line == pytest.approx([*w.tolist(), b.item()])
    loss = torch.nn.functional.binary_cross_entropy_with_logits(z, labels)
    right = ((z > 0) == (labels > 0.5)).double().mean()
    assert line.score.text() == f"Accuracy {right.item():.3f}   Loss {loss.item():.4f}"
    assert [row[1] for row in line.figures.texts()] == [figure(one) for one in line.line]
    assert view.state.boundary == asked  # looking at a step changes nothing


def test_a_step_that_is_looked_at_is_taken_up_by_the_hand_and_reset_goes_back(view):
    line = enter(view, "line")
    for _step in range(4):
        line.walk.step.click()
    trained = line.line
    assert line.reset.isEnabled()
    typed(line.knobs[2].field, "0.75")
    assert line.position == 0
    assert view.state.boundary.weights == trained[:2]
    assert view.state.boundary.bias == 0.75
    line.walk.step.click()
    line.reset.click()
    assert line.position == 0
    assert line.line[2] == 0.75


def test_the_walk_is_played_to_its_end(view, qtbot):
    line = enter(view, "line")
    typed(line.steps, "4")
    line.walk.play.click()
    line.walk._timer.setInterval(1)
    qtbot.waitUntil(lambda: not line.walk.is_playing, timeout=5_000)
    assert line.position == 4
    assert "Step 4 of 4" in line.of.text()


def test_rate_loss_and_points_are_chosen(view):
    line = enter(view, "line")
    line.walk.step.click()
    typed(line.rate, "2")
    assert view.state.boundary.lr == 2.0
    assert line.position == 1  # the same step, taken with another rate
    line.loss.button("MSE").click()
    assert view.state.boundary.loss == "MSE"
    assert "mse" in line.told.line
    QApplication.processEvents()  # the curve is drawn in a turn of its own
    QApplication.processEvents()
    assert [one.text for one in line.losses.labels._labels] == ["MSE"]
    np.testing.assert_array_equal(line.losses._lines[0].values, numbers(line.told.losses))
    before = numbers(line.told.points)
    line.draw.click()
    assert view.state.boundary.seed == 1
    assert not np.array_equal(before, numbers(line.told.points))
    line.data.button("moons").click()
    assert view.state.boundary.data == "moons"
    assert not line.spread.isVisibleTo(line)
    assert line.position == 0


def test_without_weights_there_is_no_line_and_it_can_be_made_again(view):
    line = enter(view, "line")
    change(view, boundary=Boundary(weights=(0.0, 0.0), bias=0.05))
    assert line.plane.handles() is None
    line.plane.grab()
    QTest.keyClick(line.plane, Qt.Key.Key_Right)
    assert "none" in line.line_words.text()
    QTest.keyClick(line.knobs[0].slider, Qt.Key.Key_Right)
    assert line.plane.handles() is not None


def test_a_line_outside_of_the_plane_is_brought_back_by_hand_and_by_keys(view):
    line = enter(view, "line")
    change(view, boundary=Boundary(weights=(1.0, 0.0), bias=20.0))
    assert line.plane.handles() is None
    QTest.keyClick(line.plane, Qt.Key.Key_PageUp)
    assert view.state.boundary.weights == pytest.approx((0.9962, 0.0872), abs=1e-3)
    QTest.keyClick(line.plane, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    plane = line.plane.plane()
    before = view.state.boundary.bias
    drag(line.plane, plane.point(-1, 0), plane.point(1, 0))
    assert view.state.boundary.bias == pytest.approx(before - 2 * 0.9962, abs=0.05)


def test_points_on_the_wrong_side_are_crossed_and_both_sides_are_named(view):
    line = enter(view, "line")
    change(view, boundary=Boundary(weights=(-1.0, 0.5), bias=-0.5))
    wrong = (numbers(line.told.right)[0] == 0).sum()
    assert 0 < wrong == line.plane._wrong.sum()
    red = theme().color("error").getRgb()[:3]
    assert (pixels(line.plane)[..., :3] == red).all(-1).any()

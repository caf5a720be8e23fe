"""Slopes: the tutorial's 1, 4 and 12, the tangent that a hand drags, and what is typed."""

import math

import msgspec
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.window.lab.opened import answered, drag, opened


@pytest.fixture
def view(session, qtbot):
    return opened(session, qtbot, "slopes")


def change(view, **changes) -> None:
    view.change(msgspec.structs.replace(view.state, **changes), "test")


def place(view, number: int, x: float) -> QPointF:
    """Where an x is in one of the plots."""
    plane = view.cards[number].plot.plane()
    return QPointF(plane.point(x, 0).x(), plane.area.center().y())


def test_at_two_the_slopes_are_one_four_and_twelve(view):
    assert view.state.x == 2.0
    assert view.table.texts() == [
        ["x", "2.00", "1.00", ""],
        ["x²", "4.00", "4.00", "4 ×"],
        ["x³", "8.00", "12.00", "3 ×"],
    ]
    assert "x³ is 12 times as steep as x." in view.sentence.text()


def test_the_difference_quotient_comes_near_the_slope(view):
    view.table.setCurrentCell(1, 0)
    rows = view.quotients.texts()
    assert rows[:3] == [
        ["1", "5.000000", "1.000000"],
        ["0.1", "4.100000", "0.100000"],
        ["0.01", "4.010000", "0.010000"],
    ]
    assert len(rows) == 8
    view.table.setCurrentCell(2, 0)
    assert view.quotients.texts()[0][:2] == ["1", "19.000000"]  # 27 - 8
    assert "x³" in view.quotient_title.text()


def test_a_hand_drags_the_tangent_in_all_plots_as_one_undo_step(view):
    stack = view.lab.undo_stack
    before = stack.count()
    drag(view.cards[1].plot, place(view, 1, 2.0), place(view, 1, 1.0), place(view, 1, -1.0))
    x = view.state.x
    assert x == pytest.approx(-1.0, abs=0.03)
    assert stack.count() == before + 1
    for card, slope in zip(view.cards, (1.0, 2 * x, 3 * x * x), strict=True):
        assert card.plot.at is not None
        assert card.plot.at[2] == pytest.approx(slope, abs=1e-9)
    assert float(view.x_field.editor.text().replace("−", "-")) == x
    stack.undo()
    assert view.state.x == 2.0


def test_the_tangent_follows_the_hand_before_the_answer_but_no_number_does(view, session):
    waiting = []
    session.client.ask = lambda make, then: waiting.append((make, then))
    drag(view.cards[2].plot, place(view, 2, 1.5))
    plot, x = view.cards[2].plot, view.state.x
    assert x != 2.0
    assert plot.at == pytest.approx((x, x**3, 3 * x * x), abs=2e-2)
    assert "at x = 2.00" in plot.accessibleName()
    assert view.table.texts()[2][2] == "12.00"
    for one in waiting:
        answered(*one)
    assert plot.at == pytest.approx((x, x**3, 3 * x * x), rel=1e-12)
    assert view.table.texts()[2][2] == f"{3 * x * x:.2f}"


@pytest.mark.parametrize(
    ("key", "modifier", "x"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 2.1),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 1.9),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, 1.0),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, -3.0),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, 3.0),
    ],
)
def test_keys_move_the_tangent(view, key, modifier, x):
    view.cards[0].plot.setFocus()
    QTest.keyClick(view.cards[0].plot, key, modifier)
    assert view.state.x == pytest.approx(x)
    assert f"at x = {x:.2f}".replace("-", "−") in view.cards[1].plot.accessibleName()


def test_x_and_h_are_typed(view):
    for field, text in ((view.x_field, "-1.5"), (view.h_field, "0.5")):
        field.editor.selectAll()
        QTest.keyClicks(field.editor, text)
    assert (view.state.x, view.state.width) == (-1.5, 0.5)
    assert view.table.texts()[2][1:3] == ["−3.38", "6.75"]
    assert view.quotients.texts()[0][0] == "0.5"


def test_the_axis_reaches_a_typed_x_and_what_a_function_has_to_show(view):
    view.x_field.editor.selectAll()
    QTest.keyClicks(view.x_field.editor, "10")
    assert view.state.x == 10.0
    for card in view.cards:
        low, high = card.plot.plane().x
        assert low == -3.0
        assert high > 10.0
    view.lab.undo_stack.undo()
    assert view.cards[0].plot.plane().x == (-3.0, 3.0)
    view._add("sin")
    assert view.cards[-1].plot.plane().x == (-7.0, 7.0)


def test_the_wheel_over_the_axis_and_keys_move_it_and_undo_brings_it_back(view):
    plot, stack = view.cards[1].plot, view.lab.undo_stack
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Minus)
    low, high = plot.plane().x
    assert high - low == pytest.approx(6 * 1.25, abs=0.1)
    assert (2 - low) / (high - low) == pytest.approx(5 / 6, abs=0.02)  # the tangent stays where it is
    stack.undo()
    assert plot.plane().x == (-3.0, 3.0)
    area = plot.plane().area
    turn(plot, QPointF(area.center().x(), area.center().y()))
    assert plot.plane().x == (-3.0, 3.0)
    turn(plot, QPointF(area.center().x(), area.bottom() + 8))
    assert plot.plane().x == pytest.approx((-2.4, 2.4), abs=0.05)
    assert view.cards[2].plot.plane().x == plot.plane().x


def turn(plot, at: QPointF) -> None:
    """The wheel by a notch, away from the hand."""
    event = QWheelEvent(
        at, QPointF(plot.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(plot, event)


def test_a_function_is_typed_and_taken_away(view):
    QTest.keyClicks(view.line, "(2*x - 3)**2")
    QTest.keyClick(view.line, Qt.Key.Key_Return)
    assert view.state.functions[-1] == "(2*x - 3)**2"
    assert view.table.texts()[-1][:3] == ["(2*x - 3)**2", "1.00", "4.00"]  # 2 · (2·2 − 3) · 2
    assert view.line.text() == ""
    view.cards[-1].close_button.click()
    assert view.state.functions == ("x", "x**2", "x**3")
    assert len(view.cards) == 3


def test_a_line_that_is_no_function_says_where_and_keeps_the_others(view):
    change(view, functions=("x**2", "x + y"))
    card = view.cards[1]
    assert card.fault.isVisible()
    assert not card.plot.isVisible()
    line, marks, sentence = card.fault.text().split("\n")
    assert line[marks.index("^") : marks.rindex("^") + 1] == "y"
    assert "y is not known" in sentence
    assert view.table.texts() == [["x²", "4.00", "4.00", ""], ["x + y", "–", "–", ""]]


def test_a_pole_has_no_number(view):
    change(view, functions=("1/x",), x=0.0)
    assert view.table.texts() == [["1/x", "–", "–", ""]]
    low, high = view.cards[0].plot.plane().y
    assert high - low < 50  # around the middle of the curve, not up to its pole
    view.grab()


def test_the_derivative_is_drawn_on_demand(view):
    before = view.cards[1].plot.plane().y
    view.slope_of.click()
    after = view.cards[1].plot.plane().y
    assert after[0] < -6 < before[0]  # 2x reaches down to −6
    view.slope_of.click()
    assert view.cards[1].plot.plane().y == before


def test_what_pytorch_was_asked_is_said(view):
    view.table.setCurrentCell(2, 0)
    lines = view.code_label.text().split("\n")
    assert lines == ["x = torch.tensor(2.0, requires_grad=True)", "y = x**3", "y.backward()", "x.grad  # 12.00"]
    assert "x**3" in view.code()


def test_twelve_functions_stand_in_rows_and_a_small_window_scrolls(view):
    change(view, functions=("x", "x**2", "x**3", "sin", "exp", "sigmoid", "tanh", "ReLU", "GELU", "abs", "1/x", "line"))
    assert len(view.cards) == 12
    assert not view.add.isEnabled()
    view.resize(QSize(700, 420))
    view.grab()
    assert all(card.width() >= 200 for card in view.cards)
    assert math.isclose(view.cards[4].plot.at[2], math.exp(2), rel_tol=1e-12)

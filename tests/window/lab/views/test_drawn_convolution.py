"""The lab's convolution slides over what is drawn on the canvas beside it, while the pen moves."""

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from torch.nn import functional as F

from playground.core.drawing import DRAWING
from playground.core.kernels import KERNELS
from playground.core.lab.page import LabPage, read_page, write_page
from playground.session.history import numbers
from playground.window.lab.convolution.drawn import SIDE
from tests.window.lab.opened import opened
from tests.window.panels.feed import settle


@pytest.fixture
def view(session, qtbot):
    made = opened(session, qtbot, "convolution")
    made.head._on_picture(DRAWING)
    settle()
    return made


def given(view) -> np.ndarray:
    """(height, width): what the window slides over."""
    return numbers(view.answer.asked.input)[0]


def test_drawing_is_a_choice_and_shows_the_canvas(view):
    assert view.state.sample == DRAWING
    assert view.head.picture.text() == "Drawing"
    assert not view.head.number.isVisible()
    assert view.page.canvas.isVisible()
    assert given(view).shape == (SIDE, SIDE)
    assert not given(view).any()
    view.head._on_picture("digits")
    settle()
    assert not view.page.canvas.isVisible()
    assert given(view).any()


def test_the_map_follows_the_pen_before_it_is_lifted(view):
    canvas, steps = view.page.canvas.canvas, view.lab.undo_stack.count()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=canvas.place(0.5, 0.5).toPoint())
    settle()
    dot = given(view).sum()
    assert dot > 0
    view.drawing.move(0.9, 0.5)
    settle()
    assert given(view).sum() > 3 * dot
    kernel = torch.tensor(KERNELS["edges"], dtype=torch.float32)[None, None]
    expected = F.conv2d(torch.tensor(given(view))[None, None], kernel, padding=1)[0, 0].numpy()
    np.testing.assert_allclose(numbers(view.answer.slid.maps[0]), expected, rtol=1e-5, atol=1e-5)
    assert view.lab.undo_stack.count() == steps
    under_way = given(view).copy()
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=canvas.place(0.9, 0.5).toPoint())
    settle()
    assert view.lab.undo_stack.count() == steps + 1
    np.testing.assert_array_equal(given(view), under_way)


def test_a_stroke_is_undone_and_comes_back(view):
    canvas = view.page.canvas.canvas
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.place(0.3, 0.3).toPoint())
    settle()
    drawn = given(view).copy()
    view.lab.undo_stack.undo()
    settle()
    assert not given(view).any()
    assert "strokes: 0" in canvas.accessibleName()
    view.lab.undo_stack.redo()
    settle()
    np.testing.assert_array_equal(given(view), drawn)


def test_the_keyboard_draws(view):
    canvas = view.page.canvas.canvas
    canvas.setFocus()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Space):
        QTest.keyClick(canvas, key)
    settle()
    assert len(view.state.strokes) == 1
    assert given(view).any()
    QTest.keyClick(canvas, Qt.Key.Key_Backspace)
    settle()
    assert view.state.strokes == ()
    assert not given(view).any()


def test_a_page_that_is_opened_has_its_drawing(view):
    view.drawing.begin(0.2, 0.2, 0.1)
    view.drawing.move(0.8, 0.8)
    view.drawing.end()
    settle()
    drawn, text = given(view).copy(), write_page(view.lab.page)
    view.lab.new("convolution")
    settle()
    view.lab.begin(read_page(text, "page"), "open", run=True)
    settle()
    view.ask_all()
    assert view.page.canvas.isVisible()
    np.testing.assert_array_equal(given(view), drawn)
    assert view.lab.page == LabPage(view.state)


def test_a_kernel_that_is_chosen_slides_over_the_drawing(view):
    view.drawing.begin(0.2, 0.5, 0.1)
    view.drawing.move(0.8, 0.5)
    view.drawing.end()
    settle()
    drawn = given(view).copy()
    view.head.kernel_chosen.emit("blur")
    settle()
    np.testing.assert_array_equal(given(view), drawn)
    assert view.state.picture == ()  # what is kept are the strokes


def test_the_script_has_the_drawing_in_it(view, capsys, monkeypatch):
    view.drawing.begin(0.5, 0.5, 0.2)
    view.drawing.end()
    settle()
    copied = []
    monkeypatch.setattr(view.page.tail, "take", copied.append)
    view.page.tail.copy.click()
    exec(copied[0], {})
    assert float(capsys.readouterr().out) == pytest.approx(view.answer.slid.value, rel=1e-5)


def test_a_view_that_is_not_seen_asks_once_its_canvas_is(view, qtbot):
    view.hide()
    view.drawing.begin(0.5, 0.5, 0.2)
    view.drawing.end()
    view.lab.undo_stack.undo()
    view.lab.undo_stack.redo()
    settle()
    view.show()
    settle()
    assert given(view).any()

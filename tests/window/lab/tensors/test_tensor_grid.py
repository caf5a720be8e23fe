"""The cells of a tensor: read, walked by keyboard, scrolled, and changed by a number that is typed."""

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter

from playground.core.lab.messages import Glance
from playground.engine.lab.bench import Computed
from playground.window.lab.tensors import painting
from playground.window.lab.tensors.grid import Grid
from playground.window.theme import theme
from tests.window.panels.feed import settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def grid(session, qtbot):
    """make("torch.…") shows the tensor of a line."""

    def make(line: str, size: tuple[int, int] = (64, 64), most_rows: int = 6) -> Grid:
        made = Grid("Cells of", most_rows)
        qtbot.addWidget(made)
        told = Computed((f"a = {line}",)).told([Glance("a", size=size)])
        made.show_cells(told.values[0], told.cells[0], place=(0, 0))
        made.resize(made.sizeHint())
        made.show()
        settle()
        return made

    return make


def bars(grid: Grid) -> tuple[int, int]:
    return grid.verticalScrollBar().maximum(), grid.horizontalScrollBar().maximum()


def point(grid: Grid, row: int, column: int) -> QPoint:
    return grid.rect_of(row, column).center().toPoint()


def test_at_its_own_size_a_small_tensor_needs_no_bars(grid):
    assert bars(grid("torch.arange(12.).reshape(3, 4)")) == (0, 0)
    assert bars(grid("torch.randn(1, 7)")) == (0, 0)


def test_a_click_chooses_the_cell_below_the_pointer(grid, qtbot):
    shown = grid("torch.arange(12.).reshape(3, 4)")
    with qtbot.waitSignal(shown.chosen) as blocker:
        qtbot.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=point(shown, 2, 1))
    assert blocker.args == [2, 1]


def test_the_arrows_walk_and_stop_at_the_edges(grid, qtbot):
    shown, seen = grid("torch.arange(12.).reshape(3, 4)"), []
    shown.chosen.connect(lambda row, column: seen.append((row, column)))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up):
        qtbot.keyClick(shown, key)
    assert seen == [(0, 1), (1, 0), (0, 0), (0, 0)]  # from the chosen cell, which nobody moved


@pytest.mark.parametrize(("typed", "value"), [("7", 7.0), ("-2.5", -2.5), ("1e3", 1000.0), ("0,5", 0.5)])
def test_a_number_typed_on_a_cell_is_given(grid, qtbot, typed, value):
    shown = grid("torch.arange(12.).reshape(3, 4)")
    shown.setFocus()
    with qtbot.waitSignal(shown.number_given) as blocker:
        qtbot.keyClicks(shown, typed[0])
        qtbot.keyClicks(shown._field, typed[1:])
        qtbot.keyClick(shown._field, Qt.Key.Key_Return)
    assert blocker.args == [0, 0, value]


@pytest.mark.parametrize("typed", ["x", "", "nan", "1e999"])
def test_what_is_no_number_is_not_given(grid, qtbot, typed):
    shown = grid("torch.ones(2, 2)")
    with qtbot.assertNotEmitted(shown.number_given):
        shown.edit(1, 1)
        shown._field.setText(typed)
        qtbot.keyClick(shown._field, Qt.Key.Key_Return)


def test_escape_leaves_the_number_as_it_was(grid, qtbot):
    shown = grid("torch.ones(2, 2)")
    with qtbot.assertNotEmitted(shown.number_given):
        shown.edit(1, 1)
        qtbot.keyClicks(shown._field, "55")
        qtbot.keyClick(shown._field, Qt.Key.Key_Escape)


def test_of_a_large_tensor_what_is_scrolled_to_is_asked_for(grid, qtbot):
    shown = grid("torch.randn(200, 300)", size=(24, 24))
    shown.resize(300, 200)
    settle()
    assert bars(shown)[0] > 150
    with qtbot.waitSignal(shown.window_wanted):
        shown.verticalScrollBar().setValue(100)
        shown.horizontalScrollBar().setValue(200)
    (row, column), (high, wide) = shown.wanted()
    assert row <= 100 < row + high
    assert column <= 200 < column + wide
    last = shown.verticalScrollBar().maximum()
    shown.verticalScrollBar().setValue(last)
    assert shown._rect(199, 0).bottom() <= shown.viewport().height()  # the last row can be seen whole


def test_a_screen_reader_hears_what_is_chosen(grid):
    shown = grid("torch.tensor([[1., 2.], [3., -4.5]])")
    told = Computed(("a = torch.tensor([[1., 2.], [3., -4.5]])",)).told([Glance("a")])
    shown.show_cells(told.values[0], told.cells[0], place=(1, 1))
    assert shown.accessibleName() == "Cells of a, 2 × 2; row 1, column 1: −4.5"


def luminance(color) -> float:
    parts = np.array(color.getRgb()[:3]) / 255
    linear = np.where(parts <= 0.03928, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_number_can_be_read_on_the_colour_of_its_value(session, name):
    theme().set(name)
    tint, ink = painting.Tint(1.0), luminance(theme().color("text"))
    for value in np.linspace(-1, 1, 101):
        ground = luminance(tint.color(value))
        assert (max(ground, ink) + 0.05) / (min(ground, ink) + 0.05) >= 4.5


def test_colours_are_symmetric_about_zero():
    tint = painting.Tint(2.0)
    assert tint.color(2.0) != tint.color(-2.0)
    assert tint.color(float("nan")) == theme().color("sunken")
    assert torch.equal(torch.tensor(tint.color(5.0).getRgb()), torch.tensor(tint.color(2.0).getRgb()))


def stamped(value: float, look: painting.Look, zoom: float = 1.0, is_printed: bool | None = None) -> np.ndarray:
    """(120, 200, 4) uint8: a cell in a picture. is_printed: of a kept one, or not; None as the stamp decides"""
    image = QImage(200, 120, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(theme().color("surface"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(zoom, zoom)
    stamp = painting.Stamp(painter, painting.Tint(2.0), 44, 22)
    if is_printed is not None:
        stamp._is_printed = is_printed
    stamp(5, 3, value, look)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(120, 200, 4).copy()


LOOKS = [painting.PLAIN, *(painting.Look(**{name: True}) for name in painting.Look._fields)]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", ["light", "dark"])
def test_a_cell_that_was_kept_is_the_one_that_would_be_painted(session, look, name):
    theme().set(name)
    for value in (0.0, 1.5, -2.0, float("nan")):
        kept, painted = stamped(value, look, is_printed=True), stamped(value, look, is_printed=False)
        assert np.abs(kept.astype(int) - painted).max() <= 3  # what is blended twice is rounded twice
        assert (painted != stamped(1.0, look)).any()


def test_a_cell_that_is_kept_is_of_the_theme_and_the_size_of_now(session):
    theme().set("light")
    light = stamped(1.0, painting.PLAIN)
    theme().set("dark")
    assert (stamped(1.0, painting.PLAIN) != light).any()
    theme().set("light")
    assert (stamped(1.0, painting.PLAIN) == light).all()
    theme().set_text_scale(1.5)
    assert (stamped(1.0, painting.PLAIN) != light).any()


def test_a_cell_is_not_blurred_where_the_canvas_is_drawn_larger(session):
    assert (stamped(1.0, painting.PLAIN, zoom=2.0) == stamped(1.0, painting.PLAIN, zoom=2.0, is_printed=False)).all()

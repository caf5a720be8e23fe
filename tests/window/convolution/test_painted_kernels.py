"""Kernels that a person paints: on the sample, one or two in a row."""

from fractions import Fraction

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from playground.core.kernels import KERNELS
from playground.session.history import numbers
from playground.window.convolution.arithmetic_view import kernel_sum
from tests.window.convolution.hands import click, drag, newest, paint, type_into
from tests.window.panels.feed import feed, settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def test_a_named_kernel_slides_over_the_sample(room, bench):
    paint(room)
    assert room.watches()[-1].probe == "prediction"
    assert numbers(newest(bench).stages[0].weight)[0].tolist() == [list(map(float, row)) for row in KERNELS["edges"]]
    room.head.kernels.setCurrentIndex(room.head.kernels.findData("emboss"))
    room.head.kernels.activated.emit(0)
    settle()
    assert numbers(newest(bench).stages[0].weight)[0].tolist() == [list(map(float, row)) for row in KERNELS["emboss"]]
    room.head.kernels.setCurrentIndex(room.head.kernels.findData("random"))
    room.head.kernels.activated.emit(0)
    settle()
    assert np.unique(numbers(newest(bench).stages[0].weight)).size > 3


def test_a_cell_is_changed_by_a_drag_by_keys_and_by_typing(room, bench):
    paint(room)
    cells = room.arithmetic
    middle = cells.cell_rect(1, 1, 1).center()
    drag(cells, middle, middle - QPointF(0, 50))
    assert numbers(newest(bench).stages[0].weight)[0, 1, 1] == pytest.approx(9.0)
    QTest.keyClick(cells, Qt.Key.Key_Left)
    QTest.keyClick(cells, Qt.Key.Key_PageUp)
    settle()
    assert numbers(newest(bench).stages[0].weight)[0, 1, 0] == pytest.approx(-0.9)
    QTest.keyClicks(cells, "-2.5")
    assert numbers(newest(bench).stages[0].weight)[0, 1, 0] == pytest.approx(-0.9)  # not before it is whole
    QTest.keyClick(cells, Qt.Key.Key_Return)
    settle()
    assert numbers(newest(bench).stages[0].weight)[0, 1, 0] == pytest.approx(-2.5)
    QTest.keyClick(cells, Qt.Key.Key_Delete)
    settle()
    assert numbers(newest(bench).stages[0].weight)[0, 1, 0] == 0
    QTest.keyClicks(cells, "7")
    QTest.keyClick(cells, Qt.Key.Key_Escape)
    settle()
    assert numbers(newest(bench).stages[0].weight)[0, 1, 0] == 0
    assert room.head.kernels.currentIndex() == -1  # it is nobody's but the painter's


def test_cells_of_a_trained_filter_are_not_painted_but_taken_along(room, bench):
    before = len(bench.asked)
    cells = room.arithmetic
    middle = cells.cell_rect(1, 1, 1).center()
    drag(cells, middle, middle - QPointF(0, 50))
    QTest.keyClicks(cells, "5")
    assert len(bench.asked) == before
    mine = numbers(newest(bench).stages[0].weight)[0]
    room.head.paint.click()
    settle()
    feed(room.session, 205)
    assert room.head.modes.current == "paint"
    assert numbers(newest(bench).stages[0].weight)[0].tolist() == mine.tolist()


def test_a_kernel_of_a_layer_and_a_painted_one_have_names_of_their_own(room, bench):
    paint(room)
    box = room.head.kernels
    row = box.findData("mine")
    assert box.itemText(row) == "Mine: 1 Conv2d"
    box.setCurrentIndex(row)
    box.activated.emit(row)
    settle()
    assert (box.currentData(), box.placeholderText()) == ("mine", "Painted")
    room._choose_layer((3,))
    settle()
    assert (box.itemText(row), box.currentIndex()) == ("Mine: 4 Conv2d", -1)  # it came from the other one
    room._choose_layer((2,))
    settle()
    assert box.findData("mine") < 0  # a pooling has none


def test_the_kernel_says_what_it_adds_up_to(room, bench):
    paint(room)
    cells = room.arithmetic
    assert cells._grids[1].below == "sum 0.000"
    assert cells.rect().contains(cells.below_rect(1).toAlignedRect())
    middle = cells.cell_rect(1, 1, 1).center()
    drag(cells, middle, middle - QPointF(0, 50))
    assert cells._grids[1].below == "sum 1.000"
    assert "kernel: sum 1.000" in cells.accessibleDescription()
    assert [grid.below for grid in cells._grids[::2]] == ["", ""]
    cells._set(float("1e-3"))
    assert cells._grids[1].below == "sum −7.999"


@pytest.mark.parametrize("name", KERNELS)
def test_the_sum_of_a_named_kernel_is_that_of_its_numbers(qapp, name):
    exact = sum(Fraction(value).limit_denominator(1000) for row in KERNELS[name] for value in row)
    assert kernel_sum(np.array(KERNELS[name], np.float32)) == f"sum {float(exact):.3f}".replace("-", "−")


def test_two_kernels_in_a_row_and_each_of_their_maps_can_be_pointed_at(room, bench):
    paint(room)
    room.head.chain.click()
    settle()
    assert len(newest(bench).stages) == 2
    assert newest(bench).told == 1
    assert len(room.stage._panes) == 3
    click(room.stage, room.stage.pixel_rect(1, 6, 7).center())
    assert (newest(bench).told, newest(bench).at) == (0, (6, 7))
    click(room.stage, room.stage.pixel_rect(2, 8, 9).center())
    assert (newest(bench).told, newest(bench).at) == (1, (8, 9))
    room.head.which.button("0").click()
    settle()
    assert newest(bench).told == 0
    room.head.chain.click()
    settle()
    assert len(newest(bench).stages) == 1


def test_a_painted_kernel_may_be_larger_and_stride(room, bench):
    paint(room)
    room.what_if._all.click()
    type_into(room.what_if.field("kernel_size"), "5")
    weight = numbers(newest(bench).stages[0].weight)[0]
    assert weight.shape == (5, 5)
    assert weight[1:4, 1:4].tolist() == [list(map(float, row)) for row in KERNELS["edges"]]
    type_into(room.what_if.field("stride"), "2")
    assert newest(bench).stages[0].layer.arguments["stride"] == 2
    assert not room.what_if.use.isVisible()  # there is no row to use it in


def test_the_value_can_be_copied_as_code(room, bench):
    room.tail.copy.click()
    settle()
    assert newest(bench).script
    assert QGuiApplication.clipboard().text() == "print(1)"
    assert room.tail.copy.is_done
    room.tail.copy._rest.stop()

"""What lies in a layout, in its order, and taken out of it."""

import pytest
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.window.flow import FlowLayout
from playground.window.layouts import parts_of, take_widgets


@pytest.mark.parametrize("kind", [QVBoxLayout, FlowLayout])
def test_parts_come_in_the_order_of_the_layout(kind, qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    layout = kind(holder)
    first, second, third = (QLabel(name, holder) for name in "abc")
    aside = QLabel("d", holder)
    for one in (third, first, second):
        layout.addWidget(one)
    assert parts_of(layout) == [third, first, second]
    assert aside not in parts_of(layout)


def test_inner_layouts_are_parts_and_hold_their_own(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    layout, inner = QVBoxLayout(holder), QHBoxLayout()
    below, inside = QLabel("below"), QLabel("inside")
    layout.addStretch(1)
    layout.addLayout(inner)
    layout.addWidget(below)
    inner.addWidget(inside)
    assert parts_of(layout) == [inner, below]
    assert parts_of(inner) == [inside]


def test_a_grid_is_read_line_by_line(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    grid = QGridLayout(holder)
    labels = {place: QLabel(str(place)) for place in ((1, 1), (0, 1), (1, 0), (0, 0))}
    for (row, column), label in labels.items():
        grid.addWidget(label, row, column)
    assert parts_of(grid) == [labels[place] for place in sorted(labels)]


@pytest.mark.parametrize("kind", [QVBoxLayout, QGridLayout, FlowLayout])
def test_what_is_taken_stays_a_child_and_can_be_put_back(kind, qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    layout = kind(holder)
    labels = [QLabel(name) for name in "abc"]
    for one in labels:
        layout.addWidget(one)
    assert take_widgets(layout) == labels
    assert layout.count() == 0
    assert all(one.parent() is holder for one in labels)
    layout.addWidget(labels[1])
    assert parts_of(layout) == [labels[1]]

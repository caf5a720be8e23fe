"""Everything in the lab by keyboard: Tab goes once through all that can be used, in reading order, and leaves the page."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from playground.core.lab.functions import SURFACES
from playground.core.lab.page import default_page
from playground.window.lab.neuron.one import OneNeuron
from playground.window.lab.views import VIEWS
from playground.window.lab.views.neuron import SECTIONS
from playground.window.main_window import MainWindow
from tests.window.panels.feed import settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "This plugin does not support", extend=True)
PAGES = [
    *[(topic, {}) for topic in VIEWS if topic != "neuron"],
    *[("neuron", {"section": section}) for section in SECTIONS],
    ("descent", {"surface": "valley", "start": SURFACES["valley"].start}),
]
MOST = 200  # presses


@pytest.fixture
def window(told, qtbot) -> MainWindow:
    made = MainWindow(told)
    qtbot.addWidget(made, before_close_func=lambda one: one.session.document.undo_stack.setIndex(0))
    made.resize(1440, 900)
    made.show()
    qtbot.waitExposed(made)
    settle()
    return made


def opened(window, topic, **fields):
    """The view, with a page that has run."""
    window.open_lab(topic)
    lab = window.session.lab
    lab.run()
    if fields:
        lab.look(msgspec.structs.replace(default_page(topic).state, **fields))
    settle()
    room = window.rooms.area("lab").docks[0].panel
    while room._ordering.isActive():  # parts are put in order when they have rested
        QTest.qWait(20)
    return room.view


def enter_above(window) -> None:
    """Where a person comes from with Tab."""
    window.rooms.area("lab").docks[0].panel.more.setFocus(Qt.FocusReason.TabFocusReason)


def usable(view) -> set[QWidget]:
    """What Tab has to come to: of buttons of which one is down, that one."""
    found = set()
    for one in view.findChildren(QWidget):
        tab = one.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
        if isinstance(one, QAbstractButton) and one.group() is not None and one.group().exclusive():
            tab = one.isChecked()
        if tab and one.isVisible() and one.isEnabled() and one.focusProxy() is None:
            found.add(one)
    return found


def walked(window, view, key) -> list[QWidget]:
    """The widgets of the view that presses of a key come to, until they leave it."""
    found: list[QWidget] = []
    for _press in range(MOST):
        QTest.keyClick(window.focusWidget(), key)
        now = window.focusWidget()
        if view.isAncestorOf(now):
            found.append(now)
        elif found:
            return found
    pytest.fail(f"Tab does not leave the page: {found[:12]}")


def of(widget) -> str:
    name = widget.text() if isinstance(widget, QAbstractButton) else ""
    return f"{widget.accessibleName() or name or widget.toolTip()} ({type(widget).__name__} {id(widget)})"


@pytest.mark.parametrize(("topic", "fields"), PAGES, ids=str)
def test_tab_goes_once_through_all_that_can_be_used_and_leaves(topic, fields, window):
    view = opened(window, topic, **fields)
    enter_above(window)
    there = walked(window, view, Qt.Key.Key_Tab)
    assert len(there) == len(set(there))
    assert {of(one) for one in there} == {of(one) for one in usable(view)}
    back = walked(window, view, Qt.Key.Key_Backtab)
    assert back == there[::-1]


def test_tab_reads_the_tensors_page_as_a_person_does(window):
    view = opened(window, "tensors")
    enter_above(window)
    way = walked(window, view, Qt.Key.Key_Tab)
    cards = [view.cards[0], view.cards[1]]
    parts = [view.new, view.editor, view.detail.grids[0], view.detail.chips[0], *cards, view.pair.signs.button("+")]
    assert [one for one in way if one in parts] == parts


def test_the_lab_begins_at_its_lines(window):
    view = opened(window, "tensors")
    window.enter("training")
    settle()
    window.open_lab("tensors")
    settle()
    assert window.focusWidget() is view.editor


def test_a_group_is_entered_at_the_choice_that_is_down(window):
    view = opened(window, "neuron", activation="tanh")
    section = view.section
    assert isinstance(section, OneNeuron)
    enter_above(window)
    way = walked(window, view, Qt.Key.Key_Tab)
    assert section.activation.button("tanh") in way
    assert section.activation.button("none") not in way
    turned = (section.input_knobs[0], section.weight_knobs[0], section.bias_knob)
    found = [next(place for place, one in enumerate(way) if knob.isAncestorOf(one)) for knob in turned]
    assert found == sorted(found)

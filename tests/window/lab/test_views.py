"""The contract of every view of the lab: light and dark, with an empty page, with the page that its topic begins with as
the real workbench tells it, and by keyboard.
"""

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QWidget

from playground.core.lab.page import default_page
from playground.window.lab.room import LabRoom
from playground.window.lab.views import VIEWS
from playground.window.theme import theme
from tests.window.panels.feed import pixels, settle

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
SIZE, SMALL = QSize(1340, 700), QSize(960, 520)


@pytest.fixture
def room(session, qtbot) -> LabRoom:
    made = LabRoom(session)
    qtbot.addWidget(made)
    made.resize(SIZE)
    return made


def colors(widget: QWidget) -> int:
    return len(
        np.unique(np.ascontiguousarray(pixels(widget)).view(np.uint32))
    )  # four bytes as one number: 30 times as fast


def test_views_ask_nothing_before_they_are_run_and_draw_what_the_workbench_tells(room, qtbot):
    """One workbench for all of them: to start it takes longer than all else."""
    session, told = room.session, []
    room.show()
    ask = session.client.ask
    session.client.ask = lambda make, then: ask(make, lambda answer: (told.append(answer), then(answer)))
    session.client.start()
    qtbot.waitUntil(lambda: session.client.ready, timeout=60_000)
    for topic in VIEWS:
        told.clear()
        session.lab.new(topic)
        settle()
        before = colors(room.view)
        assert before > 1, topic  # an empty view is no blank one
        assert not [one for one in told if type(one).__name__ == "LabTold"], topic  # the devices are told of, too
        session.lab.run()
        qtbot.waitUntil(lambda: any(type(one).__name__ == "LabTold" for one in told), timeout=60_000)
        qtbot.waitUntil(lambda before=before: colors(room.view) > before + 5, timeout=10_000)
        assert not [one for one in told if type(one).__name__ == "Failed" and "lab" in one.fault.where.lower()], topic
        check_looks(room, topic)


def check_looks(room, topic):
    light = pixels(room.view)
    theme().set("dark")
    settle()
    assert colors(room.view) > 3, topic
    assert light.mean() > pixels(room.view).mean() + 60, topic
    room.resize(SMALL)
    settle()
    assert room.view.size().width() <= SMALL.width(), topic
    theme().set("light")
    room.resize(SIZE)


@pytest.mark.parametrize("topic", VIEWS)
def test_a_view_shows_its_page_without_changing_it(topic, told, qtbot):
    room = LabRoom(told)
    qtbot.addWidget(room)
    room.resize(SIZE)
    room.show()
    told.lab.choose(topic)
    for _turn in range(5):
        settle()
    assert told.lab.page.state == default_page(topic).state
    assert told.lab.undo_stack.count() == (topic != "tensors")


@pytest.mark.parametrize("topic", VIEWS)
def test_what_takes_the_keyboard_has_a_name(topic, told, qtbot):
    room = LabRoom(told)
    qtbot.addWidget(room)
    room.resize(SIZE)
    room.show()
    told.lab.choose(topic)
    settle()
    nameless = [
        one
        for one in room.findChildren(QWidget)
        if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus and not (one.focusProxy() or _name(one))
    ]
    assert nameless == []


def _name(widget: QWidget) -> str:
    parent = widget.parentWidget()
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    if isinstance(widget, QLineEdit) and isinstance(parent, QComboBox):  # its field speaks for it
        return parent.accessibleName()
    return widget.accessibleName() or text or widget.toolTip()
